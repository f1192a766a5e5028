//! Measuring what was selected and comparing it with the baselines.

mod baseline;
mod commands;
mod paired;
mod report;
mod sides;
#[cfg(test)]
mod tests;
mod value;

pub(super) use baseline::{BaselineRequest, baseline_pass};
pub use paired::PairedOptions;
pub(super) use paired::{BEFORE, Ended, Pairs, PairsRun, calibrate_pairs, measure_pairs};
pub use report::{
    BenchmarkResult, Bounds, Counts, Dropped, Evidence, MeasureReport, MeasureTiming, MeasuredIn, PairedReport, Status,
};
pub(super) use value::Meaning;
pub use value::ValueChange;

use super::timing::{Conditions, Measured, Target, Timing, measure_instances};
use super::{ChangeText, HotfileText};
use super::{Listener, SessionError};
use crate::store::{Baseline, Baselines, Environment, StepResult, Store};
use crate::suite::{Kind, Outcome};
use baseline::{host_difference, unfit};
use lightspeed_core::stats::{CompareOptions, GatePolicy, Quantity, Reward, compare, compare_quantity};
pub(super) use report::SECONDS;
use report::{SCHEMA, named_params};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// How to measure and compare.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureOptions {
    /// How long to measure.
    pub timing: Timing,
    /// Keep the results as a step of this name.
    pub step_id: Option<String>,
    /// Changes up to this fraction do not matter.
    pub margin: f64,
    /// The probability of claiming a change where there is none.
    pub alpha: f64,
    /// Refuse to measure where a baseline is of another class of machine, instead of saying so of each instance.
    pub strict_host: bool,
    /// Measure the tree before the change too, in turn with the tree as it is, instead of comparing with baselines.
    pub paired: Option<PairedOptions>,
}

impl Default for MeasureOptions {
    fn default() -> Self {
        let CompareOptions { margin, alpha } = CompareOptions::default();
        Self { timing: Timing::default(), step_id: None, margin, alpha, strict_host: false, paired: None }
    }
}

impl MeasureOptions {
    /// Refuses what cannot be meant, before anything is done.
    pub(super) fn check(&self) -> Result<(), SessionError> {
        if self.paired.is_some()
            && let Some(rounds) = self.timing.rounds
        {
            let message =
                format!("rounds is {rounds}, but pairs are run until they decide: leave it out, or bound most_pairs");
            return Err(SessionError::Request(message));
        }
        let CompareOptions { margin, alpha } = compare_options(self);
        let outcome = compare(&[[1.0]], &[[1.0]], &CompareOptions { margin, alpha });
        outcome.map(drop).map_err(|error| SessionError::Request(error.to_string()))
    }
}

/// An instance to measure, and why.
#[derive(Clone)]
pub(super) struct SelectedInstance<'a> {
    /// The instance.
    pub(super) target: Target<'a>,
    /// Why it was selected.
    pub(super) reasons: Vec<Value>,
    /// Whether the survey knows it.
    pub(super) surveyed: bool,
    /// Proven unaffected: it runs along to show whether the machine moves.
    pub(super) control: bool,
    /// Seconds that one run is expected to take, where known.
    pub(super) run_s: Option<f64>,
}

/// An instance that belongs into the result but is not to be run.
pub(super) struct NotRun {
    /// Its id.
    pub(super) id: String,
    /// What happened to it.
    pub(super) status: Status,
    /// Why it is not run.
    pub(super) reason: String,
    /// Why it was selected, if it was.
    pub(super) reasons: Vec<Value>,
}

/// What measuring a selection needs.
pub(super) struct MeasureRequest<'a> {
    /// What instances are measured with; its timing is that of the options. `None` only where nothing is selected.
    pub(super) conditions: Option<Conditions<'a>>,
    /// The tree before the change, where it is measured too.
    pub(super) pairs: Option<Pairs<'a>>,
    /// Where baselines and steps are kept.
    pub(super) store: &'a Store,
    /// The survey that selected.
    pub(super) generation: i64,
    /// Where this is measured.
    pub(super) environment: &'a Environment,
    /// What to measure.
    pub(super) selected: &'a [SelectedInstance<'a>],
    /// What to list besides.
    pub(super) not_run: &'a [NotRun],
    /// Instances that were not selected.
    pub(super) unaffected: usize,
    /// Changes of which instances were left out.
    pub(super) hotfiles: &'a [HotfileText],
    /// Step, margin and error level.
    pub(super) options: &'a MeasureOptions,
}

