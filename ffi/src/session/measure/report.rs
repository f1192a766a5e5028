//! The document of `measure --json`.

use super::MeasureOptions;
use super::value::{ValueChange, told_metrics};
use crate::pair::PairReceipt;
use crate::session::timing::{Target, Told};
use crate::session::{ChangeText, HostClass, HotfileText};
use crate::store::{Environment, Stats};
use lightspeed_core::experiment::EnvironmentDrift;
pub use lightspeed_core::stats::Status;
use lightspeed_core::stats::{Comparison, Gate, Interval, Reward, Verdict};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Name and version of the document.
pub(super) const SCHEMA: Cow<'static, str> = Cow::Borrowed("lightspeed.measure/1");

/// The unit of times.
pub(in crate::session) const SECONDS: &str = "seconds";

/// What measuring the selected instances gave. Every number in it is finite or null.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MeasureReport {
    /// `lightspeed.measure/1`.
    pub schema: Cow<'static, str>,
    /// The caller's name for the change.
    pub step_id: Option<String>,
    /// The survey that selected.
    pub generation: i64,
    /// Every selected instance, by its id; and those that were selected before they were removed.
    pub benchmarks: BTreeMap<String, BenchmarkResult>,
    /// Those of them that gave no number.
    pub dropped: Vec<Dropped>,
    /// All times together as a reward: the geometric mean of their ratios.
    pub reward: Option<Reward>,
    /// How many of what.
    pub counts: Counts,
    /// What the pairs were, if it was measured in pairs.
    pub paired: Option<PairedReport>,
    /// Changes left out because they would select too large a share, as in the selection's document.
    pub hotfiles: Vec<HotfileText>,
    /// What was found to have changed.
    pub selection: ChangeText,
    /// Where this was measured.
    pub environment: MeasuredIn,
    /// Where the time went.
    pub timing: MeasureTiming,
}

/// How pairs were measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PairedReport {
    /// The revision before the change.
    pub revision: String,
    /// What decided every order.
    pub seed: u64,
    /// Negative controls that moved: other changes may be the environment's too.
    pub drift: Option<EnvironmentDrift>,
}

/// What came of one instance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BenchmarkResult {
    /// What the numbers count: `seconds`, `bytes` …
    pub unit: String,
    /// Median before the change.
    pub baseline: Option<f64>,
    /// Median now.
    pub current: Option<f64>,
    /// (current − baseline) / baseline in per cent.
    pub delta_pct: Option<f64>,
    /// Estimate of current/baseline.
    pub ratio: Option<f64>,
    /// Its interval at 1 − alpha.
    pub interval: Option<Bounds>,
    /// Two-sided p-value of "no difference".
    pub p_value: Option<f64>,
    /// Evidence against "no difference", where it was measured in pairs.
    pub e_value: Option<f64>,
    /// Complete pairs, where it was measured in pairs.
    pub pairs: Option<usize>,
    /// The change as a reward.
    pub reward: Option<Reward>,
    /// The smallest change beyond the margin, as a fraction, that these runs could have shown.
    pub smallest_effect: Option<f64>,
    /// What happened.
    pub status: Status,
    /// What the evidence says.
    pub verdict: Option<Verdict>,
    /// What to do about it: by the benchmark's budgets where it has any, else by the margin.
    pub gate: Option<Gate>,
    /// All runs of a command and all its metrics, where it was measured in pairs.
    pub receipt: Option<Box<PairReceipt>>,
    /// What the benchmark told of itself on both sides, where it was measured in pairs: metrics in frames among its output, by name.
    #[serde(default)]
    pub metrics: BTreeMap<String, ValueChange>,
    /// Why the status is not `ok`, or why there is no verdict.
    pub reason: Option<String>,
    /// What to keep in mind about the comparison.
    pub warnings: Vec<String>,
    /// Parameter names and values.
    pub params: Option<BTreeMap<String, String>>,
    /// The survey that the baseline was measured with.
    pub baseline_generation: Option<i64>,
    /// Statistics before the change.
    pub baseline_stats: Option<Stats>,
    /// Statistics now.
    pub current_stats: Option<Stats>,
    /// Samples before the change.
    pub baseline_samples: Option<Vec<f64>>,
    /// Samples now, of failed instances too.
    pub current_samples: Option<Vec<f64>>,
    /// The end of what it wrote, where it gave no number.
    pub stderr: Option<String>,
    /// Why it was selected.
    pub reasons: Vec<serde_json::Value>,
}

impl BenchmarkResult {
    pub(in crate::session) fn new(status: Status, reason: Option<String>, reasons: Vec<serde_json::Value>) -> Self {
        Self {
            unit: String::new(),
            baseline: None,
            current: None,
            delta_pct: None,
            ratio: None,
            interval: None,
            p_value: None,
            e_value: None,
            pairs: None,
            reward: None,
            smallest_effect: None,
            status,
            verdict: None,
            gate: None,
            receipt: None,
            metrics: BTreeMap::new(),
            reason,
            warnings: Vec::new(),
            params: None,
            baseline_generation: None,
            baseline_stats: None,
            current_stats: None,
            baseline_samples: None,
            current_samples: None,
            stderr: None,
            reasons,
        }
    }

