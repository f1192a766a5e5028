//! One mutation tried: made in a copy, asked about, run, compared, taken back.

use super::behaviour::{Conditions, Instance, behaviours};
use super::scratch::Scratch;
use super::state::{Baseline, Found};
use super::{AuditOptions, ids};
use crate::cancel::Cancel;
use crate::session::{ChangeSource, SelectOptions, SelectReport, SessionError};
use crate::suite::Benchmark;
use crate::suite::asv::Mutation;
use crate::tree::apply_patch;
use lightspeed_core::impact::Rule;
use lightspeed_core::source::blob_id;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A change to try.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) key: String,
    pub(super) operator: String,
    pub(super) file: String,
    pub(super) line: Option<u64>,
    pub(super) diff: String,
    pub(super) change: Change,
}

/// How it is made.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// In the text of one file.
    Mutation(Mutation),
    /// By git.
    Patch(PathBuf),
}

impl Item {
    pub(super) fn of(mutation: Mutation) -> Self {
        let place = format!("{} {}-{} {:?}", mutation.file, mutation.start, mutation.end, mutation.text);
        Item {
            key: blob_id(format!("{} {place}", mutation.operator).as_bytes()).to_string(),
            operator: mutation.operator.clone(),
            file: mutation.file.clone(),
            line: Some(mutation.line),
            diff: mutation.diff.clone(),
            change: Change::Mutation(mutation),
        }
    }

    fn found(&self) -> Found {
        Found {
            key: self.key.clone(),
            operator: self.operator.clone(),
            file: self.file.clone(),
            line: self.line,
            diff: self.diff.clone(),
            ..Found::default()
        }
    }
}

/// Whom a change selects: by which rules, and who is selected whatever changes.
struct Chosen {
    rules: BTreeMap<String, BTreeSet<String>>,
    regardless: BTreeSet<String>,
}

impl Chosen {
    fn of(report: &SelectReport) -> Self {
        let mut chosen = Chosen { rules: BTreeMap::new(), regardless: BTreeSet::new() };
        for affected in &report.affected {
            let rules = affected.reasons.iter().map(|reason| reason.reason.rule);
            let rules: BTreeSet<String> = rules.filter(|rule| *rule != Rule::Always).map(rule_name).collect();
            if rules.is_empty() {
                chosen.regardless.insert(affected.benchmark.clone());
            } else {
                chosen.rules.insert(affected.benchmark.clone(), rules);
            }
        }
        for id in &report.removed {
            chosen.rules.insert(id.clone(), ["removed".to_owned()].into());
        }
        chosen
    }

    fn has(&self, id: &str) -> bool {
        self.rules.contains_key(id) || self.regardless.contains(id)
    }
}

/// A rule as the documents write it.
fn rule_name(rule: Rule) -> String {
    serde_json::to_value(rule).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What all trials share.
#[derive(Clone, Copy)]
pub(super) struct Trials<'a> {
    pub(super) scratch: &'a Scratch,
    pub(super) benchmarks: &'a [Benchmark],
    pub(super) baseline: &'a Baseline,
    pub(super) options: &'a AuditOptions,
}

