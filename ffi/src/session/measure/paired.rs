//! Pairs: the tree before the change and the tree as it is, in turn, until it is known whether they differ.

use super::commands::pair_commands;
use super::report::{BenchmarkResult, named_params};
use super::sides::{Ran, Sides};
use super::{MeasureOptions, SelectedInstance, compare_options, delta_pct, quantity_of, status_of};
use crate::session::timing::{Conditions, Measured, Runner, Target};
use crate::session::{Event, Listener, SessionError};
use crate::suite::{Benchmark, Kind, Suite};
use lightspeed_core::experiment::{
    self, Calibration, Design, EnvironmentDrift, Experiment, Next, Outcome, Plan, Planned, Side,
};
use lightspeed_core::stats::{NoiseFloor, Status, compare_quantity, quantile};
use std::collections::BTreeMap;

/// Pairs of a comparison of a tree with itself, at most: as many as decide about a few per cent of change on a machine that is fit.
const CALIBRATION_PAIRS: usize = 20;

/// The share of a budget that what is no time may take, where there is anything that is.
const EXACT_SHARE: f64 = 0.5;

/// How to measure in pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct PairedOptions {
    /// The revision before the change; `None` is what git compared with, else the last commit.
    pub base: Option<String>,
    /// Pairs of each instance at most.
    pub most_pairs: usize,
    /// Seconds that all runs may take together; what is undecided then stays so.
    pub budget_s: Option<f64>,
    /// Decides every order.
    pub seed: u64,
}

/// What pairs are measured with. Both suites start every run in a process of its own, from nothing: forks of one process
/// share its memory layout and hash seed, which would look like a difference between the trees.
pub(in crate::session) struct Pairs<'a> {
    /// Before the change.
    pub(in crate::session) base: Conditions<'a>,
    /// The suite as it is before the change, by name; what is not in it is new.
    pub(in crate::session) before: &'a BTreeMap<String, Benchmark>,
    /// Files of the suite that could not be looked into there, with the reason.
    pub(in crate::session) failures: &'a BTreeMap<String, String>,
    /// The revision, as the user knows it.
    pub(in crate::session) revision: &'a str,
    /// When to end, and in which order.
    pub(in crate::session) options: &'a PairedOptions,
}

/// An instance that is run on both sides, and what came of it.
pub(super) struct Trial<'a> {
    selected: &'a SelectedInstance<'a>,
    pub(super) before: Target<'a>,
    pub(super) baseline: Measured,
    pub(super) current: Measured,
    /// Whether both sides are the tree before.
    twice: bool,
    /// What the other side of a pair gave that was asked for one side alone.
    pub(super) held: Option<(Side, Ran)>,
    /// Whether both sides at once failed: they may want the same file or port.
    pub(super) apart: bool,
}

impl<'a> Trial<'a> {
    fn new(selected: &'a SelectedInstance<'a>, before: Target<'a>, twice: bool) -> Self {
        let (baseline, current) = (Measured::default(), Measured::default());
        Trial { selected, before, baseline, current, twice, held: None, apart: false }
    }

    /// What its current side runs.
    pub(super) fn after(&self) -> Target<'a> {
        if self.twice { self.before } else { self.selected.target }
    }
}

/// What came of an instance.
pub(in crate::session) struct Ended {
    /// Its numbers, and what they say.
    pub(in crate::session) result: BenchmarkResult,
    /// Pairs in all with which it may be decided, where it is not.
    pub(in crate::session) pairs_needed: Option<usize>,
}

impl From<BenchmarkResult> for Ended {
    fn from(result: BenchmarkResult) -> Self {
        Self { result, pairs_needed: None }
    }
}

