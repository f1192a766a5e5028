//! The audit: does selection select what a change really affects? Asked by mutating a copy of the sources.

mod behaviour;
mod copy;
mod report;
mod scratch;
mod state;
mod trial;

pub use report::{AuditReport, Figures, Miss, Missed, MutationCounts, RuleFigures, Unstable};

use super::{Event, InitOptions, Listener, Places, Session, SessionError};
use crate::store::{LOCK_NAME, SurveyLock};
use crate::suite::Benchmark;
use crate::suite::asv::{AsvSuite, MutationRequest};
use behaviour::Instance;
use copy::fingerprint;
use lightspeed_core::impact::Policy;
use lightspeed_core::source::blob_id;
use scratch::Scratch;
use state::{Baseline, Found, State};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};
use trial::{Change, Item, Trials};

/// What the mutation operators are called; the last four change nothing that is executed and must select nothing.
pub const OPERATORS: [&str; 15] = [
    "statement",
    "constant",
    "operator",
    "call",
    "default",
    "decorator",
    "class_attribute",
    "import",
    "override",
    "new_function",
    "file",
    "comment",
    "blank_line",
    "reformat",
    "docstring",
];
/// Where an audit keeps its survey and its findings, below the results directory.
const DIRECTORY: &str = ".lightspeed_audit";
const STATE_NAME: &str = "state.jsonl";

/// How to audit.
#[derive(Clone, Debug)]
pub struct AuditOptions {
    /// How finely changes are followed.
    pub policy: Policy,
    /// See [`SelectOptions::hotfile_threshold`](super::SelectOptions::hotfile_threshold).
    pub hotfile_threshold: f64,
    /// What to change.
    pub source: MutationSource,
    /// A regular expression: only instances in whose ids it is found count.
    pub benchmarks: Option<String>,
    /// How many copies of the tree are worked on at once; none for as many as there are processors.
    pub jobs: Option<usize>,
    /// No further mutation is begun after this time.
    pub time_budget: Option<Duration>,
    /// Leave the copies where they are.
    pub keep: bool,
}

/// What to change.
#[derive(Clone, Debug)]
pub enum MutationSource {
    /// A sample of small changes.
    Sample {
        /// Names of operators; empty for all.
        operators: Vec<String>,
        /// How many for each operator.
        count: u64,
        /// What the sample is drawn with.
        seed: u64,
    },
    /// These patches, relative to the top of the repository.
    Patches(Vec<PathBuf>),
}

impl Session {
    /// Mutates a copy of the sources again and again, and compares whom [`Session::select`] selects with whose behaviour
    /// differs. The user's own tree is only read; what was finished is kept in the results directory.
    ///
    /// # Errors
    /// As [`Session::init`]; where a patch or an operator is unknown; and where the caller asked to stop.
    pub fn audit(&self, options: &AuditOptions, listener: Listener<'_>) -> Result<AuditReport, SessionError> {
        let began = Instant::now();
        let deadline = options.time_budget.and_then(|budget| began.checked_add(budget));
        let scratch = self.scratch(options)?;
        let _lock = SurveyLock::acquire(
            &scratch.results.join(format!("audit-{LOCK_NAME}")),
            Some(Duration::ZERO),
            &mut || self.cancel.is_cancelled(),
        )?;
        let mut state = State::open(&scratch.results.join(STATE_NAME), &self.audit_key(&scratch, options)?)?;
        let first = scratch.session(0);
        let survey = InitOptions { survey_only: true, ..InitOptions::default() };
        first.init(&survey, listener)?;
        let places = first.places(None)?;
        let benchmarks = first.discover(&first.suite(&places, None)?, None, listener)?.benchmarks;
        let suite = first.audited_suite(&places)?;
        let items = self.items(&scratch, &places, &suite, options)?;
        let baseline = match state.baseline.take() {
            Some(baseline) => baseline,
            None => self.audit_baseline(&scratch, &benchmarks, listener)?,
        };
        if state.baseline.is_none() {
            state.keep_baseline(baseline.clone())?;
        }
        let trials = Trials { scratch: &scratch, benchmarks: &benchmarks, baseline: &baseline, options };
        self.try_all(&trials, &items, &mut state, deadline, listener)?;
        let found: Vec<&Found> = items.iter().filter_map(|item| state.found.get(&item.key)).collect();
        let mut report = empty_report(options, items.len());
        report.of(&baseline, &found);
        report.total_s = began.elapsed().as_secs_f64();
        Ok(report)
    }

