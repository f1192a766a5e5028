//! Suites: where statements may start, docstrings, and what counts as doing nothing.

use super::cursor::Cursor;
use super::kind::Kind;
use super::literal::Prefix;
use super::memo::Remembering;
use super::{Walker, lines_of};
use tree_sitter::Node;

impl Walker<'_> {
    /// The statements of a module or suite. Returns whether all of them are trivial (see `Block::trivial`).
    pub(super) fn suite(&mut self, c: &mut Cursor<'_>, may_have_docstring: bool) -> bool {
        let remembering = self.open_suite(may_have_docstring);
        let remembers = remembering != Remembering::No;
        let continued = remembering == Remembering::Continued;
        let mut docstring = may_have_docstring && !self.options.docstrings && !continued;
        let (mut trivial, mut empty) = (true, c.kind() == Kind::Block);
        let mut layout = Layout::of(c.node(), empty);
        self.each(c, |w, c, kind| {
            let node = c.node();
            if matches!(kind, Kind::Token) || remembers && !w.open_statement(node) {
                return;
            }
            empty = false;
            if !layout.fits(node, w.text) {
                w.unknown(node, "indentation that Python does not accept");
                return;
            }
            if std::mem::take(&mut docstring) && w.is_docstring(node, kind) {
                w.own(lines_of(node), None);
                return;
            }
            trivial = trivial && w.is_trivial(node, kind);
            w.nested(c, |w, c| w.statement(c, kind));
        });
        if empty {
            self.unknown(c.node(), "a suite without statements");
        }
        if remembers {
            self.close_suite();
        }
        trivial
    }

    /// The expression that a statement is, without parentheses around it.
    pub(super) fn lone_expression<'t>(&self, statement: Node<'t>) -> Option<Node<'t>> {
        let mut node = self.only_child(statement)?;
        while self.kind_of(node) == Kind::Parenthesized {
            node = self.only_child(node)?;
        }
        Some(node)
    }

    /// The one child that is no comment; a `(a,)` or `a, b` has none.
    pub(super) fn only_child<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        if node.child_count() == 1 {
            return node.child(0);
        }
        let mut walk = node.walk();
        let mut found = None;
        for child in node.children(&mut walk) {
            match self.kind_of(child) {
                Kind::Extra | Kind::Token => {}
                Kind::Comma => return None,
                _ if found.is_some() => return None,
                _ => found = Some(child),
            }
        }
        found
    }

    /// A statement that is a constant and does nothing; an f-string may do something.
    pub(super) fn is_constant_statement(&self, node: Node<'_>) -> bool {
        self.lone_expression(node).is_some_and(|n| match self.kind_of(n) {
            Kind::Ellipsis | Kind::Integer | Kind::Float | Kind::None | Kind::True | Kind::False => true,
            Kind::String | Kind::ConcatenatedString => !self.is_formatted(n),
            _ => false,
        })
    }

    fn is_docstring(&self, node: Node<'_>, kind: Kind) -> bool {
        kind == Kind::ExpressionStatement
            && self.lone_expression(node).is_some_and(|n| match self.kind_of(n) {
                Kind::String => self.is_plain(n),
                Kind::ConcatenatedString => {
                    let mut walk = n.walk();
                    n.named_children(&mut walk).all(|n| n.kind() != "string" || self.is_plain(n))
                }
                _ => false,
            })
    }

    /// A string literal without prefix letters that make it something else.
    fn is_plain(&self, string: Node<'_>) -> bool {
        let start = self.node_text(string);
        !start.bytes().take_while(u8::is_ascii_alphabetic).any(|b| matches!(b, b'f' | b'F' | b'b' | b'B' | b't' | b'T'))
    }

    fn is_trivial(&self, node: Node<'_>, kind: Kind) -> bool {
        match kind {
            Kind::Pass | Kind::Continue | Kind::Break | Kind::Global | Kind::Nonlocal => true,
            Kind::ExpressionStatement => self.is_constant_statement(node),
            _ => false,
        }
    }

    fn is_formatted(&self, string: Node<'_>) -> bool {
        let mut walk = string.walk();
        string.named_children(&mut walk).any(|n| match self.kind_of(n) {
            Kind::StringStart => Prefix::of(self.node_text(n)).format,
            Kind::String => self.is_formatted(n),
            _ => false,
        })
    }
}

/// Where the statements of one suite may start: the grammar is laxer than Python about their columns.
struct Layout {
    column: Option<usize>,
    last_row: usize,
}

impl Layout {
    fn of(suite: Node<'_>, is_block: bool) -> Self {
        Layout {
            column: (!is_block).then_some(0),
            last_row: if is_block { suite.start_position().row } else { usize::MAX },
        }
    }

    /// Notes the next statement; whether it stands where it must.
    fn fits(&mut self, statement: Node<'_>, text: &str) -> bool {
        let start = statement.start_position();
        let first = self.column.is_none();
        let expected = *self.column.get_or_insert(start.column);
        let same_line = !first && start.row == self.last_row;
        self.last_row = statement.end_position().row;
        same_line || start.column == expected || {
            // A form feed starts the column anew.
            let line = &text[statement.start_byte() - start.column..statement.start_byte()];
            line.rsplit('\x0c').next().map_or(0, str::len) == expected
        }
    }
}