/// Hears what came of an instance.
pub(in crate::session) type Record<'r> = &'r mut dyn FnMut(&SelectedInstance<'_>, Ended) -> Result<(), SessionError>;

/// What came of all pairs together.
#[derive(Default)]
pub(in crate::session) struct PairsRun {
    /// Negative controls that moved.
    pub(in crate::session) drift: Option<EnvironmentDrift>,
    /// How far the negative controls seem to have moved.
    pub(in crate::session) noise_floor: Option<NoiseFloor>,
    /// Seconds of all runs, from the start of their process to its end.
    pub(in crate::session) runs_s: f64,
}

/// Measures what is in both trees. Hands over a result for every instance, whatever became of it.
///
/// # Errors
/// The caller asked to stop, no process can be started, or `record` failed; results so far have been handed over.
pub(in crate::session) fn measure_pairs(
    pairs: &Pairs<'_>,
    instances: &[SelectedInstance<'_>],
    options: &MeasureOptions,
    now: &Conditions<'_>,
    listener: Listener<'_>,
    record: Record<'_>,
) -> Result<PairsRun, SessionError> {
    let mut trials = Vec::new();
    for selected in instances {
        match opponent(pairs, selected) {
            Ok(before) => {
                trials.push(Trial::new(selected, before, false));
            }
            Err((status, reason)) => {
                let mut result = BenchmarkResult::new(status, Some(reason), selected.reasons.clone());
                result.unit.clone_from(&selected.target.benchmark.unit);
                record(selected, result.into())?;
            }
        }
    }
    if trials.is_empty() {
        return Ok(PairsRun::default());
    }
    if let (Suite::Commands(before), Suite::Commands(current)) = (pairs.base.suite, now.suite) {
        let trials: Vec<&SelectedInstance<'_>> = trials.iter().map(|trial| trial.selected).collect();
        return pair_commands((before, current), &trials, pairs, options, listener, record);
    }
    let old: Vec<Target<'_>> = trials.iter().map(|trial| trial.before).collect();
    let new: Vec<Target<'_>> = trials.iter().map(|trial| trial.selected.target).collect();
    let mut sides = Sides::new(Runner::new(pairs.base, &old), Runner::new(*now, &new));
    let (mut timed, exact): (Vec<Trial<'_>>, Vec<Trial<'_>>) =
        trials.into_iter().partition(|trial| is_timed(trial.selected.target.benchmark));
    // One pair decides about these, so they come first; but not all of the time is theirs.
    let share = if timed.is_empty() { 1.0 } else { EXACT_SHARE };
    for mut trial in exact {
        if pairs.options.budget_s.is_some_and(|budget| sides.runs_s >= budget * share) {
            record(trial.selected, not_run(trial.selected).into())?;
            continue;
        }
        sides.run(&mut trial, Side::Baseline, listener)?;
        sides.run(&mut trial, Side::Current, listener)?;
        let mut result = compared(&mut trial, options);
        result.set_told(&trial.baseline.told, &trial.current.told, options);
        record(trial.selected, result.into())?;
    }
    if timed.is_empty() {
        return Ok(PairsRun { runs_s: sides.runs_s, ..PairsRun::default() });
    }
    let mut plan = plan(&timed, pairs, options);
    plan.budget_s = plan.budget_s.map(|budget| (budget - sides.runs_s).max(f64::MIN_POSITIVE));
    let mut experiment = Experiment::new(plan).map_err(refused)?;
    let ended = follow(&mut experiment, &mut timed, &mut sides, listener);
    let results = experiment.results();
    for (trial, result) in timed.iter_mut().zip(results.benchmarks) {
        let mut ended = decided(trial, result);
        ended.result.set_told(&trial.baseline.told, &trial.current.told, options);
        record(trial.selected, ended)?;
    }
    let run = PairsRun { drift: results.environment_drift, noise_floor: results.noise_floor, runs_s: sides.runs_s };
    ended.map(|()| run)
}

/// What reasons begin with that concern the tree before the change.
pub(in crate::session) const BEFORE: &str = "before the change: ";

/// Compares the tree before the change with itself, `comparisons` times for each instance. What that says of each, and the
/// seconds of all runs.
///
/// # Errors
/// As [`measure_pairs`].
pub(in crate::session) fn calibrate_pairs(
    pairs: &Pairs<'_>,
    instances: &[SelectedInstance<'_>],
    options: &MeasureOptions,
    comparisons: usize,
    listener: Listener<'_>,
) -> Result<(BTreeMap<String, Calibration>, f64), SessionError> {
    let mut trials = Vec::new();
    for selected in instances.iter().filter(|selected| is_timed(selected.target.benchmark)) {
        if let Ok(before) = opponent(pairs, selected) {
            trials.push(Trial::new(selected, before, true));
        }
    }
    if trials.is_empty() {
        return Ok((BTreeMap::new(), 0.0));
    }
    let targets: Vec<Target<'_>> = trials.iter().map(|trial| trial.before).collect();
    let runner = || Runner::new(pairs.base, &targets);
    let mut sides = Sides::new(runner(), runner());
    let each = pairs.options.most_pairs.min(CALIBRATION_PAIRS);
    let mut plan = plan(&trials, pairs, options);
    plan.design = Design::Calibration { comparisons, pairs: each };
    let mut experiment = Experiment::new(plan).map_err(refused)?;
    follow(&mut experiment, &mut trials, &mut sides, listener)?;
    let found = experiment.results().benchmarks.into_iter();
    let found = found.filter_map(|found| Some((found.benchmark, found.calibration?))).collect();
    Ok((found, sides.runs_s))
}

fn is_timed(benchmark: &Benchmark) -> bool {
    matches!(benchmark.kind, Kind::Time | Kind::Timeraw | Kind::Command)
}

/// The same instance in the tree before, or why there is none to compare with.
fn opponent<'a>(pairs: &Pairs<'a>, selected: &SelectedInstance<'a>) -> Result<Target<'a>, (Status, String)> {
    let Target { id, benchmark, param } = selected.target;
    let revision = pairs.revision;
    let Some(before) = pairs.before.get(&benchmark.name) else {
        return Err(match pairs.failures.get(&benchmark.file) {
            Some(error) => (Status::Failed, format!("{} of {revision} could not be imported: {error}", benchmark.file)),
            None => (Status::New, format!("it is not in {revision}")),
        });
    };
    if before.version != benchmark.version || before.params != benchmark.params || before.unit != benchmark.unit {
        return Err((Status::Incomparable, format!("the benchmark itself is another one in {revision}")));
    }
    Ok(Target { id, benchmark: before, param })
}

fn plan(trials: &[Trial<'_>], pairs: &Pairs<'_>, options: &MeasureOptions) -> Plan {
    let planned = trials.iter().map(|trial| {
        let SelectedInstance { target, control, run_s, .. } = trial.selected;
        Planned { id: target.id.to_owned(), margin: options.margin, control: *control, run_s: *run_s }
    });
    let mut plan = Plan::new(Design::until_decided(pairs.options.most_pairs), planned.collect(), pairs.options.seed);
    plan.alpha = options.alpha;
    plan.budget_s = pairs.options.budget_s;
    plan
}

/// Does what the experiment asks for until it asks for nothing more.
fn follow<'a>(
    experiment: &mut Experiment,
    trials: &mut [Trial<'a>],
    sides: &mut Sides<'a>,
    listener: Listener<'_>,
) -> Result<(), SessionError> {
    let total = experiment.progress().expected;
    listener(Event::Begin { what: "pairs", total });
    let mut shown = 0;
    while let Next::Run(run) = experiment.next() {
        let Some(trial) = trials.iter_mut().find(|trial| trial.selected.target.id == run.benchmark) else { break };
        listener(Event::Item { name: &run.benchmark });
        let outcome = sides.run(trial, run.side, listener)?;
        if let Err(error) = experiment.record(outcome) {
            experiment.record(Outcome::Failed { reason: error.to_string() }).map_err(refused)?;
        }
        if experiment.only_controls_left() {
            experiment.cancel();
        }
        // What was decided early counts as done.
        let progress = experiment.progress();
        let done = total.saturating_sub(progress.expected - progress.done);
        (shown..done).for_each(|_| listener(Event::Done));
        shown = shown.max(done);
    }
    Ok(())
}

/// How the last run ended.
pub(super) fn status_of_run(measured: &Measured) -> Status {
    if measured.is_sound() { Status::Ok } else { status_of(measured) }
}

/// The numbers of both sides.
fn filled(trial: &mut Trial<'_>, status: Status, reason: Option<String>) -> BenchmarkResult {
    let selected = trial.selected;
    let mut result = BenchmarkResult::new(status, reason, selected.reasons.clone());
    result.unit.clone_from(&selected.target.benchmark.unit);
    result.params = named_params(&selected.target);
    let medians =
        |side: &Measured| -> Vec<f64> { side.runs.iter().filter_map(|run| quantile(run, 0.5).ok()).collect() };
    let kept = |values: Vec<f64>| (!values.is_empty()).then_some(values);
    result.baseline_samples = kept(medians(&trial.baseline));
    result.current_samples = kept(medians(&trial.current));
    for side in [&mut trial.baseline, &mut trial.current] {
        side.close();
    }
    result.baseline_stats = trial.baseline.stats();
    result.current_stats = trial.current.stats();
    let median = |samples: &Option<Vec<f64>>| samples.as_deref().and_then(|samples| quantile(samples, 0.5).ok());
    result.baseline = median(&result.baseline_samples);
    result.current = median(&result.current_samples);
    result.delta_pct = result.baseline.zip(result.current).and_then(|(before, now)| delta_pct(before, now));
    if status != Status::Ok {
        let said = [&trial.current.stderr, &trial.baseline.stderr].into_iter().find(|text| !text.is_empty());
        result.stderr = said.cloned();
    }
    result
}

/// What the pairs say.
fn decided(trial: &mut Trial<'_>, found: experiment::BenchmarkResult) -> Ended {
    let mut result = filled(trial, found.status, found.reason);
    result.pairs = Some(found.pairs);
    result.verdict = found.verdict;
    result.smallest_effect = found.smallest_effect;
    result.reward = found.reward;
    if let Some(inference) = found.inference {
        result.ratio = inference.estimate;
        // The medians of the sides may move otherwise than the pairs; the estimate is what the interval belongs to.
        result.delta_pct = inference.estimate.map(|ratio| (ratio - 1.0) * 100.0);
        result.interval = Some(inference.interval.into());
        result.e_value = inference.e_value;
        result.warnings = inference.warnings.iter().map(ToString::to_string).collect();
    }
    Ended { result, pairs_needed: found.pairs_needed }
}

/// What its turn did not come to.
pub(super) fn not_run(selected: &SelectedInstance<'_>) -> BenchmarkResult {
    let reason = "the budget was spent before its turn".to_owned();
    BenchmarkResult::new(Status::NotRunBudget, Some(reason), selected.reasons.clone())
}

/// What is no time is the same at every run, or has a spread that pairs do not help against: one run of each side.
fn compared(trial: &mut Trial<'_>, options: &MeasureOptions) -> BenchmarkResult {
    let failed = [(&trial.baseline, BEFORE), (&trial.current, "")].into_iter().find_map(|(side, words)| {
        let status = status_of_run(side);
        (status != Status::Ok).then(|| (status, format!("{words}{}", side.reason())))
    });
    if let Some((status, reason)) = failed {
        return filled(trial, status, Some(reason));
    }
    let mut result = filled(trial, Status::Ok, None);
    let quantity = quantity_of(&trial.selected.target.benchmark.kind);
    match compare_quantity(quantity, &trial.baseline.runs, &trial.current.runs, &compare_options(options)) {
        Ok(comparison) => result.set_comparison(&comparison),
        Err(error) => result.reason = Some(format!("no verdict: {error}")),
    }
    result
}

fn refused(error: experiment::ExperimentError) -> SessionError {
    SessionError::Request(error.to_string())
}