    /// Takes in what the runs of both sides told of themselves.
    pub(super) fn set_told(&mut self, baseline: &Told, current: &Told, options: &MeasureOptions) {
        let (metrics, mistake) = told_metrics(baseline, current, options);
        self.metrics = metrics;
        self.warnings.extend(mistake);
    }

    pub(super) fn set_comparison(&mut self, comparison: &Comparison) {
        self.ratio = Some(comparison.ratio);
        self.interval = Some(comparison.interval.into());
        self.p_value = Some(comparison.p_value);
        self.reward = Reward::of(&comparison.inference());
        self.smallest_effect = comparison.smallest_effect;
        self.verdict = Some(comparison.verdict);
        self.warnings = comparison.warnings.iter().map(ToString::to_string).collect();
    }
}

/// What a step keeps of a comparison, beside the verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// What the numbers count.
    pub unit: Option<String>,
    /// Estimate of current/baseline.
    pub ratio: Option<f64>,
    /// Its interval at 1 − alpha.
    pub interval: Option<Bounds>,
    /// Two-sided p-value of "no difference".
    pub p_value: Option<f64>,
    /// Evidence against "no difference", where it was measured in pairs.
    pub e_value: Option<f64>,
    /// Complete pairs, where it was measured in pairs.
    pub pairs: Option<usize>,
    /// The change as a reward.
    pub reward: Option<Reward>,
}

impl Evidence {
    pub(super) fn of(result: &BenchmarkResult) -> Self {
        let &BenchmarkResult { ratio, interval, p_value, e_value, pairs, reward, .. } = result;
        let unit = (!result.unit.is_empty()).then(|| result.unit.clone());
        Self { unit, ratio, interval, p_value, e_value, pairs, reward }
    }

    /// As the database keeps it.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What the database kept; nothing where it kept nothing.
    pub(in crate::session) fn kept(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

/// An interval of a ratio; an end that the samples do not bound is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Its lower end.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}

impl From<Interval> for Bounds {
    fn from(interval: Interval) -> Self {
        Bounds { low: interval.low, high: interval.high }
    }
}

/// An instance that gave no number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Its id.
    pub benchmark: String,
    /// What happened.
    pub status: Status,
    /// Why.
    pub reason: String,
}

/// How many instances there are of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// In the suite.
    pub total: usize,
    /// Selected.
    pub selected: usize,
    /// Not selected.
    pub unaffected: usize,
    /// Selected, and gave a number.
    pub measured: usize,
    /// Measured, and compared with a baseline.
    pub compared: usize,
    /// Selected, and failed, crashed or timed out.
    pub failed: usize,
    /// Selected, and asked to be skipped.
    pub skipped: usize,
    /// No longer in the suite.
    pub removed: usize,
}

/// Where something was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuredIn {
    /// Class of machine.
    pub host_class: serde_json::Value,
    /// Interpreter and its version.
    pub interpreter: String,
    /// Version of asv_runner.
    pub runner_version: String,
    /// How benchmark processes are started.
    pub launch_mode: String,
}

impl From<&Environment> for MeasuredIn {
    fn from(environment: &Environment) -> Self {
        Self {
            host_class: serde_json::from_str(&environment.host_class).unwrap_or_default(),
            interpreter: environment.interpreter.clone(),
            runner_version: environment.runner_version.clone(),
            launch_mode: environment.launch_mode.clone(),
        }
    }
}

impl From<MeasuredIn> for Environment {
    fn from(measured: MeasuredIn) -> Self {
        // In the order of fields that all others have.
        let host = serde_json::from_value(measured.host_class.clone()).map(|host: HostClass| host.to_json());
        Self {
            host_class: host.unwrap_or_else(|_| measured.host_class.to_string()),
            interpreter: measured.interpreter,
            runner_version: measured.runner_version,
            launch_mode: measured.launch_mode,
        }
    }
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasureTiming {
    /// All of it.
    pub total_s: f64,
    /// Selection.
    pub select_s: f64,
    /// Measuring.
    pub measure_s: f64,
}

/// Names and values of an instance's parameters; ASV's `param1`, `param2` … where they have no names.
pub(super) fn named_params(target: &Target<'_>) -> Option<BTreeMap<String, String>> {
    let values = target.benchmark.params_of(target.param?)?;
    let names = &target.benchmark.param_names;
    let name = |place: usize| names.get(place).cloned().unwrap_or_else(|| format!("param{}", place + 1));
    Some(values.into_iter().enumerate().map(|(place, value)| (name(place), value.to_owned())).collect())
}
