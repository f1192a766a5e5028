//! What the database keeps, as plain values.

use std::collections::BTreeMap;

use lightspeed_core::stats::Summary;
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

/// The circumstances of a survey or a measurement; numbers of different environments do not compare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Environment {
    /// Class of machine, as a JSON document.
    pub host_class: String,
    /// Interpreter and its version.
    pub interpreter: String,
    /// Version of the benchmark runner.
    pub runner_version: String,
    /// How benchmark processes are started.
    pub launch_mode: String,
}

/// How far a survey has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenerationState {
    /// Under way, or interrupted.
    Surveying,
    /// Finished: it answers queries.
    Complete,
}

/// One survey of the suite.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerationInfo {
    /// Its number, never used twice.
    pub id: i64,
    /// How far it has come.
    pub state: GenerationState,
    /// When it began, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// When it was completed, in milliseconds since 1970.
    pub completed_at_ms: Option<i64>,
    /// Where it ran.
    pub environment: Environment,
    /// What it depends on, as the caller wrote it: the fingerprint by which it is resumed.
    pub config: String,
}

/// A benchmark; its number is its position in [`SurveyData::benchmarks`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Benchmark {
    /// Dotted name.
    pub name: String,
    /// File that defines it, relative to the suite directory.
    pub file: String,
    /// `time`, `peakmemory`, `track` …
    pub kind: String,
    /// Unit of its numbers.
    pub unit: String,
    /// Version of its definition: numbers of different versions do not compare.
    pub version: String,
    /// Representations of each parameter's values.
    pub params: Vec<Vec<String>>,
    /// Names of the parameters.
    pub param_names: Vec<String>,
    /// Which `setup_cache` it shares.
    pub setup_cache_key: Option<String>,
    /// The runner's own entry, as JSON.
    pub definition: String,
}

impl Benchmark {
    /// The parameter values of combination `index`, the last parameter varying fastest; empty for none.
    /// `None` if there is no such combination.
    pub fn param_values(&self, index: Option<u32>) -> Option<Vec<&str>> {
        let Some(index) = index else {
            return Some(Vec::new());
        };
        let mut rest = index as usize;
        let mut values = Vec::with_capacity(self.params.len());
        for choices in self.params.iter().rev() {
            values.push(choices.get(rest.checked_rem(choices.len())?)?.as_str());
            rest /= choices.len();
        }
        values.reverse();
        (rest == 0).then_some(values)
    }
}

/// The doubt that the trigger `benchmark_dep_deleted` writes: the next survey looks into the instance again.
pub const DEPENDENCIES_DELETED: &str = "another program deleted its dependencies";

/// A benchmark with one combination of parameters; its number is its position in [`SurveyData::instances`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instance {
    /// ASV's id: `name`, or `name-K` for combination K.
    pub id: String,
    /// Position of its benchmark.
    pub benchmark: u32,
    /// Index of its parameter combination.
    pub param: Option<u32>,
    /// Why its survey cannot be relied on; empty if it can.
    pub always_affected: Vec<String>,
}

/// How a file's changes are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum FileKind {
    /// Source with blocks.
    Source,
    /// As a whole: any change counts.
    #[default]
    Whole,
}

/// A file that some instance depends on; its number is its position in [`SurveyData::files`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SurveyedFile {
    /// Relative to the source root, `/`-separated.
    pub path: String,
    /// git's SHA-1 of the contents.
    pub blob: [u8; 20],
    /// How its changes are judged.
    pub kind: FileKind,
    /// The core's analysis, in its own versioned encoding.
    pub analysis: Vec<u8>,
    /// The contents at survey time, where they were kept and asked for.
    pub text: Option<Vec<u8>>,
}

/// When code was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// While the benchmark file was imported.
    Import,
    /// In `setup` and `setup_cache`.
    Setup,
    /// In the benchmark itself and its teardown.
    Run,
}

/// The instances that executed one and the same set of a file's blocks in a phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Execution {
    /// Position of the file.
    pub file: u32,
    /// When.
    pub phase: Phase,
    /// Ordinals of the blocks.
    pub blocks: RoaringBitmap,
    /// Positions of the instances.
    pub instances: RoaringBitmap,
}

/// Something other than executed code that an instance depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObservedKind {
    /// A module whose import was tried and failed.
    FailedImport,
    /// A directory whose entries were listed.
    Listed,
}

