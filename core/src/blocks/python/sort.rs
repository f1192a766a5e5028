//! Sorts of values: what may stand in for a value without letting the code raise that uses it.

use super::Walker;
use super::kind::Kind;
use tree_sitter::Node;

impl Walker<'_> {
    /// The sort of the value that an assignment gives, as far as its syntax shows: two numbers, two lists or two results of one
    /// function have one. 0 for statements that assign nothing.
    pub(super) fn sort_of(&self, statement: Node<'_>) -> u32 {
        let Some(mut node) = statement.named_child(0) else { return 0 };
        if self.kind_of(node) == Kind::AugmentedAssignment {
            return crate::checksum::hash(b"augmented");
        }
        while self.kind_of(node) == Kind::Assignment {
            let Some(right) = node.child_by_field_id(self.grammar.fields.right) else { return 0 };
            node = right;
        }
        self.sort_of_value(node)
    }

    fn sort_of_value(&self, mut node: Node<'_>) -> u32 {
        while let (Kind::Parenthesized | Kind::UnaryOperator, Some(inner)) = (self.kind_of(node), node.named_child(0)) {
            node = inner;
        }
        let text = match self.kind_of(node) {
            // Calls by what is called, whatever the arguments.
            Kind::Call => node.named_child(0).map_or("", |callee| self.node_text(callee)),
            Kind::Identifier | Kind::Attribute => self.node_text(node),
            Kind::String | Kind::ConcatenatedString => {
                let prefix = self.node_text(node).split(['"', '\'']).next().unwrap_or("");
                if prefix.contains(['b', 'B']) { "bytes" } else { "text" }
            }
            Kind::True | Kind::False => "bool",
            Kind::List | Kind::ListComprehension => "list",
            Kind::Set | Kind::SetComprehension => "set",
            Kind::Dictionary | Kind::DictionaryComprehension => "dict",
            Kind::Tuple | Kind::ExpressionList => "tuple",
            _ => self.grammar.token(node),
        };
        let mut hash = crate::checksum::Hasher::new();
        hash.update(&[u8::from(self.kind_of(node) == Kind::Call)]);
        text.split_whitespace().for_each(|piece| hash.update(piece.as_bytes()));
        hash.finalize()
    }
}
