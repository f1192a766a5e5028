//! What of a suite is run in both trees: what the difference between them affects, and some of what it does not.

use super::CompareOptions;
use super::trees::Trees;
use crate::session::discovery::instances;
use crate::session::select::{ChangeSource, SelectOptions};
use crate::session::survey::InitOptions;
use crate::session::timing::{Conditions, Target, Timing};
use crate::session::{ChangeText, Listener, Places, Session, SessionError};
use crate::store::{OpenMode, Store};
use crate::suite::asv::Launch;
use crate::suite::{Benchmark, Kind, Layer, Suite, SuiteConfig};
use crate::tree::TreeError;
use lightspeed_core::impact::{Reason, Rule};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where the survey of the last comparison's first tree is kept, beside the user's own.
const DATABASE: &str = ".lightspeed_compare.db";

/// A tree with its suite, ready to run.
pub(super) struct Side {
    pub(super) session: Session,
    pub(super) places: Places,
    pub(super) suite: Suite,
    /// Its benchmarks, by name.
    pub(super) benchmarks: BTreeMap<String, Benchmark>,
    /// Files of the suite that could not be looked into, with the reason.
    pub(super) failures: BTreeMap<String, String>,
}

/// An instance to be run.
#[derive(Clone, Debug)]
pub(super) struct Picked {
    pub(super) id: String,
    /// Its benchmark in B, else in A.
    pub(super) benchmark: String,
    /// What decides whether A has it just so: its file in an ASV suite, else its name.
    pub(super) source: String,
    pub(super) param: Option<u64>,
    pub(super) layer: Layer,
    pub(super) tags: Vec<String>,
    pub(super) reasons: Vec<Value>,
    pub(super) control: bool,
}

/// All that is to be run, and what is not.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) picked: Vec<Picked>,
    /// Instances whose calls are looked at for what they hold of memory, whatever layer they are of.
    pub(super) called: Vec<Picked>,
    /// Instances that A has and B has not.
    pub(super) removed: Vec<String>,
    pub(super) unaffected: usize,
    pub(super) selection: ChangeText,
}

/// Which instances count.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those in whose ids this regular expression is found.
    pub benchmarks: Option<String>,
    /// Those with one of these tags, where there are any.
    pub tags: Vec<String>,
    /// Those of one of these layers, where there are any.
    pub layers: Vec<Layer>,
}

/// A filter that is known to be one.
pub(super) struct Checked<'a> {
    filter: &'a Filter,
    only: Option<regex::Regex>,
}

impl Filter {
    pub(super) fn check(&self) -> Result<Checked<'_>, SessionError> {
        let only = self.benchmarks.as_deref().map(regex::Regex::new).transpose();
        let only = only.map_err(|error| SessionError::Request(format!("--bench is no regular expression: {error}")))?;
        Ok(Checked { filter: self, only })
    }
}

impl Checked<'_> {
    /// Whether an instance counts.
    pub(super) fn wants(&self, id: &str, layer: Layer, tags: &[String]) -> bool {
        let layers = &self.filter.layers;
        self.wants_of_any_layer(id, tags) && (layers.is_empty() || layers.contains(&layer))
    }

    fn wants_of_any_layer(&self, id: &str, tags: &[String]) -> bool {
        let wanted = &self.filter.tags;
        self.only.as_ref().is_none_or(|only| only.is_match(id))
            && (wanted.is_empty() || tags.iter().any(|tag| wanted.contains(tag)))
    }

    /// Whether the memory of an instance's calls counts: where that was asked for, and a call is one of this process.
    fn wants_memory_of(&self, id: &str, kind: &Kind, tags: &[String]) -> bool {
        self.filter.layers.contains(&Layer::Memory)
            && !matches!(kind, Kind::Timeraw | Kind::Command)
            && self.wants_of_any_layer(id, tags)
    }
}

impl Side {
    /// Opens the suite in a tree. Lists it, if nobody else will.
    pub(super) fn open(session: Session, listed: bool, listener: Listener<'_>) -> Result<Self, SessionError> {
        let places = session.places(None)?;
        let suite = session.suite(&places, None)?;
        let files: &[String] = &[];
        let discovery = session.discover(&suite, if listed { None } else { Some(files) }, listener)?;
        Ok(Side {
            benchmarks: discovery.benchmarks.into_iter().map(|b| (b.name.clone(), b)).collect(),
            failures: discovery.failures.into_iter().map(|failure| (failure.file, failure.error)).collect(),
            session,
            places,
            suite,
        })
    }