    /// What the kept findings belong to: the tree, and the options that decide what is found.
    fn audit_key(&self, scratch: &Scratch, options: &AuditOptions) -> Result<String, SessionError> {
        let seed = match &options.source {
            MutationSource::Sample { seed, .. } => Some(*seed),
            MutationSource::Patches(_) => None,
        };
        let text = format!(
            "{}\n{:?}\n{}\n{:?}\n{seed:?}\n{:?}\n{}",
            fingerprint(&scratch.files),
            options.policy,
            options.hotfile_threshold,
            options.benchmarks,
            self.options.python,
            lightspeed_core::fingerprint::VERSION,
        );
        Ok(blob_id(text.as_bytes()).to_string())
    }

    /// The changes to try.
    fn items(
        &self,
        scratch: &Scratch,
        places: &Places,
        suite: &AsvSuite,
        options: &AuditOptions,
    ) -> Result<Vec<Item>, SessionError> {
        match &options.source {
            MutationSource::Patches(patches) => patches.iter().map(|patch| self.patch(patch)).collect(),
            MutationSource::Sample { operators, count, seed } => {
                let known = |name: &&String| !OPERATORS.contains(&name.as_str());
                if let Some(unknown) = operators.iter().find(known) {
                    let all = OPERATORS.join(", ");
                    return Err(SessionError::Request(format!(
                        "there is no operator {unknown:?}: the operators are {all}"
                    )));
                }
                let files = scratch.surveyed_files(places)?;
                let tree = scratch.top();
                let request = MutationRequest { files: &files, tree: &tree, operators, count: *count, seed: *seed };
                let found = suite.mutations(&request, &self.cancel)?;
                Ok(interleaved(found.into_iter().map(Item::of)))
            }
        }
    }

    fn patch(&self, patch: &PathBuf) -> Result<Item, SessionError> {
        let path = self.options.cwd.join(patch);
        let text = crate::tree::read_file(&path)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        Ok(Item {
            key: blob_id(text.as_bytes()).to_string(),
            operator: "patch".to_owned(),
            file: patch.display().to_string(),
            line: None,
            diff: text,
            change: Change::Patch(path),
        })
    }

    /// Runs everything twice, in two copies where there are two.
    fn audit_baseline(
        &self,
        scratch: &Scratch,
        benchmarks: &[Benchmark],
        listener: Listener<'_>,
    ) -> Result<Baseline, SessionError> {
        let ids = ids(benchmarks, scratch.only.as_ref());
        let instances: Vec<Instance<'_>> = ids
            .iter()
            .map(|(id, benchmark, param)| Instance { id, benchmark, param: *param, usual_s: None, spare: false })
            .collect();
        listener(Event::Begin { what: "digest", total: 2 * instances.len() });
        let (sender, receiver) = mpsc::channel();
        let copies: BTreeSet<usize> = [0, scratch.copies.len() - 1].into();
        let (instances, copies) = (&instances, copies.into_iter().collect::<Vec<_>>());
        let runs = std::thread::scope(|scope| {
            let handles: Vec<_> = copies
                .iter()
                .map(|copy| {
                    let sender = sender.clone();
                    let times = 2 / copies.len();
                    scope.spawn(move || scratch.run(*copy, instances, times, &sender, &self.cancel))
                })
                .collect();
            drop(sender);
            for name in receiver {
                listener(Event::Item { name: &name });
                listener(Event::Done);
            }
            handles
                .into_iter()
                .map(|handle| handle.join().unwrap_or_else(|_| Err(lost())))
                .collect::<Result<Vec<_>, _>>()
        })?;
        let runs: Vec<_> = runs.into_iter().flatten().collect();
        let mut baseline = Baseline { stable: BTreeMap::new(), unstable: BTreeMap::new() };
        if let [one, other] = runs.as_slice() {
            for (id, (behaviour, seconds)) in one {
                let again = other.get(id).map(|(again, _)| behaviour.differences(again)).unwrap_or_default();
                if again.is_empty() {
                    baseline.stable.insert((*id).to_owned(), (behaviour.clone(), *seconds));
                } else {
                    baseline.unstable.insert((*id).to_owned(), again);
                }
            }
        }
        Ok(baseline)
    }