/// Measures and compares. A step's rows appear one by one as instances are finished.
///
/// What was found to have changed and the times of selection are the caller's to fill in.
///
/// # Errors
/// As [`measure_instances`], and where the database cannot be used.
pub(super) fn measure_selected(
    request: &MeasureRequest<'_>,
    listener: Listener<'_>,
) -> Result<MeasureReport, SessionError> {
    let began = Instant::now();
    let baselines = request.store.baselines()?;
    if request.options.strict_host && request.pairs.is_none() {
        check_host(request, &baselines)?;
    }
    let step = Step::begin(request)?;
    let mut results = BTreeMap::new();
    for idle in request.not_run {
        let mut result = BenchmarkResult::new(idle.status, Some(idle.reason.clone()), idle.reasons.clone());
        set_baseline(&mut result, baselines.get(&idle.id));
        step.put(&idle.id, &result, &[])?;
        results.insert(idle.id.clone(), result);
    }
    let chosen: BTreeMap<&str, &SelectedInstance<'_>> = request.selected.iter().map(|s| (s.target.id, s)).collect();
    let targets: Vec<Target<'_>> = request.selected.iter().map(|selected| selected.target).collect();
    let gates = GatePolicy::default();
    let mut keep = |selected: &SelectedInstance<'_>, mut result: BenchmarkResult, runs: &[u32]| {
        result.gate = result.gate.or(Some(gates.judge(result.status, result.verdict)));
        step.put(selected.target.id, &result, runs)?;
        results.insert(selected.target.id.to_owned(), result);
        Ok(())
    };
    let run = match (&request.conditions, &request.pairs) {
        (None, _) => Ok(None),
        (Some(conditions), None) => {
            let mut record = |target: &Target<'_>, measured: Measured| {
                let Some(selected) = chosen.get(target.id) else {
                    return Ok(());
                };
                keep(selected, judge(request, selected, &baselines, &measured), &measured.run_lengths())
            };
            measure_instances("measure", conditions, &targets, listener, &mut record).map(|()| None)
        }
        (Some(conditions), Some(pairs)) => {
            // Each pair is a run of its own.
            let mut record = |selected: &SelectedInstance<'_>, ended: Ended| {
                let runs = vec![1; ended.result.current_samples.as_ref().map_or(0, Vec::len)];
                keep(selected, ended.result, &runs)
            };
            measure_pairs(pairs, request.selected, request.options, conditions, listener, &mut record).map(|run| {
                let PairedOptions { seed, .. } = *pairs.options;
                Some(PairedReport { revision: pairs.revision.to_owned(), seed, drift: run.drift })
            })
        }
    };
    let mut report = report(request, results, began.elapsed().as_secs_f64());
    step.close(&report, run.is_ok())?;
    report.paired = run?;
    Ok(report)
}

fn check_host(request: &MeasureRequest<'_>, baselines: &Baselines) -> Result<(), SessionError> {
    let differs = |selected: &SelectedInstance<'_>| {
        let id = selected.target.id;
        let there = &baselines.get(id)?.context.as_ref()?.environment.host_class;
        Some(SessionError::OtherHost {
            instance: id.to_owned(),
            difference: host_difference(there, &request.environment.host_class)?,
        })
    };
    request.selected.iter().find_map(differs).map_or(Ok(()), Err)
}

fn compare_options(options: &MeasureOptions) -> CompareOptions {
    CompareOptions { margin: options.margin, alpha: options.alpha }
}

