//! The walk's place in the tree: tree-sitter's cursor, with the node and its kind asked for once.

use super::kind::{Grammar, Kind};
use tree_sitter::{Node, Tree, TreeCursor};

/// A cursor that always knows the node it is at.
pub(super) struct Cursor<'t> {
    grammar: &'static Grammar,
    inner: TreeCursor<'t>,
    node: Node<'t>,
    kind: Kind,
}

impl<'t> Cursor<'t> {
    /// At the root of `tree`.
    pub(super) fn new(tree: &'t Tree, grammar: &'static Grammar) -> Self {
        let inner = tree.walk();
        let node = inner.node();
        Cursor { grammar, inner, node, kind: grammar.kind_of(node) }
    }

    pub(super) fn node(&self) -> Node<'t> {
        self.node
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The field that the node is in its parent; 0 if none.
    pub(super) fn field(&self) -> u16 {
        self.inner.field_id().map_or(0, Into::into)
    }

    pub(super) fn first_child(&mut self) -> bool {
        self.inner.goto_first_child() && self.arrive()
    }

    pub(super) fn next_sibling(&mut self) -> bool {
        self.inner.goto_next_sibling() && self.arrive()
    }

    pub(super) fn parent(&mut self) -> bool {
        self.inner.goto_parent() && self.arrive()
    }

    /// Visits the children that matter: no comments, no continuation marks. `visit` leaves the cursor where it was.
    pub(super) fn each(&mut self, mut visit: impl FnMut(&mut Self)) {
        let (node, kind) = (self.node, self.kind);
        // Asking for a sibling that is not there costs more than counting.
        let mut left = node.child_count();
        if !self.first_child() {
            return;
        }
        loop {
            if self.kind != Kind::Extra {
                visit(self);
            }
            left = left.saturating_sub(1);
            if left == 0 || !self.next_sibling() {
                break;
            }
        }
        self.inner.goto_parent();
        (self.node, self.kind) = (node, kind);
    }

    fn arrive(&mut self) -> bool {
        self.node = self.inner.node();
        self.kind = self.grammar.kind_of(self.node);
        true
    }
}