    /// Tries what was not tried yet, each copy of the tree by a thread of its own.
    fn try_all(
        &self,
        trials: &Trials<'_>,
        items: &[Item],
        state: &mut State,
        deadline: Option<Instant>,
        listener: Listener<'_>,
    ) -> Result<(), SessionError> {
        let left: Vec<&Item> = items.iter().filter(|item| !state.found.contains_key(&item.key)).collect();
        listener(Event::Begin { what: "audit", total: left.len() });
        let queue = Mutex::new(left.into_iter());
        let next = || {
            let late = deadline.is_some_and(|deadline| Instant::now() >= deadline) || self.cancel.is_cancelled();
            if late { None } else { queue.lock().ok()?.next() }
        };
        let (sender, receiver) = mpsc::channel();
        std::thread::scope(|scope| {
            for copy in 0..trials.scratch.copies.len() {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    if let Err(error) = trials.work(copy, next, &|found| sender.send(Ok(found)).is_ok(), &self.cancel) {
                        let _ = sender.send(Err(error));
                    }
                });
            }
            drop(sender);
            let mut failure = None;
            for message in receiver {
                let kept = message.and_then(|found: Found| {
                    listener(Event::Item { name: &found.file });
                    listener(Event::Done);
                    if !found.missed.is_empty() {
                        let text = format!("missed: {} in {}", found.operator, found.file);
                        listener(Event::Note { text: &text });
                    }
                    state.keep(found)
                });
                if let Err(error) = kept {
                    self.cancel.cancel();
                    failure.get_or_insert(error);
                }
            }
            failure.map_or(Ok(()), Err)
        })?;
        self.check_cancelled()
    }
}

/// The operators in turn, so that an audit that ends early has tried some of each.
fn interleaved(items: impl Iterator<Item = Item>) -> Vec<Item> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, Item)> = items
        .map(|item| {
            let count = counts.entry(item.operator.clone()).or_default();
            *count += 1;
            (*count, item)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, item)| item).collect()
}

/// The instances that count: id, benchmark, combination.
fn ids<'b>(benchmarks: &'b [Benchmark], only: Option<&regex::Regex>) -> Vec<(String, &'b Benchmark, Option<u64>)> {
    let of = |b: &'_ Benchmark| b.instances().map(|param| (b.instance_id(param), param)).collect::<Vec<_>>();
    let all = benchmarks.iter().flat_map(|b| of(b).into_iter().map(move |(id, param)| (id, b, param)));
    all.filter(|(id, ..)| only.is_none_or(|only| only.is_match(id))).collect()
}

fn lost() -> SessionError {
    SessionError::Request("a part of the audit ended unexpectedly: please report it".to_owned())
}

fn empty_report(options: &AuditOptions, planned: usize) -> AuditReport {
    AuditReport {
        schema: "lightspeed.audit/1".into(),
        policy: options.policy,
        hotfile_threshold: options.hotfile_threshold,
        seed: match options.source {
            MutationSource::Sample { seed, .. } => Some(seed),
            MutationSource::Patches(_) => None,
        },
        instances: 0,
        unstable: Vec::new(),
        mutations: MutationCounts { planned, tried: 0 },
        overall: Figures::default(),
        operators: BTreeMap::new(),
        rules: BTreeMap::new(),
        misses: Vec::new(),
        failures: Vec::new(),
        total_s: 0.0,
    }
}
