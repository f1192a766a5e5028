//! Python's name resolution: which uses of a name are mentions of something outside the function.

use crate::blocks::item::Item;
use crate::blocks::names::Names;
use crate::blocks::{FileBlocks, Mention, Name};
use std::collections::BTreeSet;

/// What a scope is, as far as lookup differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Class,
    Function,
    /// A lambda: parameters of its own, and `yield` is its own.
    Lambda,
    /// A comprehension: targets of its own; `:=` binds outside.
    Comprehension,
}

/// How a scope came by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// Only ever bound by imports of this dotted reference.
    Import(Name),
    /// Anything else.
    Other,
}

/// An expression that is a dotted name: `root` followed by `path`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dotted {
    pub(super) root: Name,
    /// What follows the root, dotted; the empty name if nothing does.
    pub(super) path: Name,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    Name(Name),
    /// `name` of the object that `base` denotes.
    Attribute {
        base: Dotted,
        name: Name,
    },
    /// A computed attribute of `base`.
    Computed {
        base: Dotted,
        prefix: Name,
        suffix: Name,
    },
}

impl Use {
    fn root(&self) -> Name {
        match *self {
            Use::Name(name) => name,
            Use::Attribute { base, .. } | Use::Computed { base, .. } => base.root,
        }
    }
}

/// One lexical scope while it is being read.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) kind: ScopeKind,
    /// Sorted by name.
    bound: Vec<(Name, Binding)>,
    pub(super) globals: BTreeSet<Name>,
    pub(super) nonlocals: BTreeSet<Name>,
    pub(super) uses: Vec<(Item, Use)>,
    pub(super) yields: bool,
}

impl Scope {
    pub(super) fn new(kind: ScopeKind) -> Self {
        Scope {
            kind,
            bound: Vec::new(),
            globals: BTreeSet::new(),
            nonlocals: BTreeSet::new(),
            uses: Vec::new(),
            yields: false,
        }
    }

    /// The scope as it was when new, but for the memory it keeps.
    pub(super) fn reuse(&mut self, kind: ScopeKind) {
        self.kind = kind;
        self.bound.clear();
        self.globals.clear();
        self.nonlocals.clear();
        self.uses.clear();
        self.yields = false;
    }

    pub(super) fn bind(&mut self, name: Name, binding: Binding) {
        match self.bound.binary_search_by_key(&name, |&(bound, _)| bound) {
            Ok(at) if self.bound[at].1 != binding => self.bound[at].1 = Binding::Other,
            Ok(_) => {}
            Err(at) => self.bound.insert(at, (name, binding)),
        }
    }

    pub(super) fn binding(&self, name: Name) -> Option<Binding> {
        let at = self.bound.binary_search_by_key(&name, |&(bound, _)| bound).ok()?;
        Some(self.bound[at].1)
    }

    /// The names that are its own.
    pub(super) fn locals(&self) -> impl Iterator<Item = Name> {
        let elsewhere = |name: &Name| self.globals.contains(name) || self.nonlocals.contains(name);
        self.bound.iter().map(|&(name, _)| name).filter(move |name| !elsewhere(name))
    }
}

/// Ends a scope: what it does not bind itself goes on to `outer`; what it resolves becomes mentions.
///
/// `outer` is the stack below; class scopes in it are invisible to functions, as in Python.
pub(super) fn close(scope: &Scope, outer: &mut [Scope], names: &mut Names, file: &mut FileBlocks) {
    for &(item, used) in &scope.uses {
        let root = used.root();
        let is_global = scope.globals.contains(&root);
        let bound = (!is_global && !scope.nonlocals.contains(&root)).then(|| scope.binding(root)).flatten();
        match (bound, scope.kind) {
            (Some(binding), ScopeKind::Class) => {
                // The statement may see the class's own binding or the global one: both count.
                resolve_local(item, used, binding, names, file);
                item.mentions(Mention::Attribute(root), file);
                forward(item, used, scope.kind, false, outer);
            }
            (Some(binding), ScopeKind::Module) => {
                item.mentions(Mention::Global(root), file);
                resolve_local(item, used, binding, names, file);
            }
            (Some(binding), _) => resolve_local(item, used, binding, names, file),
            (None, ScopeKind::Module) => {
                item.mentions(Mention::Global(root), file);
                resolve_local(item, used, Binding::Other, names, file);
            }
            (None, kind) => forward(item, used, kind, is_global, outer),
        }
    }
}

fn forward(item: Item, used: Use, from: ScopeKind, global: bool, outer: &mut [Scope]) {
    let sees_class = matches!(from, ScopeKind::Comprehension);
    let target = if global {
        outer.first_mut()
    } else {
        outer.iter_mut().rev().find(|s| s.kind != ScopeKind::Class || sees_class)
    };
    if let Some(target) = target {
        target.uses.push((item, used));
    }
}

fn resolve_local(item: Item, used: Use, binding: Binding, names: &mut Names, file: &mut FileBlocks) {
    match (used, binding) {
        (Use::Name(_), _) => {}
        (Use::Attribute { base, name }, Binding::Import(target)) => {
            let base = names.join(target, base.path);
            item.mentions(Mention::Member { base, name }, file);
        }
        (Use::Attribute { name, .. }, Binding::Other) => item.mentions(Mention::Attribute(name), file),
        (Use::Computed { base, prefix, suffix }, Binding::Import(target)) => {
            let base = names.join(target, base.path);
            item.mentions(Mention::Computed { base, prefix, suffix }, file);
        }
        (Use::Computed { prefix, suffix, .. }, Binding::Other) => {
            item.mentions(Mention::Computed { base: Names::EMPTY, prefix, suffix }, file);
        }
    }
}
