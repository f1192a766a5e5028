//! Statements: which are definitions, and the form of the simple ones.

use super::cursor::Cursor;
use super::kind::Kind;
use super::scope::{Binding, Use};
use super::{Walker, lines_of, tag};
use crate::blocks::DefinitionKind;
use tree_sitter::Node;

impl Walker<'_> {
    pub(super) fn statement(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        match kind {
            Kind::FunctionDefinition | Kind::ClassDefinition | Kind::DecoratedDefinition => self.definition(c),
            Kind::If => self.if_(c),
            Kind::For | Kind::While => self.loop_(c, kind),
            Kind::Try => self.try_(c),
            Kind::With => self.with(c),
            Kind::Match => self.match_(c),
            _ => self.simple(c, kind),
        }
    }

    fn simple(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        let node = c.node();
        let lines = lines_of(node);
        let broken = self.has_error && node.has_error();
        let python2 = match kind {
            Kind::Print => !self.is_print_shift(node),
            _ => kind == Kind::Exec,
        };
        let misread = kind == Kind::TypeAlias && self.is_alias_of_no_name(node);
        if broken || python2 || misread || matches!(kind, Kind::Error | Kind::Other) {
            let what = match (python2, misread) {
                (true, _) => "a Python 2 statement",
                (_, true) => "a type alias of no name",
                _ => "a syntax error",
            };
            self.unknown(node, what);
            self.own(lines, None);
            return;
        }
        let definition = if self.import_time() { self.definition_kind(node, kind) } else { None };
        match definition {
            Some(definition) => {
                let index = self.define(definition, lines, |w| w.simple_form(c, kind));
                if definition == DefinitionKind::Binding && kind == Kind::ExpressionStatement {
                    self.out.definitions[index as usize].sort = self.sort_of(node);
                }
                // It decides how the whole file is compiled.
                self.out.definitions[index as usize].effect |= kind == Kind::FutureImport;
            }
            None => {
                self.simple_form(c, kind);
                self.own(lines, None);
            }
        }
    }

    /// What kind of definition a simple statement is while its file is imported; `None` if it does nothing.
    fn definition_kind(&self, node: Node<'_>, kind: Kind) -> Option<DefinitionKind> {
        match kind {
            Kind::Pass | Kind::Global | Kind::Nonlocal | Kind::Break | Kind::Continue => None,
            Kind::Import | Kind::FutureImport => Some(DefinitionKind::Import),
            Kind::ImportFrom => {
                let mut walk = node.walk();
                let star = node.named_children(&mut walk).any(|n| self.kind_of(n) == Kind::WildcardImport);
                Some(if star { DefinitionKind::Star } else { DefinitionKind::Import })
            }
            Kind::Delete | Kind::TypeAlias => Some(DefinitionKind::Binding),
            Kind::ExpressionStatement if self.is_constant_statement(node) => None,
            Kind::ExpressionStatement => match self.lone_expression(node).map(|n| self.kind_of(n)) {
                Some(Kind::Assignment | Kind::AugmentedAssignment) => Some(DefinitionKind::Binding),
                Some(Kind::Call) if self.is_exports(node, true) => Some(DefinitionKind::Binding),
                _ => Some(DefinitionKind::Effect),
            },
            _ => Some(DefinitionKind::Effect),
        }
    }

    fn simple_form(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        match kind {
            Kind::ExpressionStatement => self.expression_statement(c),
            Kind::Import => self.import(c),
            Kind::ImportFrom | Kind::FutureImport => self.import_from(c),
            Kind::Return => self.sequence(c, tag::RETURN),
            Kind::Delete => self.delete(c),
            Kind::Raise => self.raise(c),
            Kind::Assert => self.sequence(c, tag::ASSERT),
            Kind::Pass => self.canon.leaf(tag::PASS),
            Kind::Break => self.canon.leaf(tag::BREAK),
            Kind::Continue => self.canon.leaf(tag::CONTINUE),
            Kind::Global | Kind::Nonlocal => self.scope_statement(c, kind),
            Kind::TypeAlias => self.type_alias(c),
            Kind::Print => self.print_shift(c),
            _ => self.unknown(c.node(), "a statement that is not understood"),
        }
    }

    pub(super) fn expression_statement(&mut self, c: &mut Cursor<'_>) {
        let exports = self.import_time() && self.is_exports(c.node(), false);
        self.exporting = exports;
        let mut commas = 0;
        if c.node().child_count() > 1 {
            self.each(c, |_, _, kind| commas += u32::from(kind == Kind::Comma));
        }
        self.canon.open(tag::EXPRESSION);
        if commas > 0 {
            self.canon.open(tag::TUPLE);
        }
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma => {}
            Kind::Assignment => w.assignment(c),
            Kind::AugmentedAssignment => w.augmented(c),
            _ => {
                w.expression(c);
            }
        });
        if commas > 0 {
            self.canon.close();
        }
        self.canon.close();
        if exports {
            let all = self.names.intern("__all__");
            self.binds.push(all);
        }
        self.exporting = false;
    }

    /// Whether a statement begins with `__all__`, or with an attribute of it.
    fn is_exports(&self, node: Node<'_>, attribute: bool) -> bool {
        let unwrapped = self.node_text(node).trim_start_matches(['(', ' ']);
        if !unwrapped.starts_with("__all__") {
            return false;
        }
        let (mut leaf, mut parent) = (node, Kind::Other);
        while let Some(inner) = leaf.child(0) {
            let open = inner.kind() == "(";
            if !open {
                parent = self.kind_of(leaf);
            }
            leaf = if open { inner.next_sibling().unwrap_or(inner) } else { inner };
        }
        self.node_text(leaf) == "__all__" && (!attribute || parent == Kind::Attribute)
    }

    /// `print >>file, x` is a statement to the grammar, and a tuple whose first item shifts `print` to Python 3.
    fn is_print_shift(&self, node: Node<'_>) -> bool {
        node.named_child(0).is_some_and(|n| n.kind() == "chevron")
    }

    fn print_shift(&mut self, c: &mut Cursor<'_>) {
        let mut commas = 0;
        self.each(c, |_, _, kind| commas += u32::from(kind == Kind::Comma));
        self.canon.open(tag::EXPRESSION);
        if commas > 0 {
            self.canon.open(tag::TUPLE);
        }
        let print = self.names.intern("print");
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma => {}
            Kind::Other => {
                w.canon.open(tag::BINARY);
                w.emit_name(tag::NAME, print);
                w.use_name(Use::Name(print));
                w.canon.bytes(b">>");
                w.each(c, |w, c, kind| {
                    if kind != Kind::Token {
                        w.expression(c);
                    }
                });
                w.canon.close();
            }
            _ => {
                w.expression(c);
            }
        });
        if commas > 0 {
            self.canon.close();
        }
        self.canon.close();
    }

    fn raise(&mut self, c: &mut Cursor<'_>) {
        let cause = self.grammar.fields.cause;
        self.canon.open(tag::RAISE);
        self.each(c, |w, c, kind| {
            if kind == Kind::Token {
                return;
            }
            let is_cause = c.field() == cause;
            if is_cause {
                w.canon.open(tag::CAUSE);
            }
            w.expression(c);
            if is_cause {
                w.canon.close();
            }
        });
        self.canon.close();
    }

    fn scope_statement(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        self.canon.open(if kind == Kind::Global { tag::GLOBAL } else { tag::NONLOCAL });
        self.each(c, |w, c, child| {
            if child != Kind::Identifier {
                return;
            }
            let name = w.identifier(c.node());
            w.emit_name(tag::NAME, name);
            // A function that declares a global may rebind it: that mentions it.
            w.use_name(Use::Name(name));
            if let Some(scope) = w.scope() {
                let set = if kind == Kind::Global { &mut scope.globals } else { &mut scope.nonlocals };
                set.insert(name);
            }
        });
        self.canon.close();
    }

    /// `type[x] = y` and `type (a)` before a line of its own are statements of a name to Python, aliases to the grammar.
    fn is_alias_of_no_name(&self, node: Node<'_>) -> bool {
        let left = node.child_by_field_id(self.grammar.fields.left).and_then(|n| n.named_child(0));
        let name = left.filter(|n| self.kind_of(*n) == Kind::GenericType).and_then(|n| n.named_child(0)).or(left);
        name.is_none_or(|n| self.kind_of(n) != Kind::Identifier)
    }

    fn type_alias(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::TYPE_ALIAS);
        let mut first = true;
        self.each(c, |w, c, kind| {
            if kind != Kind::Type {
                return;
            }
            if std::mem::take(&mut first)
                && let Some(name) = first_identifier(c.node())
            {
                let name = w.identifier(name);
                w.bind(name, Binding::Other);
            }
            w.expression(c);
        });
        self.canon.close();
    }
}

fn first_identifier(node: Node<'_>) -> Option<Node<'_>> {
    if node.kind() == "identifier" {
        return Some(node);
    }
    first_identifier(node.named_child(0)?)
}