/// The instances that made one observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// What was observed.
    pub kind: ObservedKind,
    /// Name of the module, or path of the directory.
    pub name: String,
    /// Positions of the instances.
    pub instances: RoaringBitmap,
}

/// All that a survey found. Positions in the lists are the numbers used elsewhere.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SurveyData {
    /// The suite's benchmarks.
    pub benchmarks: Vec<Benchmark>,
    /// Their instances.
    pub instances: Vec<Instance>,
    /// The files they depend on.
    pub files: Vec<SurveyedFile>,
    /// Who executed what.
    pub executions: Vec<Execution>,
    /// What else they depend on.
    pub observed: Vec<Observed>,
    /// How all of it is to be read, in the writer's own form; empty where nobody said.
    pub index: String,
}

/// Statistics of an instance's samples, as ASV computes and names them.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Stats {
    /// Median; finite.
    pub median: f64,
    /// Lower end of the 99 % interval.
    pub ci_99_a: Option<f64>,
    /// Upper end of the 99 % interval.
    pub ci_99_b: Option<f64>,
    /// First quartile.
    pub q_25: Option<f64>,
    /// Third quartile.
    pub q_75: Option<f64>,
    /// Number of samples.
    pub repeat: Option<i64>,
    /// Calls per sample.
    pub number: Option<i64>,
}

impl From<&Summary> for Stats {
    /// Without the number of calls, which samples do not tell.
    fn from(summary: &Summary) -> Self {
        Stats {
            median: summary.median,
            ci_99_a: summary.ci_99_a,
            ci_99_b: summary.ci_99_b,
            q_25: Some(summary.q_25),
            q_75: Some(summary.q_75),
            repeat: i64::try_from(summary.n).ok(),
            number: None,
        }
    }
}

/// What a baseline's numbers are worth only together with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BaselineContext {
    /// Unit of the numbers.
    pub unit: String,
    /// Representations of the instance's parameter values.
    pub params: Vec<String>,
    /// Version of the benchmark's definition.
    pub version: String,
    /// The samples themselves.
    pub samples: Vec<f64>,
    /// How many of them each process run gave, in order.
    pub runs: Vec<u32>,
    /// Where it was measured.
    pub environment: Environment,
    /// The survey it was measured with.
    pub generation: i64,
    /// When, in milliseconds since 1970.
    pub measured_at_ms: i64,
}

impl BaselineContext {
    /// The samples of each process run; all as one where the lengths do not add up.
    pub fn samples_by_run(&self) -> Vec<&[f64]> {
        let mut rest = self.samples.as_slice();
        let mut runs = Vec::with_capacity(self.runs.len());
        for length in &self.runs {
            let Some((run, after)) = rest.split_at_checked(*length as usize) else {
                return vec![&self.samples];
            };
            runs.push(run);
            rest = after;
        }
        if rest.is_empty() { runs } else { vec![&self.samples] }
    }
}

/// Why an instance has no baseline though one was tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BaselineGap {
    /// The survey it was tried with; the gap goes with it.
    pub generation: i64,
    /// Where it was tried.
    pub environment: Environment,
    /// What happened: failed, skipped …
    pub status: String,
    /// Why there is no number.
    pub reason: String,
}

/// A stored measurement to compare with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Baseline {
    /// Its statistics.
    pub stats: Stats,
    /// Its context; absent if another program wrote the row, which then must not be compared with.
    pub context: Option<BaselineContext>,
}

/// All baselines by instance id.
pub type Baselines = BTreeMap<String, Baseline>;

/// One measured change.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The caller's name for it.
    pub step_id: String,
    /// When it began, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Where it was measured.
    pub environment: Environment,
    /// Its summary, as JSON.
    pub summary: String,
}

/// What became of one selected instance in a step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StepResult {
    /// The instance.
    pub benchmark_id: String,
    /// Its numbers; absent if it gave none.
    pub stats: Option<Stats>,
    /// Change against the baseline as a fraction of it.
    pub delta: Option<f64>,
    /// What happened: measured, failed, skipped …
    pub status: String,
    /// What the numbers say.
    pub verdict: Option<String>,
    /// Why there are no numbers.
    pub reason: Option<String>,
    /// The samples.
    pub samples: Vec<f64>,
    /// How many of them each process run gave, in order.
    pub runs: Vec<u32>,
    /// Why it was selected, as a JSON array.
    pub reasons: String,
    /// What the numbers say beside the baseline's, as JSON; absent where nobody compared them here.
    pub comparison: Option<String>,
}
