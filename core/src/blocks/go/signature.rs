//! Parameters, results and fields: one by one, however they are grouped.

use super::{Kind, Walker, field_of, tag};
use tree_sitter::{Node, TreeCursor};

impl Walker<'_> {
    /// Receiver, type parameters, parameters and result of a function, a literal, or a type; its names are declared. Those of
    /// parameters are in scope in the body only: `hash hash.Hash` is of the package.
    pub(super) fn signature(&mut self, c: &mut TreeCursor<'_>) {
        let fields = self.fields();
        let outer = std::mem::take(&mut self.parameters);
        self.each(c, |w, c, _| {
            let field = field_of(c);
            if field == fields.type_parameters {
                w.type_parameters(c);
            } else if field == fields.receiver {
                w.receiver(c);
            } else if field == fields.parameters {
                w.parameters(c, tag::PARAMETER);
            } else if field == fields.result {
                w.result(c);
            }
        });
        let declared = std::mem::replace(&mut self.parameters, outer);
        declared.into_iter().for_each(|name| self.scopes.declare(name));
    }

    fn receiver(&mut self, c: &mut TreeCursor<'_>) {
        self.canon.open(tag::RECEIVER);
        // Names in the brackets of a generic receiver's type are declared there.
        let mut stack = vec![(c.node(), false)];
        while let Some((node, inside)) = stack.pop() {
            let kind = self.kind_of(node);
            if inside && kind == Kind::TypeIdentifier {
                self.declare(node);
            }
            let mut walk = node.walk();
            let inside = inside || kind == Kind::TypeArguments;
            stack.extend(node.children(&mut walk).map(|child| (child, inside)));
        }
        self.parameters(c, tag::PARAMETER);
        self.canon.close();
    }

    pub(super) fn type_parameters(&mut self, c: &mut TreeCursor<'_>) {
        let mut walk = c.node().walk();
        let declarations: Vec<Node<'_>> = c.node().named_children(&mut walk).collect();
        for declaration in declarations {
            for name in self.children_in(declaration, self.fields().name) {
                self.declare(name);
            }
        }
        self.parameters(c, tag::TYPE_PARAMETER);
    }

    fn result(&mut self, c: &mut TreeCursor<'_>) {
        self.canon.open(tag::RESULT);
        if self.kind_of(c.node()) == Kind::ParameterList {
            self.parameters(c, tag::PARAMETER);
        } else {
            self.canon.open(tag::PARAMETER);
            self.canon.bytes(b"");
            self.node(c);
            self.canon.close();
        }
        self.canon.close();
    }

    pub(super) fn parameters(&mut self, c: &mut TreeCursor<'_>, tag: u8) {
        let named = self.has_names(c.node());
        let mut names = Vec::new();
        self.each(c, |w, c, kind| match kind {
            // Of many names for one type, the grammar takes the first ones for types.
            Kind::ParameterDeclaration if named && w.children_in(c.node(), w.fields().name).is_empty() => {
                names.push(c.node());
            }
            Kind::ParameterDeclaration | Kind::TypeParameter => w.declared(c, tag, std::mem::take(&mut names)),
            Kind::VariadicParameter => w.declared(c, tag::VARIADIC, std::mem::take(&mut names)),
            Kind::Error => w.unknown(c.node(), "a syntax error"),
            _ => {}
        });
    }

    /// Whether a parameter of the list has a name: then all have.
    fn has_names(&self, list: Node<'_>) -> bool {
        let mut walk = list.walk();
        list.named_children(&mut walk).any(|child| !self.children_in(child, self.fields().name).is_empty())
    }

    pub(super) fn field_declaration(&mut self, c: &mut TreeCursor<'_>) {
        let embedded = self.children_in(c.node(), self.fields().name).is_empty();
        self.declared(c, if embedded { tag::EMBEDDED } else { tag::FIELD }, Vec::new());
    }

    /// `a, b T`: each name, also those before the node, with the type and what follows it. Names of fields are not declared.
    fn declared<'t>(&mut self, c: &mut TreeCursor<'t>, tag: u8, mut names: Vec<Node<'t>>) {
        let fields = self.fields();
        names.extend(self.children_in(c.node(), fields.name));
        let start = self.canon.len();
        self.each(c, |w, c, kind| {
            let field = field_of(c);
            if field != fields.name && kind != Kind::Layout && !(kind == Kind::Token && tag == tag::VARIADIC) {
                w.node(c);
            }
        });
        let rest = self.canon.copy_from(start);
        self.canon.truncate(start);
        let texts: Vec<&str> = names.iter().map(|name| self.node_text(*name)).collect();
        for text in if texts.is_empty() { vec![""] } else { texts } {
            self.canon.open(tag);
            let shown = !self.outline || matches!(tag, tag::FIELD | tag::TYPE_PARAMETER);
            self.canon.bytes(if shown { text.as_bytes() } else { b"" });
            self.canon.append(&rest);
            self.canon.close();
        }
        if matches!(tag, tag::PARAMETER | tag::VARIADIC) {
            for name in names {
                let name = self.local_name(name);
                self.parameters.extend(name);
            }
        }
    }
}
