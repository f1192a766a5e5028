//! `with` statements: which of their parentheses hold items, and which a tuple.

use super::cursor::Cursor;
use super::kind::Kind;
use super::{Walker, lines_of, tag};
use crate::source::Lines;
use tree_sitter::Node;

impl Walker<'_> {
    pub(super) fn with(&mut self, c: &mut Cursor<'_>) {
        let first = self.out.definitions.len();
        let is_async = self.is_async(c.node());
        let start = c.node().start_position().row as u32 + 1;
        self.canon.open(if is_async { tag::ASYNC_WITH } else { tag::WITH });
        self.each(c, |w, c, kind| match kind {
            Kind::WithClause => {
                let lines = Lines { start, end: lines_of(c.node()).end };
                w.header(lines, |w| {
                    (w.effect, w.operates) = (true, true);
                    w.with_items(c);
                });
            }
            Kind::Block => {
                w.canon.open(tag::SUITE);
                w.suite(c, false);
                w.canon.close();
            }
            _ => {}
        });
        self.canon.close();
        // `with suppress(…):` may stop anywhere and go on after.
        self.spread_bindings(first, Some(first..self.out.definitions.len()));
    }

    /// `with (a, b):` means two items since Python 3.9, and so reads `with a, b:`; with a star or a `:=` in it, and beside
    /// another item, it is a tuple.
    fn with_items(&mut self, c: &mut Cursor<'_>) {
        let (mut items, mut commas, mut plain) = (0, 0, true);
        self.each(c, |w, c, kind| {
            items += u32::from(kind == Kind::WithItem);
            commas += u32::from(kind == Kind::Comma);
            plain &= kind != Kind::WithItem || w.is_plain_item(c.node());
        });
        let parenthesized = c.node().child(0).is_some_and(|n| n.kind() == "(");
        let tuple = parenthesized && commas > 0 && !plain;
        if tuple {
            self.canon.open(tag::WITH_ITEM);
            self.canon.open(tag::TUPLE);
        }
        self.each(c, |w, c, kind| {
            if kind == Kind::WithItem {
                w.each(c, |w, c, kind| match kind {
                    Kind::Token => {}
                    _ if tuple => {
                        w.expression(c);
                    }
                    Kind::Tuple if items == 1 && !parenthesized && w.holds_items(c.node()) => {
                        w.each(c, |w, c, kind| {
                            if !matches!(kind, Kind::Token | Kind::Comma) {
                                w.context_item(c);
                            }
                        })
                    }
                    _ => w.context_item(c),
                });
            }
        });
        if tuple {
            self.canon.close();
            self.canon.close();
        }
    }

    /// Whether a tuple that is the only item of a `with` could be its items in parentheses.
    fn holds_items(&self, node: Node<'_>) -> bool {
        let mut walk = node.walk();
        node.named_child_count() > 0
            && (node.named_children(&mut walk))
                .all(|n| !matches!(self.kind_of(n), Kind::NamedExpression | Kind::ListSplat))
    }

    fn is_plain_item(&self, node: Node<'_>) -> bool {
        let value = node.child_by_field_id(self.grammar.fields.value);
        value.is_none_or(|n| !matches!(self.kind_of(n), Kind::NamedExpression | Kind::ListSplat))
    }

    fn context_item(&mut self, c: &mut Cursor<'_>) {
        if c.kind() == Kind::Parenthesized {
            let inner = c.node().named_child(0).map(|n| self.kind_of(n));
            if inner == Some(Kind::AsPattern) {
                self.each(c, |w, c, kind| {
                    if kind == Kind::AsPattern {
                        w.context_item(c)
                    }
                });
                return;
            }
        }
        self.canon.open(tag::WITH_ITEM);
        if c.kind() == Kind::AsPattern {
            self.as_target(c, tag::WITH_ITEM);
        } else {
            let alias = self.leaning_alias(c.node());
            let outer = std::mem::replace(&mut self.leaning, alias);
            self.expression(c);
            if self.leaning.is_some() {
                self.leaning_target(c);
            }
            self.leaning = outer;
        }
        self.canon.close();
    }

    /// `a if b else c as d` is to the grammar `a if b else (c as d)`, and a lambda likewise; the name belongs to all of it. Returns
    /// the node that holds it.
    fn leaning_alias(&self, mut node: Node<'_>) -> Option<usize> {
        while matches!(self.kind_of(node), Kind::Conditional | Kind::Lambda) {
            let last = u32::try_from(node.named_child_count()).ok()?.checked_sub(1)?;
            node = node.named_child(last)?;
            if self.kind_of(node) == Kind::AsPattern {
                return Some(node.id());
            }
        }
        None
    }

    fn leaning_target(&mut self, c: &mut Cursor<'_>) {
        self.each(c, |w, c, kind| match kind {
            Kind::Conditional | Kind::Lambda => w.leaning_target(c),
            Kind::AsPattern if w.leaning == Some(c.node().id()) => w.each(c, |w, c, kind| {
                if kind == Kind::AsPatternTarget {
                    w.each(c, |w, c, kind| {
                        if kind != Kind::Token {
                            w.target(c);
                        }
                    });
                }
            }),
            _ => {}
        });
    }
}
