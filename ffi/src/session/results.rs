//! What the database keeps of measurements: the baselines, the steps.

use super::measure::{Evidence, reward_of};
use super::{Session, SessionError};
use crate::store::{Baselines, OpenMode, Stats, Step, StepResult, Store};
use lightspeed_core::stats::Reward;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

impl Session {
    /// The baselines, or a step's results, as they are kept.
    ///
    /// # Errors
    /// No database, or no such step.
    pub fn results(&self, step_id: Option<&str>) -> Result<Results, SessionError> {
        results_of(&self.store(OpenMode::ReadOnly)?, step_id)
    }
}

/// The baselines in a database, or a step's results.
///
/// # Errors
/// No such step.
pub fn results_of(store: &Store, step_id: Option<&str>) -> Result<Results, SessionError> {
    let steps: Vec<String> = store.list_steps()?.into_iter().map(|s| s.step_id).collect();
    let Some(id) = step_id else {
        let baselines = baseline_reports(&store.baselines()?);
        return Ok(Results { schema: "lightspeed.results/1".into(), baselines, step: None, steps });
    };
    let Some((step, results)) = store.step(id)? else {
        let known = if steps.is_empty() { "none yet".to_owned() } else { steps.join(", ") };
        return Err(SessionError::Request(format!("there is no step {id:?}: the steps are {known}")));
    };
    let units = store.baselines()?;
    Ok(Results {
        schema: "lightspeed.results/1".into(),
        baselines: BTreeMap::new(),
        step: Some(step_report(step, results, &units)),
        steps,
    })
}

/// What the database keeps of measurements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// `lightspeed.results/1`.
    pub schema: Cow<'static, str>,
    /// Baselines by instance; empty where a step was asked for.
    pub baselines: BTreeMap<String, BaselineReport>,
    /// The step that was asked for.
    pub step: Option<StepReport>,
    /// Ids of all steps, oldest first.
    pub steps: Vec<String>,
}

/// One baseline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BaselineReport {
    /// What its numbers count.
    pub unit: Option<String>,
    /// Its statistics.
    pub stats: Stats,
    /// Its samples; empty if another program wrote it.
    pub samples: Vec<f64>,
    /// Values of its parameters.
    pub params: Vec<String>,
    /// The survey it was measured with.
    pub generation: Option<i64>,
    /// When, in milliseconds since 1970.
    pub measured_at_ms: Option<i64>,
}

/// One step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepReport {
    /// Its id.
    pub step_id: String,
    /// When it began, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Its summary.
    pub summary: Value,
    /// All its times together as a reward: the geometric mean of their ratios.
    pub reward: Option<Reward>,
    /// What became of each instance.
    pub benchmarks: BTreeMap<String, StepBenchmark>,
}

/// What became of one instance in a step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepBenchmark {
    /// What the comparison said; its unit is that of the baseline where none was made here.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// Its baseline's median now.
    pub baseline: Option<f64>,
    /// Its statistics in the step.
    pub stats: Option<Stats>,
    /// Change in per cent.
    pub delta_pct: Option<f64>,
    /// What happened.
    pub status: String,
    /// What the evidence said.
    pub verdict: Option<String>,
    /// Why there is no number.
    pub reason: Option<String>,
    /// Why it was selected.
    pub reasons: Value,
    /// Its samples, of failed runs too.
    #[serde(default)]
    pub samples: Vec<f64>,
    /// How many of them each process run gave, in order.
    #[serde(default)]
    pub runs: Vec<u32>,
}

/// All baselines, by instance.
pub(super) fn baseline_reports(baselines: &Baselines) -> BTreeMap<String, BaselineReport> {
    let report = |b: &crate::store::Baseline| {
        let context = b.context.as_ref();
        BaselineReport {
            unit: context.map(|c| c.unit.clone()),
            stats: b.stats,
            samples: context.map(|c| c.samples.clone()).unwrap_or_default(),
            params: context.map(|c| c.params.clone()).unwrap_or_default(),
            generation: context.map(|c| c.generation),
            measured_at_ms: context.map(|c| c.measured_at_ms),
        }
    };
    baselines.iter().map(|(id, b)| (id.clone(), report(b))).collect()
}

/// A step beside the baselines of now.
pub(super) fn step_report(step: Step, results: Vec<StepResult>, baselines: &Baselines) -> StepReport {
    let one = |result: StepResult| {
        let baseline = baselines.get(&result.benchmark_id);
        let mut evidence = Evidence::kept(result.comparison.as_deref());
        evidence.unit = evidence.unit.or_else(|| Some(baseline?.context.as_ref()?.unit.clone()));
        let found = StepBenchmark {
            evidence,
            baseline: baseline.map(|b| b.stats.median),
            stats: result.stats,
            delta_pct: result.delta.map(|fraction| fraction * 100.0),
            status: result.status,
            verdict: result.verdict,
            reason: result.reason,
            reasons: serde_json::from_str(&result.reasons).unwrap_or_default(),
            samples: result.samples,
            runs: result.runs,
        };
        (result.benchmark_id, found)
    };
    let benchmarks: BTreeMap<String, StepBenchmark> = results.into_iter().map(one).collect();
    let rewards = benchmarks.values().map(|b| (b.evidence.unit.as_deref().unwrap_or_default(), b.evidence.reward));
    let reward = reward_of(rewards);
    StepReport {
        step_id: step.step_id,
        created_at_ms: step.created_at_ms,
        summary: serde_json::from_str(&step.summary).unwrap_or_default(),
        reward,
        benchmarks,
    }
}
