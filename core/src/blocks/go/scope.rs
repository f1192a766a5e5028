//! The local names that are in scope.

use crate::blocks::Name;

/// Local names, innermost scope last.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    open: Vec<Vec<Name>>,
    /// In how many open scopes each name is declared.
    declared: Vec<u32>,
}

impl Scopes {
    pub(super) fn push(&mut self) {
        self.open.push(Vec::new());
    }

    pub(super) fn pop(&mut self) {
        for name in self.open.pop().unwrap_or_default() {
            if let Some(count) = self.declared.get_mut(name as usize) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// Declares a name in the innermost scope; outside of all it is no local name.
    pub(super) fn declare(&mut self, name: Name) {
        let Some(scope) = self.open.last_mut() else { return };
        scope.push(name);
        let at = name as usize;
        if self.declared.len() <= at {
            self.declared.resize(at + 1, 0);
        }
        self.declared[at] += 1;
    }

    pub(super) fn is_local(&self, name: Name) -> bool {
        self.declared.get(name as usize).is_some_and(|count| *count > 0)
    }
}