impl Trials<'_> {
    /// Tries one item after the other in a copy.
    pub(super) fn work<'i>(
        &self,
        copy: usize,
        next: &dyn Fn() -> Option<&'i Item>,
        done: &dyn Fn(Found) -> bool,
        cancel: &Cancel,
    ) -> Result<(), SessionError> {
        let session = self.scratch.session(copy);
        let suite = session.audited_suite(&session.places(None)?)?;
        let conditions = Conditions {
            suite: &suite,
            tree: self.scratch.copies[copy].directory(),
            default_timeout: session.config.default_timeout(),
            cancel,
        };
        let ids = ids(self.benchmarks, self.scratch.only.as_ref());
        while let Some(item) = next() {
            if !done(self.one(copy, item, &ids, &conditions)?) {
                break;
            }
        }
        Ok(())
    }

    fn one(
        &self,
        copy: usize,
        item: &Item,
        ids: &[(String, &Benchmark, Option<u64>)],
        conditions: &Conditions<'_>,
    ) -> Result<Found, SessionError> {
        let session = self.scratch.session(copy);
        let select = SelectOptions {
            policy: self.options.policy,
            hotfile_threshold: self.options.hotfile_threshold,
            ..SelectOptions::new(ChangeSource::Survey)
        };
        let mut found = item.found();
        let tried = self.changed(copy, item, || {
            let chosen = Chosen::of(&session.select(&select, &mut |_| {})?);
            let all = self.instances(ids, |_| true, |id| chosen.has(id));
            let now = behaviours(&all, conditions, &mut |_| {})?;
            let differing = now.iter().filter_map(|(id, (behaviour, _))| {
                let differs = behaviour.differences(&self.baseline.stable.get(*id)?.0);
                (!differs.is_empty()).then(|| ((*id).to_owned(), differs))
            });
            let differing: BTreeMap<String, Vec<String>> = differing.collect();
            let ran: BTreeSet<String> = now.keys().map(|id| (*id).to_owned()).collect();
            Ok((chosen, differing, ran))
        })?;
        let (chosen, mut differing, mut ran) = match tried {
            Ok(tried) => tried,
            Err(reason) => return Ok(Found { failed: Some(reason), ..found }),
        };
        let missed: BTreeSet<String> = differing.keys().filter(|id| !chosen.has(id)).cloned().collect();
        if !missed.is_empty() {
            // Before a miss is called one: the unchanged code behaves as before, and the changed code again as it did.
            let again = self.instances(ids, |id| missed.contains(id), |_| false);
            let unchanged = behaviours(&again, conditions, &mut |_| {})?;
            let changed = self.changed(copy, item, || behaviours(&again, conditions, &mut |_| {}))?;
            for id in &missed {
                let Some((before, _)) = self.baseline.stable.get(id) else { continue };
                let same = unchanged.get(id.as_str()).is_some_and(|(b, _)| b.differences(before).is_empty());
                let differs = changed.as_ref().is_ok_and(|changed| {
                    changed.get(id.as_str()).is_some_and(|(b, _)| !b.differences(before).is_empty())
                });
                if !(same && differs) {
                    found.unstable.insert(id.clone(), differing.remove(id).unwrap_or_default());
                    ran.remove(id);
                }
            }
        }
        count(&mut found, &chosen, differing, &ran);
        Ok(found)
    }

    /// The instances to run, of those that are stable.
    fn instances<'i>(
        &self,
        ids: &'i [(String, &'i Benchmark, Option<u64>)],
        wanted: impl Fn(&str) -> bool,
        spare: impl Fn(&str) -> bool,
    ) -> Vec<Instance<'i>> {
        let instance = |(id, benchmark, param): &'i (String, &'i Benchmark, Option<u64>)| {
            let usual = self.baseline.stable.get(id)?;
            let instance = Instance { id, benchmark, param: *param, usual_s: Some(usual.1), spare: spare(id) };
            wanted(id).then_some(instance)
        };
        ids.iter().filter_map(instance).collect()
    }

    /// Does something while a change is made, and takes it back whatever came of it. Why it cannot be made, if so.
    fn changed<T>(
        &self,
        copy: usize,
        item: &Item,
        work: impl FnOnce() -> Result<T, SessionError>,
    ) -> Result<Result<T, String>, SessionError> {
        match &item.change {
            Change::Mutation(mutation) => {
                let copies = &self.scratch.copies;
                let undo = copies[copy].mutate(mutation, &copies[0])?;
                let done = work();
                undo.restore()?;
                Ok(Ok(done?))
            }
            Change::Patch(patch) => {
                let top = self.scratch.top_of(copy);
                if let Err(reason) = apply_patch(&top, patch, false)? {
                    return Ok(Err(reason));
                }
                let done = work();
                match apply_patch(&top, patch, true)? {
                    Ok(()) => Ok(Ok(done?)),
                    Err(reason) => Err(SessionError::Request(format!(
                        "{} cannot be taken back from the copy ({reason}): does a benchmark write to its files?",
                        patch.display()
                    ))),
                }
            }
        }
    }
}

/// Compares who differs with who was selected, of those that ran.
fn count(found: &mut Found, chosen: &Chosen, differing: BTreeMap<String, Vec<String>>, ran: &BTreeSet<String>) {
    found.affected = differing.len() as u64;
    for (id, rules) in chosen.rules.iter().filter(|(id, _)| ran.contains(*id)) {
        let differs = differing.contains_key(id);
        found.selected += 1;
        found.selected_affected += u64::from(differs);
        for rule in rules {
            let (selected, affected) = found.rules.entry(rule.clone()).or_default();
            *selected += 1;
            *affected += u64::from(differs);
        }
    }
    found.missed = differing.into_iter().filter(|(id, _)| !chosen.has(id)).collect();
    found.hit = found.affected - found.missed.len() as u64;
}
