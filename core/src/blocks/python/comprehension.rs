//! Comprehensions and lambdas: expressions with a scope of their own, and `:=`, which binds outside of it.

use super::cursor::Cursor;
use super::kind::Kind;
use super::scope::{Binding, ScopeKind};
use super::{Walker, tag};
use crate::blocks::Name;
use crate::fingerprint::Canon;

impl Walker<'_> {
    pub(super) fn comprehension(&mut self, c: &mut Cursor<'_>, tag: u8) {
        self.canon.open(tag);
        self.push_scope(ScopeKind::Comprehension);
        let mut outermost = true;
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma => {}
            Kind::ForInClause => w.for_clause(c, std::mem::take(&mut outermost)),
            Kind::IfClause => w.sequence(c, tag::IF_CLAUSE),
            _ => {
                w.expression(c);
            }
        });
        self.pop_scope();
        self.canon.close();
    }

    pub(super) fn lambda(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::LAMBDA);
        let mut defaults = Canon::default();
        let mut parameters = Vec::new();
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Colon => {}
            Kind::LambdaParameters => {
                let found = w.parameters(c);
                w.canon.append(&found.structure);
                (defaults, parameters) = (found.defaults, found.names);
            }
            _ => {
                w.push_scope(ScopeKind::Lambda);
                parameters.iter().for_each(|&name| w.bind(name, Binding::Other));
                w.expression(c);
                w.pop_scope();
            }
        });
        self.canon.append(&defaults);
        self.canon.close();
    }

    /// `name := value`.
    pub(super) fn named(&mut self, c: &mut Cursor<'_>) {
        self.name_and_value(c, tag::NAMED, Walker::bind_named);
    }

    /// `:=` in a comprehension binds in the scope around it.
    fn bind_named(&mut self, name: Name) {
        if let Some(at) = self.scopes.iter().rposition(|s| s.kind != ScopeKind::Comprehension) {
            self.bind_in(at, name, Binding::Other);
        }
    }

    /// The outermost iterable is evaluated in the scope around the comprehension.
    fn for_clause(&mut self, c: &mut Cursor<'_>, outermost: bool) {
        let is_async = self.is_async(c.node());
        let left = self.grammar.fields.left;
        self.canon.open(if is_async { tag::ASYNC_FOR_CLAUSE } else { tag::FOR_CLAUSE });
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma => {}
            _ if c.field() == left => w.target(c),
            _ => {
                let inner = if outermost { w.scopes.pop() } else { None };
                w.expression(c);
                w.scopes.extend(inner);
            }
        });
        self.canon.close();
    }
}
