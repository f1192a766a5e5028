//! The document of `compare --json`.

use super::{CompareOptions, ImportReport, MemoryReport};
use crate::session::ChangeText;
use crate::session::measure::{BenchmarkResult, Counts, Dropped, MeasuredIn};
use crate::store::Environment;
use crate::suite::Layer;
use lightspeed_core::experiment::{Calibration, EnvironmentDrift};
use lightspeed_core::stats::{NoiseFloor, Reward};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name and version of the document.
const SCHEMA: Cow<'static, str> = Cow::Borrowed("lightspeed.compare/1");

/// What comparing two revisions gave. Every number in it is finite or null.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompareReport {
    /// `lightspeed.compare/1`.
    pub schema: Cow<'static, str>,
    /// The tree before the change.
    pub a: TreeText,
    /// The tree after it.
    pub b: TreeText,
    /// Every instance that was to be run, by its id; and those that only A has.
    pub benchmarks: BTreeMap<String, CompareResult>,
    /// Unaffected instances that ran along.
    pub controls: BTreeMap<String, CompareResult>,
    /// Instances about which nothing is known yet, with the reason.
    pub undecided: Vec<Dropped>,
    /// Negative controls that moved: other changes may be the machine's too.
    pub drift: Option<EnvironmentDrift>,
    /// How far the negative controls seem to have moved.
    pub noise_floor: Option<NoiseFloor>,
    /// What comparisons of A with itself gave, where they were asked for.
    pub calibration: Option<Calibrated>,
    /// What calls of benchmarks hold of memory, where the layer of memory was asked for.
    pub memory: Option<MemoryReport>,
    /// What importing costs, where the layer of imports was asked for.
    pub imports: Option<ImportReport>,
    /// All times together as a reward: the geometric mean of their ratios.
    pub reward: Option<Reward>,
    /// How many of what.
    pub counts: Counts,
    /// Whether everything was to be run, or what the difference affects.
    pub all: bool,
    /// What differs between the trees; nothing is known of it where everything was to be run.
    pub selection: ChangeText,
    /// Changes up to this fraction do not matter.
    pub margin: f64,
    /// The probability of claiming a change where there is none.
    pub alpha: f64,
    /// Seconds that all runs could take together.
    pub budget_s: Option<f64>,
    /// What decided every order.
    pub seed: u64,
    /// Whether it was interrupted before everything was decided.
    pub interrupted: bool,
    /// Where this was measured.
    pub environment: MeasuredIn,
    /// Where this document and the others lie.
    pub results_dir: PathBuf,
    /// Where the trees are, if they were to be kept.
    pub kept: Option<PathBuf>,
    /// Where the time went.
    pub timing: CompareTiming,
}

/// A tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeText {
    /// The revision as it was given, or `the working tree`.
    pub name: String,
    /// The commit.
    pub commit: String,
    /// Paths that differ from the commit, in the working tree.
    pub edits: usize,
}

/// What came of one instance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompareResult {
    /// What part of a program's life it is about.
    pub layer: Layer,
    /// Words by which it can be chosen.
    pub tags: Vec<String>,
    /// Pairs in all with which it may be decided, where it is not.
    pub pairs_needed: Option<usize>,
    /// Its numbers, and what they say.
    pub result: BenchmarkResult,
}

/// What comparisons of A with itself gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibrated {
    /// Complete comparisons.
    pub comparisons: usize,
    /// Those of them that were called a change.
    pub called: usize,
    /// The share of those.
    pub false_positive_rate: Option<f64>,
    /// Each instance.
    pub benchmarks: BTreeMap<String, Calibration>,
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CompareTiming {
    /// All of it.
    pub total_s: f64,
    /// Making and building the trees.
    pub prepare_s: f64,
    /// Listing the suite, surveying A and selecting.
    pub survey_s: f64,
    /// Comparing A with itself.
    pub calibrate_s: f64,
    /// Comparing A with B.
    pub measure_s: f64,
    /// Of both: the benchmarks' own processes.
    pub runs_s: f64,
}

/// What is known before anything ran.
pub(super) struct Head<'a> {
    pub(super) trees: (&'a TreeText, &'a TreeText),
    pub(super) options: &'a CompareOptions,
    pub(super) environment: &'a Environment,
    pub(super) results_dir: &'a Path,
    pub(super) kept: Option<&'a Path>,
}

impl CompareReport {
    pub(super) fn new(head: &Head<'_>) -> Self {
        let CompareOptions { all, margin, alpha, budget_s, seed, .. } = *head.options;
        CompareReport {
            schema: SCHEMA,
            a: head.trees.0.clone(),
            b: head.trees.1.clone(),
            benchmarks: BTreeMap::new(),
            controls: BTreeMap::new(),
            undecided: Vec::new(),
            drift: None,
            noise_floor: None,
            calibration: None,
            memory: None,
            imports: None,
            reward: None,
            counts: Counts::default(),
            all,
            selection: ChangeText::default(),
            margin,
            alpha,
            budget_s,
            seed,
            interrupted: false,
            environment: head.environment.into(),
            results_dir: head.results_dir.to_owned(),
            kept: head.kept.map(Path::to_owned),
            timing: CompareTiming::default(),
        }
    }

    /// The same with the instances of one layer alone.
    pub(super) fn of_layer(&self, layer: Layer) -> Self {
        let mut only = self.clone();
        only.benchmarks.retain(|_, result| result.layer == layer);
        only.controls.retain(|_, result| result.layer == layer);
        let CompareReport { undecided, benchmarks, .. } = &mut only;
        undecided.retain(|each| benchmarks.contains_key(&each.benchmark));
        only.memory = only.memory.filter(|_| layer == Layer::Memory);
        only.imports = only.imports.filter(|_| layer == Layer::Import);
        only
    }
}
