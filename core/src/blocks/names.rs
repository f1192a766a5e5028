//! Interned texts of one file.

use super::Name;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// Interned texts of one file. The order of names is that of first use.
#[derive(Debug, Default)]
pub(super) struct Names {
    texts: Vec<String>,
    index: HashTable<Name>,
    hasher: FixedState,
    joined: String,
    /// Every name in the order of use, where someone asked for it.
    log: Option<Vec<Name>>,
}

impl Names {
    /// Starts with the empty name as [`Names::EMPTY`].
    pub(super) fn new() -> Self {
        let mut names = Names::default();
        names.intern("");
        names
    }

    pub(super) const EMPTY: Name = 0;

    /// Keeps every use of a name from now on, as if these were the first ones.
    pub(super) fn start_log(&mut self) {
        self.log = Some(vec![Self::EMPTY]);
    }

    /// The names used since logging began; none where it did not.
    pub(super) fn logged(&self) -> &[Name] {
        self.log.as_deref().unwrap_or_default()
    }

    /// Notes that names are used which are known already.
    pub(super) fn use_again(&mut self, names: &[Name]) {
        if let Some(log) = &mut self.log {
            log.extend(names);
        }
    }

    /// The names of the log from `start` on, each where it stands first.
    pub(super) fn first_uses(&self, start: usize) -> Vec<Name> {
        let mut seen = vec![false; self.texts.len()];
        let used = self.logged().get(start..).unwrap_or_default().iter().copied();
        used.filter(|&name| !std::mem::replace(&mut seen[name as usize], true)).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn intern(&mut self, text: &str) -> Name {
        let name = self.find_or_add(text);
        if let Some(log) = &mut self.log {
            log.push(name);
        }
        name
    }

    fn find_or_add(&mut self, text: &str) -> Name {
        let hash = self.hasher.hash_one(text);
        if let Some(&name) = self.index.find(hash, |&name| self.text(name) == text) {
            return name;
        }
        let name = self.texts.len() as Name;
        self.texts.push(text.to_owned());
        let (texts, hasher) = (&self.texts, &self.hasher);
        self.index.insert_unique(hash, name, |&name| hasher.hash_one(texts[name as usize].as_str()));
        name
    }

    pub(super) fn text(&self, name: Name) -> &str {
        self.texts.get(name as usize).map_or("", String::as_str)
    }

    /// `base.rest`; a base that is empty or ends in dots takes no further dot.
    pub(super) fn join(&mut self, base: Name, rest: Name) -> Name {
        if rest == Self::EMPTY {
            return base;
        }
        if base == Self::EMPTY {
            return rest;
        }
        let mut joined = std::mem::take(&mut self.joined);
        joined.clear();
        joined.push_str(self.text(base));
        if !joined.ends_with('.') {
            joined.push('.');
        }
        joined.push_str(self.text(rest));
        let name = self.intern(&joined);
        self.joined = joined;
        name
    }

    /// Takes out the texts in the order of first use; where uses were logged, leaves them and gives each name's number
    /// in that order.
    pub(super) fn in_order_of_use(&mut self) -> (Vec<String>, Option<Vec<Name>>) {
        if self.log.is_none() {
            return (std::mem::take(&mut self.texts), None);
        }
        let used = self.first_uses(0);
        let mut numbers = vec![Self::EMPTY; self.texts.len()];
        used.iter().zip(0..).for_each(|(&name, number)| numbers[name as usize] = number);
        (used.iter().map(|&name| self.text(name).to_owned()).collect(), Some(numbers))
    }
}