/// What is known about where the values of a kind of benchmark come from.
fn quantity_of(kind: &Kind) -> Quantity {
    match kind {
        Kind::Time | Kind::Timeraw | Kind::Command => Quantity::Time,
        Kind::Mem | Kind::Track => Quantity::Computed,
        Kind::Peakmem | Kind::Other(_) => Quantity::Observed,
    }
}

/// What happened, as far as the run itself tells.
fn status_of(measured: &Measured) -> Status {
    match measured.outcome {
        Outcome::Ok if measured.summary.is_some() => Status::Ok,
        Outcome::Ok => Status::Unmeasurable,
        Outcome::Skipped => Status::Skipped,
        Outcome::TimedOut => Status::TimedOut,
        Outcome::Failed | Outcome::Exited | Outcome::Signaled => Status::Failed,
    }
}

/// One instance's result: its numbers, its baseline's, and what they say together.
fn judge(
    request: &MeasureRequest<'_>,
    selected: &SelectedInstance<'_>,
    baselines: &Baselines,
    measured: &Measured,
) -> BenchmarkResult {
    let (target, status) = (&selected.target, status_of(measured));
    let mut result = BenchmarkResult::new(status, None, selected.reasons.clone());
    result.unit.clone_from(&target.benchmark.unit);
    result.params = named_params(target);
    let samples = measured.samples();
    result.current_samples = (!samples.is_empty()).then_some(samples);
    let baseline = baselines.get(target.id);
    set_baseline(&mut result, baseline);
    let Some(stats) = measured.stats() else {
        result.reason = Some(measured.reason());
        result.stderr = (!measured.stderr.is_empty()).then(|| measured.stderr.clone());
        return result;
    };
    result.current = Some(stats.median);
    result.current_stats = Some(stats);
    let Some(baseline) = baseline else {
        (result.status, result.reason) = without_baseline(request, selected);
        return result;
    };
    if let Some(cause) = unfit(baseline, target, request.environment) {
        (result.status, result.reason) = (Status::Incomparable, Some(cause));
        return result;
    }
    result.delta_pct = delta_pct(baseline.stats.median, stats.median);
    let runs = baseline.context.as_ref().map(|context| context.samples_by_run()).unwrap_or_default();
    if runs.iter().all(|run| run.is_empty()) {
        result.reason = Some("no verdict: its baseline came without samples".to_owned());
        return result;
    }
    let current: Vec<&[f64]> = measured.runs.iter().map(Vec::as_slice).collect();
    let quantity = quantity_of(&target.benchmark.kind);
    match compare_quantity(quantity, &runs, &current, &compare_options(request.options)) {
        Ok(comparison) => result.set_comparison(&comparison),
        Err(error) => result.reason = Some(format!("no verdict: {error}")),
    }
    result
}

fn set_baseline(result: &mut BenchmarkResult, baseline: Option<&Baseline>) {
    let Some(baseline) = baseline else { return };
    result.baseline = Some(baseline.stats.median);
    result.baseline_stats = Some(baseline.stats);
    if let Some(context) = &baseline.context {
        result.baseline_generation = Some(context.generation);
        result.baseline_samples = Some(context.samples.clone());
        if result.unit.is_empty() {
            result.unit.clone_from(&context.unit);
        }
    }
}

fn without_baseline(request: &MeasureRequest<'_>, selected: &SelectedInstance<'_>) -> (Status, Option<String>) {
    if !selected.surveyed {
        let text = "it is new: run `lightspeed init` to give it a baseline";
        return (Status::New, Some(text.to_owned()));
    }
    let gaps = request.store.baseline_gaps().unwrap_or_default();
    let text = match gaps.get(selected.target.id) {
        Some(gap) => format!("its baseline run gave no number ({}): {}", gap.status, gap.reason),
        None => "it has no baseline: run `lightspeed init`".to_owned(),
    };
    (Status::NoBaseline, Some(text))
}

/// Change in per cent; a rise is positive whatever the sign of the baseline.
pub(crate) fn delta_pct(baseline: f64, current: f64) -> Option<f64> {
    let change = if baseline == current { 0.0 } else { (current - baseline) / baseline.abs() * 100.0 };
    change.is_finite().then_some(change)
}

