//! Assignments and deletions: their targets, and whom they change.

use super::cursor::Cursor;
use super::fragment::Step;
use super::kind::Kind;
use super::scope::Binding;
use super::{Walker, tag};
use crate::blocks::Name;
use crate::fingerprint::Canon;
use tree_sitter::Node;

impl Walker<'_> {
    pub(super) fn assignment(&mut self, c: &mut Cursor<'_>) {
        let node = c.node();
        let start = self.canon.len();
        self.canon.open(tag::ASSIGN);
        let mut first = true;
        self.each(c, |w, c, kind| {
            if std::mem::take(&mut first) {
                w.assigned(c);
            } else if kind == Kind::Colon {
                let parenthesized = node.child(0).is_some_and(|n| w.is_parenthesized_name(n));
                w.canon.retag(start, if parenthesized { tag::ANNOTATED_PARENTHESIZED } else { tag::ANNOTATED });
            } else if matches!(kind, Kind::Assignment) {
                w.nested(c, Walker::assignment);
            } else if kind != Kind::Token {
                w.spreads |= kind == Kind::Call && w.class_scope();
                w.expression(c);
            }
        });
        self.canon.close();
    }

    pub(super) fn augmented(&mut self, c: &mut Cursor<'_>) {
        let mut first = true;
        self.operates = true;
        self.canon.open(tag::AUGMENTED);
        self.each(c, |w, c, kind| {
            if std::mem::take(&mut first) {
                // Read, then bound.
                let mut elsewhere = Canon::default();
                w.writing_to(&mut elsewhere, |w| {
                    w.expression(c);
                });
                w.assigned(c);
            } else if kind == Kind::Token {
                w.canon.bytes(w.grammar.token(c.node()).as_bytes());
            } else if kind == Kind::Assignment {
                w.nested(c, Walker::assignment);
            } else {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    pub(super) fn delete(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::DELETE);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => {}
            Kind::ExpressionList => w.each(c, |w, c, kind| {
                if !matches!(kind, Kind::Token | Kind::Comma) {
                    w.assigned(c);
                }
            }),
            _ => w.assigned(c),
        });
        self.canon.close();
    }

    /// An expression that is assigned to: same form, but names are bound.
    pub(super) fn target(&mut self, c: &mut Cursor<'_>) {
        self.nested(c, |w, c| match c.kind() {
            Kind::Identifier => {
                let name = w.identifier(c.node());
                w.emit_name(tag::NAME, name);
                w.bind(name, Binding::Other);
            }
            kind if kind == Kind::Parenthesized || kind == Kind::TuplePattern && is_grouping(c.node()) => {
                w.each(c, |w, c, kind| {
                    if kind != Kind::Token {
                        w.target(c)
                    }
                })
            }
            kind @ (Kind::Tuple
            | Kind::TuplePattern
            | Kind::PatternList
            | Kind::ExpressionList
            | Kind::List
            | Kind::ListPattern
            | Kind::ListSplat
            | Kind::ListSplatPattern
            | Kind::AsPatternTarget) => {
                // Taking a value apart fails where it has other parts.
                w.operates = true;
                w.canon.open(match kind {
                    Kind::List | Kind::ListPattern => tag::LIST,
                    Kind::ListSplat | Kind::ListSplatPattern => tag::STARRED,
                    _ => tag::TUPLE,
                });
                w.each(c, |w, c, kind| {
                    if !matches!(kind, Kind::Token | Kind::Comma) {
                        w.target(c)
                    }
                });
                w.canon.close();
            }
            _ => {
                w.expression(c);
            }
        });
    }

    /// A target, and whom assigning to it changes: `x.a = 1` and `x[k] = 1` change x.
    fn assigned(&mut self, c: &mut Cursor<'_>) {
        self.target(c);
        let mut node = c.node();
        if !matches!(self.kind_of(node), Kind::Attribute | Kind::Subscript) {
            return;
        }
        while let Some(base) = node
            .child(0)
            .filter(|n| matches!(self.kind_of(*n), Kind::Attribute | Kind::Subscript | Kind::Identifier | Kind::Call))
        {
            if self.kind_of(base) == Kind::Identifier {
                let name = self.identifier(base);
                if self.is_rebound(name) {
                    self.binds.push(name);
                    if let Some(attribute) = c.node().child_by_field_id(self.grammar.fields.attribute) {
                        let attribute = self.identifier(attribute);
                        self.binds.push(attribute);
                    }
                    return;
                }
                break;
            }
            node = base;
        }
        // Something imported or computed is changed: whoever shares it can see that.
        self.effect = true;
    }

    /// Whether the innermost scope has bound a name, so far, to something that is no import.
    pub(super) fn is_rebound(&mut self, name: Name) -> bool {
        let Some(own) = self.scopes.last() else { return false };
        let rebound = own.binding(name) == Some(Binding::Other);
        self.note(self.scopes.len() - 1, name, Step::Asked(rebound));
        rebound
    }

    /// `(x): int` declares nothing, unlike `x: int`; for other targets the parentheses mean nothing.
    fn is_parenthesized_name(&self, target: Node<'_>) -> bool {
        let mut node = target;
        while self.kind_of(node) == Kind::Parenthesized || self.kind_of(node) == Kind::TuplePattern && is_grouping(node)
        {
            match self.only_child(node) {
                Some(inner) => node = inner,
                None => return false,
            }
        }
        node != target && self.kind_of(node) == Kind::Identifier
    }

    fn class_scope(&self) -> bool {
        self.out.class_of(self.block).is_some()
    }
}

/// Whether a `tuple_pattern` is a parenthesised target: `(a)`, but not `(a,)` nor `()`.
pub(super) fn is_grouping(node: Node<'_>) -> bool {
    let mut walk = node.walk();
    let (mut items, mut commas) = (0, 0);
    for child in node.children(&mut walk).filter(|n| !n.is_extra()) {
        items += u32::from(child.is_named());
        commas += u32::from(child.kind() == ",");
    }
    items == 1 && commas == 0
}
