//! Expressions: their canonical form and the names they use.

use super::assignment::is_grouping;
use super::cursor::Cursor;
use super::kind::Kind;
use super::literal;
use super::scope::{Dotted, ScopeKind, Use};
use super::{Walker, tag};
use crate::blocks::Name;
use crate::blocks::names::Names;
use tree_sitter::Node;

impl Walker<'_> {
    /// Writes an expression; says which dotted name it is, if it is one.
    pub(super) fn expression(&mut self, c: &mut Cursor<'_>) -> Option<Dotted> {
        let mut dotted = None;
        if self.is_starred_chain(c) {
            let outer = self.hoisted.replace(c.node().start_byte());
            self.canon.open(tag::STARRED);
            self.nested(c, |w, c| dotted = w.expression_inner(c));
            self.canon.close();
            self.hoisted = outer;
        } else {
            self.nested(c, |w, c| dotted = w.expression_inner(c));
        }
        dotted
    }

    /// `*a.b()` is to the grammar a call of an attribute of `*a`; the star belongs to all of it.
    fn is_starred_chain(&self, c: &Cursor<'_>) -> bool {
        let may_lean = matches!(
            c.kind(),
            Kind::Attribute
                | Kind::Call
                | Kind::Subscript
                | Kind::BinaryOperator
                | Kind::BooleanOperator
                | Kind::ComparisonOperator
                | Kind::Conditional
                | Kind::UnionType
                | Kind::GenericType
                | Kind::MemberType
        );
        may_lean && self.starts_with_star(c.node()) && self.hoisted != Some(c.node().start_byte())
    }

    pub(super) fn starts_with_star(&self, node: Node<'_>) -> bool {
        self.text.as_bytes().get(node.start_byte()) == Some(&b'*')
    }

    fn expression_inner(&mut self, c: &mut Cursor<'_>) -> Option<Dotted> {
        self.operates |= computes(c.kind());
        match c.kind() {
            Kind::Identifier => return Some(self.name_use(c.node())),
            Kind::AsPattern if self.leaning == Some(c.node().id()) => self.each(c, |w, c, kind| {
                if !matches!(kind, Kind::Token | Kind::AsPatternTarget) {
                    w.expression(c);
                }
            }),
            Kind::Attribute => return self.attribute(c),
            Kind::Parenthesized | Kind::Type | Kind::AsPatternTarget => return self.within(c),
            Kind::True => self.canon.leaf(tag::TRUE),
            Kind::False => self.canon.leaf(tag::FALSE),
            Kind::None => self.canon.leaf(tag::NONE),
            Kind::Ellipsis => self.canon.leaf(tag::ELLIPSIS),
            Kind::Integer | Kind::Float => {
                let text = self.node_text(c.node());
                if !literal::number(text, &mut self.canon) {
                    self.unknown(c.node(), "a number that Python 3 does not know");
                }
            }
            Kind::String | Kind::ConcatenatedString => self.string(c),
            Kind::TuplePattern if is_grouping(c.node()) => return self.within(c),
            Kind::Tuple | Kind::ExpressionList | Kind::PatternList | Kind::TuplePattern => self.sequence(c, tag::TUPLE),
            Kind::List | Kind::ListPattern => self.sequence(c, tag::LIST),
            Kind::Set => self.sequence(c, tag::SET),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType => {
                if self.hoisted == Some(c.node().start_byte()) {
                    return self.within(c);
                }
                self.sequence(c, tag::STARRED)
            }
            Kind::DictionarySplat | Kind::DictionarySplatPattern => self.sequence(c, tag::DOUBLE_STARRED),
            Kind::Dictionary | Kind::Pair => self.sequence(c, tag::DICT),
            Kind::Subscript => self.subscript(c),
            Kind::GenericType => self.generic_type(c),
            Kind::UnionType => self.union_type(c),
            Kind::MemberType => return self.attribute(c),
            Kind::ConstrainedType => self.sequence(c, tag::TYPE_PARAMETER),
            Kind::Slice => self.slice(c),
            Kind::Call => self.call(c),
            Kind::BinaryOperator => self.binary(c),
            Kind::BooleanOperator => self.boolean(c),
            Kind::UnaryOperator => self.operator(c, tag::UNARY),
            Kind::ComparisonOperator => self.operator(c, tag::COMPARE),
            Kind::Not => self.sequence(c, tag::NOT),
            Kind::Await => self.await_(c),
            Kind::Conditional => self.sequence(c, tag::CONDITIONAL),
            Kind::NamedExpression => self.named(c),
            Kind::Yield => self.yield_(c),
            Kind::Lambda => {
                let outer = self.operates;
                self.lambda(c);
                self.operates = outer;
            }
            Kind::ListComprehension => self.comprehension(c, tag::LIST_COMPREHENSION),
            Kind::SetComprehension => self.comprehension(c, tag::SET_COMPREHENSION),
            Kind::DictionaryComprehension => self.comprehension(c, tag::DICT_COMPREHENSION),
            Kind::GeneratorExpression => self.comprehension(c, tag::GENERATOR),
            _ => self.unknown(c.node(), "an expression that is not understood"),
        }
        None
    }

    /// The one expression that a node wraps.
    fn within(&mut self, c: &mut Cursor<'_>) -> Option<Dotted> {
        let mut dotted = None;
        self.each(c, |w, c, kind| {
            if kind != Kind::Token {
                dotted = w.expression(c)
            }
        });
        dotted
    }

    fn name_use(&mut self, node: Node<'_>) -> Dotted {
        let name = self.identifier(node);
        self.emit_name(tag::NAME, name);
        self.use_name(Use::Name(name));
        Dotted { root: name, path: Names::EMPTY }
    }

    /// A node whose children are expressions between punctuation.
    pub(super) fn sequence(&mut self, c: &mut Cursor<'_>, tag: u8) {
        self.canon.open(tag);
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma | Kind::Colon => {}
            _ => {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    fn yield_(&mut self, c: &mut Cursor<'_>) {
        let owner = self.scopes.iter_mut().rev().find(|s| s.kind != ScopeKind::Comprehension);
        if let Some(scope) = owner {
            scope.yields = true;
        }
        let from = c.node().child(1).is_some_and(|n| n.kind() == "from");
        self.sequence(c, if from { tag::YIELD_FROM } else { tag::YIELD });
    }

    /// A node that gives a value to a name; `note` says what comes of the name.
    pub(super) fn name_and_value(&mut self, c: &mut Cursor<'_>, tag: u8, note: impl FnOnce(&mut Self, Name)) {
        self.canon.open(tag);
        let mut note = Some(note);
        self.each(c, |w, c, kind| {
            if kind == Kind::Token {
                return;
            }
            match note.take() {
                Some(note) => {
                    let name = w.identifier(c.node());
                    w.emit_name(tag::NAME, name);
                    note(w, name);
                }
                None => {
                    w.expression(c);
                }
            }
        });
        self.canon.close();
    }
}

/// Whether an expression of this kind may raise for a value of another sort.
fn computes(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Attribute
            | Kind::Call
            | Kind::Subscript
            | Kind::BinaryOperator
            | Kind::UnaryOperator
            | Kind::ComparisonOperator
            | Kind::Await
            | Kind::ListSplat
            | Kind::DictionarySplat
            | Kind::ListComprehension
            | Kind::SetComprehension
            | Kind::DictionaryComprehension
    )
}