    /// What its instances are run with.
    pub(super) fn conditions<'s>(&'s self, timing: &'s Timing) -> Conditions<'s> {
        let default_timeout = self.session.config.default_timeout();
        Conditions { suite: &self.suite, timing, default_timeout, cancel: &self.session.cancel }
    }

    /// The target of an instance.
    pub(super) fn target<'a>(&'a self, picked: &'a Picked) -> Option<Target<'a>> {
        let benchmark = self.benchmarks.get(&picked.benchmark)?;
        Some(Target { id: &picked.id, benchmark, param: picked.param })
    }
}

impl Session {
    /// Everything that both trees have.
    pub(super) fn everything(&self, (a, b): (&Side, &Side), filter: &Checked<'_>) -> Chosen {
        let benchmarks: Vec<Benchmark> = b.benchmarks.values().cloned().collect();
        let reason = Reason { detail: Some("everything was asked for".to_owned()), ..Reason::new("", Rule::Always) };
        let reasons = vec![json!(lightspeed_core::report::ReasonText::from(reason))];
        let mut chosen = Chosen::default();
        for instance in instances(&benchmarks) {
            let benchmark = &benchmarks[instance.benchmark as usize];
            chosen.add(&b.session.config, (instance.id, benchmark, instance.param), (reasons.clone(), false), filter);
        }
        chosen.removed = instances(&a.benchmarks.values().cloned().collect::<Vec<_>>())
            .into_iter()
            .filter(|instance| !b.has(&instance.id))
            .map(|instance| instance.id)
            .collect();
        chosen
    }

    /// What the difference between the trees affects, and negative controls. Surveys A where what is known of it does not hold; fills
    /// in the benchmarks of A.
    pub(super) fn affected(
        &self,
        trees: &Trees,
        (a, b): (&mut Side, &Side),
        options: &CompareOptions,
        filter: &Checked<'_>,
        listener: Listener<'_>,
    ) -> Result<Chosen, SessionError> {
        let database = a.session.database();
        self.seed(&database);
        let mut surveying = a.session.clone();
        surveying.options.launch = Launch::Fork;
        surveying.init(&InitOptions { survey_only: true, ..InitOptions::default() }, listener)?;
        let store = a.session.store(OpenMode::ReadOnly)?;
        let select = SelectOptions {
            policy: options.policy,
            hotfile_threshold: 1.0,
            ..SelectOptions::new(ChangeSource::Survey)
        };
        let found = b.session.selected_at(&store, b.places.clone(), &select, listener)?;
        a.benchmarks = found.benchmarks;
        self.keep_survey(&store, &trees.directory().join("kept.db"))?;
        let reasons: BTreeMap<&str, Vec<Value>> = found
            .report
            .affected
            .iter()
            .map(|affected| {
                (affected.benchmark.as_str(), affected.reasons.iter().map(|reason| json!(reason)).collect())
            })
            .collect();
        let mut chosen = Chosen { selection: ChangeText::of(&found.report), ..Chosen::default() };
        let mut others = Vec::new();
        let known: BTreeSet<String> = ids(&a.benchmarks);
        // What cannot be listed in B is still affected: it is named with the reason.
        let union: BTreeMap<&String, &Benchmark> = a.benchmarks.iter().chain(&b.benchmarks).collect();
        let union: Vec<Benchmark> = union.into_values().cloned().collect();
        for instance in instances(&union) {
            let benchmark = &union[instance.benchmark as usize];
            let listed = b.has(&instance.id) || b.failures.contains_key(&benchmark.file);
            if !listed {
                chosen.removed.push(instance.id);
                continue;
            }
            let why = match reasons.get(instance.id.as_str()) {
                Some(reasons) => Some(reasons.clone()),
                None if !known.contains(&instance.id) => {
                    let reason = Reason::new(&b.places.suite_file(&benchmark.file), Rule::NewBenchmark);
                    Some(vec![json!(lightspeed_core::report::ReasonText::from(reason))])
                }
                None => None,
            };
            match why {
                Some(reasons) => {
                    chosen.add(&b.session.config, (instance.id, benchmark, instance.param), (reasons, false), filter);
                }
                None => {
                    chosen.unaffected += 1;
                    if matches!(benchmark.kind, Kind::Time | Kind::Timeraw | Kind::Command) {
                        others.push((instance.id, benchmark, instance.param));
                    }
                }
            }
        }
        if !chosen.picked.is_empty() {
            let config = &b.session.config;
            others.retain(|(id, benchmark, _)| filter.wants(id, config.layer(benchmark), &tags(benchmark)));
            for (id, benchmark, param) in spread(others, options.controls) {
                chosen.add(config, (id, benchmark, param), (Vec::new(), true), filter);
            }
        }
        Ok(chosen)
    }

