//! Selection: every change followed to the instances it affects, with the reasons.

use super::change::Change;
use super::file::FileSelection;
use super::index::Index;
use super::reason::{Reason, Rule};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;

/// What to ask.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Files that may have changed; those whose content is as surveyed are passed over.
    pub changes: &'a [Change],
    /// How finely changes are followed; no finer than [`Index::finest`].
    pub policy: Policy,
    /// Share of all instances above which a widely used file's change is left out; 1.0 turns that off.
    pub hotfile_threshold: f64,
    /// What one run of an instance costs, in seconds, where known: sentinels are the cheapest.
    pub costs: &'a BTreeMap<u32, f64>,
}

/// How finely changes are followed. Each policy selects at least what the one before it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// By blocks and by the names that definitions bind.
    #[default]
    Precise,
    /// Likewise, but a change of anything that runs at import affects all that imported the file.
    Strict,
    /// A changed file affects all that depend on it.
    File,
}

/// Suites smaller than this have no hotfiles.
const HOTFILE_MIN_INSTANCES: usize = 20;
/// How many sentinels stand for a hotfile's change.
const SENTINELS: usize = 3;

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Reasons and whom each affects, in order of files and lines.
    pub reasons: Vec<(Reason, RoaringBitmap)>,
    /// Changes left out as too wide.
    pub hotfiles: Vec<Hotfile>,
    /// Files whose content differs from the survey's.
    pub changed_files: Vec<String>,
}

/// A change that would select too large a share of the suite.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotfile {
    /// Its path.
    pub path: String,
    /// Share of all instances that execute its blocks in setup or run.
    pub share: f64,
    /// Instances that its change affects.
    pub affected: RoaringBitmap,
    /// The few of them that are selected in their stead.
    pub sentinels: RoaringBitmap,
}

/// Selects what the changes affect.
#[must_use]
pub fn select(index: &Index, request: &Request<'_>) -> Selection {
    let request = &Request { policy: request.policy.max(index.finest), ..request.clone() };
    let mut selection = Selection::default();
    for change in request.changes {
        let mut reasons = Vec::new();
        if !FileSelection::new(index, change, request).run(&mut reasons) {
            continue;
        }
        selection.changed_files.push(change.path.clone());
        match hotfile(index, change, &reasons, request) {
            Some(hotfile) => {
                let reason = Reason { rule: Rule::Sentinel, ..Reason::new(&change.path, Rule::Sentinel) };
                selection.reasons.push((reason, hotfile.sentinels.clone()));
                selection.hotfiles.push(hotfile);
            }
            None => selection.reasons.append(&mut reasons),
        }
    }
    selection.reasons.extend(always(index));
    merge(&mut selection.reasons);
    selection
}

impl Selection {
    /// All affected instances.
    #[must_use]
    pub fn affected(&self) -> RoaringBitmap {
        self.reasons.iter().fold(RoaringBitmap::new(), |all, (_, who)| all | who)
    }
}

fn merge(reasons: &mut Vec<(Reason, RoaringBitmap)>) {
    let mut map: BTreeMap<Reason, RoaringBitmap> = BTreeMap::new();
    for (reason, who) in reasons.drain(..) {
        *map.entry(reason).or_default() |= who;
    }
    reasons.extend(map.into_iter().filter(|(_, who)| !who.is_empty()));
}

fn always(index: &Index) -> Vec<(Reason, RoaringBitmap)> {
    let known = index.doubtful.iter().map(|number| {
        let instance = &index.instances[number as usize];
        let file = index.benchmarks.get(instance.benchmark as usize).map_or("", |benchmark| benchmark.file.as_str());
        let reason = Reason { detail: instance.always_affected.clone(), ..Reason::new(file, Rule::Always) };
        (reason, RoaringBitmap::from_iter([number]))
    });
    known.collect()
}

fn hotfile(
    index: &Index,
    change: &Change,
    reasons: &[(Reason, RoaringBitmap)],
    request: &Request<'_>,
) -> Option<Hotfile> {
    let total = index.instances.len();
    if request.hotfile_threshold >= 1.0 || total < HOTFILE_MIN_INSTANCES {
        return None;
    }
    let file = index.file(&change.path)?;
    let users = index.users(file);
    let share = users.len() as f64 / total as f64;
    let affected = reasons.iter().fold(RoaringBitmap::new(), |all, (_, who)| all | who);
    let too_wide = affected.len() as f64 / total as f64 > request.hotfile_threshold;
    if share <= request.hotfile_threshold || !too_wide {
        return None;
    }
    let cost = |i: u32| request.costs.get(&i).copied().unwrap_or(f64::INFINITY);
    let mut candidates: Vec<u32> = (&affected & &users).iter().collect();
    candidates.sort_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
    let sentinels = candidates.into_iter().take(SENTINELS).collect();
    Some(Hotfile { path: change.path.clone(), share, affected, sentinels })
}
