//! The tree before the change, checked out beside the user's own, with a suite that runs on it.

use super::Affected;
use super::select::{ChangeSource, SelectOptions, Selected};
use super::{Listener, Places, Session, SessionError};
use crate::store::Store;
use crate::suite::asv::Launch;
use crate::suite::{Benchmark, Suite};
use crate::tree::Worktree;
use std::collections::{BTreeMap, BTreeSet};

/// A checked-out revision, for as long as this lives.
pub(super) struct Checkout {
    _worktree: Worktree,
    places: Places,
}

/// The suite as it is there.
pub(super) struct Before {
    pub(super) suite: Suite,
    /// What is affected now, as it was then.
    pub(super) benchmarks: BTreeMap<String, Benchmark>,
    /// Files of the suite that could not be looked into, with the reason.
    pub(super) failures: BTreeMap<String, String>,
}

impl Session {
    /// Checks `revision` out.
    pub(super) fn check_out(&self, chosen: &Selected, revision: &str) -> Result<Checkout, SessionError> {
        let worktree = Worktree::add(chosen.places.root.path(), revision)?;
        let places = self.places_in(&worktree, &chosen.places)?;
        Ok(Checkout { _worktree: worktree, places })
    }

    /// Adds to a selection what differs between the survey and the tree before the change: the survey may be of either tree, or of
    /// a third one.
    pub(super) fn add_differences(
        &self,
        chosen: &mut Selected,
        (checkout, revision): (&Checkout, &str),
        options: &SelectOptions,
        store: &Store,
        listener: Listener<'_>,
    ) -> Result<(), SessionError> {
        let options = SelectOptions { source: ChangeSource::Survey, ..options.clone() };
        let there = self.selected_at(store, checkout.places.clone(), &options, listener)?.report;
        let mut new: BTreeMap<String, Affected> =
            there.affected.into_iter().map(|a| (a.benchmark.clone(), a)).collect();
        for id in std::mem::take(&mut chosen.report.unaffected) {
            let Some(mut affected) = new.remove(&id) else {
                chosen.report.unaffected.push(id);
                continue;
            };
            affected.reasons.iter_mut().for_each(|reason| reason.text = format!("in {revision}: {}", reason.text));
            chosen.report.affected.push(affected);
        }
        let files = &mut chosen.report.changed_files;
        files.extend(there.changed_files);
        files.sort();
        files.dedup();
        Ok(())
    }

    /// Lists in a checkout the files that hold what was selected.
    pub(super) fn before(
        &self,
        chosen: &Selected,
        checkout: &Checkout,
        store: &Store,
        listener: Listener<'_>,
    ) -> Result<Before, SessionError> {
        let suite = self.suite(&checkout.places, Some(store))?;
        let selected: BTreeSet<&str> = chosen.report.affected.iter().map(|a| a.benchmark.as_str()).collect();
        let holds = |b: &&Benchmark| b.instances().any(|param| selected.contains(b.instance_id(param).as_str()));
        let files: BTreeSet<String> = chosen.benchmarks.values().filter(holds).map(|b| b.file.clone()).collect();
        let discovery = self.discover(&suite, Some(&Vec::from_iter(files)), listener)?;
        Ok(Before {
            suite,
            benchmarks: discovery.benchmarks.into_iter().map(|b| (b.name.clone(), b)).collect(),
            failures: discovery.failures.into_iter().map(|failure| (failure.file, failure.error)).collect(),
        })
    }

    /// The same places in a checkout of another revision; `places` themselves if they are not in it.
    pub(super) fn places_in(&self, worktree: &Worktree, places: &Places) -> Result<Places, SessionError> {
        let Some(twin) = worktree.twin(places.root.path()) else { return Ok(places.clone()) };
        let mut found = Places::find_in(places.root.path(), &twin, self.config.benchmark_dir())?;
        found.written.clone_from(&places.written);
        found.extensions.clone_from(&places.extensions);
        Ok(found)
    }

    /// The same session, every run of which starts from nothing.
    pub(super) fn starting_afresh(&self) -> Session {
        let mut session = self.clone();
        session.options.launch = Launch::Spawn;
        session
    }
}