    /// Begins with what was surveyed before: by the last comparison, else by the user. Where nothing can be had, the survey begins
    /// from nothing.
    fn seed(&self, database: &Path) {
        if let Some(directory) = database.parent() {
            // Where it cannot be made, the survey says so.
            let _ = std::fs::create_dir_all(directory);
        }
        let own = self.config.results_dir().join(DATABASE);
        for known in [own, self.database()] {
            let copied = Store::open(&known, OpenMode::ReadOnly).and_then(|store| store.copy_to(database));
            if copied.is_ok() {
                return;
            }
            let _ = std::fs::remove_file(database);
        }
    }

    /// Keeps the survey for the next comparison.
    fn keep_survey(&self, store: &Store, scratch: &Path) -> Result<(), SessionError> {
        let path = self.config.results_dir().join(DATABASE);
        let unwritable =
            |error: std::io::Error| TreeError::Unwritable { path: path.clone(), detail: error.to_string() };
        store.copy_to(scratch)?;
        // Other file systems do not take it by renaming; beside its place it is whole or not there.
        let beside = path.with_extension("db.new");
        std::fs::copy(scratch, &beside).map_err(unwritable)?;
        Ok(std::fs::rename(&beside, &path).map_err(unwritable)?)
    }
}

impl Side {
    fn has(&self, id: &str) -> bool {
        let is_whole = self.benchmarks.get(id).is_some_and(|benchmark| benchmark.params.is_empty());
        is_whole
            || id.rsplit_once('-').is_some_and(|(name, index)| {
                let index = index.parse::<u64>().ok();
                let benchmark = self.benchmarks.get(name).filter(|benchmark| !benchmark.params.is_empty());
                benchmark.zip(index).is_some_and(|(benchmark, index)| index < benchmark.instance_count())
            })
    }
}

impl Chosen {
    pub(super) fn add(
        &mut self,
        config: &SuiteConfig,
        (id, benchmark, param): (String, &Benchmark, Option<u32>),
        (reasons, control): (Vec<Value>, bool),
        filter: &Checked<'_>,
    ) {
        let (layer, tags) = (config.layer(benchmark), tags(benchmark));
        let wanted = filter.wants(&id, layer, &tags);
        let called = !control && filter.wants_memory_of(&id, &benchmark.kind, &tags);
        let source = if benchmark.kind == Kind::Command { &benchmark.name } else { &benchmark.file }.clone();
        let (benchmark, param) = (benchmark.name.clone(), param.map(u64::from));
        let picked = Picked { id, benchmark, source, param, layer, tags, reasons, control };
        self.called.extend(called.then(|| picked.clone()));
        self.picked.extend(wanted.then_some(picked));
    }
}

fn tags(benchmark: &Benchmark) -> Vec<String> {
    benchmark.tags().into_iter().map(str::to_owned).collect()
}

fn ids(benchmarks: &BTreeMap<String, Benchmark>) -> BTreeSet<String> {
    let ids =
        |benchmark: &Benchmark| benchmark.instances().map(|param| benchmark.instance_id(param)).collect::<Vec<_>>();
    benchmarks.values().flat_map(ids).collect()
}

/// Some of many, evenly over all: neighbours are often one benchmark with other parameters.
fn spread<T>(all: Vec<T>, wanted: usize) -> Vec<T> {
    let (count, wanted) = (all.len(), wanted.min(all.len()));
    let places: BTreeSet<usize> = (0..wanted).map(|number| number * count / wanted + count / (2 * wanted)).collect();
    all.into_iter().enumerate().filter(|(place, _)| places.contains(place)).map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_lie_evenly_over_all() {
        assert_eq!(spread((0..10).collect(), 3), [1, 4, 7]);
        assert_eq!(spread((0..2).collect(), 5), [0, 1]);
        assert!(spread(Vec::<u8>::new(), 3).is_empty());
        assert!(spread((0..9).collect::<Vec<_>>(), 0).is_empty());
    }
}