fn report(
    request: &MeasureRequest<'_>,
    benchmarks: BTreeMap<String, BenchmarkResult>,
    measure_s: f64,
) -> MeasureReport {
    let count = |which: &dyn Fn(&BenchmarkResult) -> bool| benchmarks.values().filter(|result| which(result)).count();
    let removed = count(&|result| result.status == Status::Removed);
    let idle = request.not_run.iter().filter(|idle| idle.status != Status::Removed).count();
    let selected = request.selected.len() + idle;
    let counts = Counts {
        total: selected + request.unaffected,
        selected,
        unaffected: request.unaffected,
        measured: count(&|result| result.current.is_some()),
        compared: count(&|result| result.status == Status::Ok),
        failed: count(&|result| matches!(result.status, Status::Failed | Status::TimedOut)),
        skipped: count(&|result| result.status == Status::Skipped),
        removed,
    };
    let dropped = benchmarks.iter().filter(|(_, result)| result.current.is_none()).map(|(id, result)| Dropped {
        benchmark: id.clone(),
        status: result.status,
        reason: result.reason.clone().unwrap_or_else(|| result.status.as_str().to_owned()),
    });
    MeasureReport {
        schema: SCHEMA,
        step_id: request.options.step_id.clone(),
        generation: request.generation,
        dropped: dropped.collect(),
        counts,
        reward: reward_of(benchmarks.values().map(|result| (result.unit.as_str(), result.reward))),
        benchmarks,
        paired: None,
        hotfiles: request.hotfiles.to_vec(),
        selection: ChangeText::default(),
        environment: request.environment.into(),
        timing: MeasureTiming { total_s: measure_s, select_s: 0.0, measure_s },
    }
}

/// What all times together are worth; what counts bytes or is tracked has no common direction with them.
pub(super) fn reward_of<'a>(results: impl Iterator<Item = (&'a str, Option<Reward>)>) -> Option<Reward> {
    let times = results.filter(|(unit, _)| *unit == SECONDS);
    Reward::mean(&times.filter_map(|(_, reward)| reward).collect::<Vec<_>>())
}

/// The step that results are kept in, if the caller named one.
struct Step<'a> {
    store: &'a Store,
    id: Option<&'a str>,
}

impl<'a> Step<'a> {
    fn begin(request: &MeasureRequest<'a>) -> Result<Self, SessionError> {
        let id = request.options.step_id.as_deref();
        if let Some(id) = id {
            let summary = json!({"state": "running", "generation": request.generation}).to_string();
            request.store.begin_step(id, request.environment, &summary)?;
        }
        Ok(Self { store: request.store, id })
    }

    fn put(&self, benchmark_id: &str, result: &BenchmarkResult, runs: &[u32]) -> Result<(), SessionError> {
        let Some(id) = self.id else { return Ok(()) };
        let row = StepResult {
            benchmark_id: benchmark_id.to_owned(),
            stats: result.current_stats,
            delta: result.delta_pct.map(|percent| percent / 100.0),
            status: result.status.as_str().to_owned(),
            verdict: result.verdict.map(|verdict| verdict.as_str().to_owned()),
            reason: result.reason.clone(),
            samples: result.current_samples.clone().unwrap_or_default(),
            runs: runs.to_vec(),
            reasons: Value::Array(result.reasons.clone()).to_string(),
            comparison: Some(Evidence::of(result).to_json()),
        };
        Ok(self.store.put_step_result(id, &row)?)
    }

    fn close(&self, report: &MeasureReport, complete: bool) -> Result<(), SessionError> {
        let Some(id) = self.id else { return Ok(()) };
        let state = if complete { "complete" } else { "interrupted" };
        let left_out: BTreeSet<&str> =
            report.hotfiles.iter().flat_map(|hotfile| &hotfile.left_out).map(String::as_str).collect();
        let summary = json!({
            "state": state, "generation": report.generation, "counts": report.counts, "left_out": left_out,
            "measure_s": report.timing.measure_s,
        });
        Ok(self.store.set_step_summary(id, &summary.to_string())?)
    }
}
