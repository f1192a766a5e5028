//! Running what was chosen in both trees, and what came of it.

use super::CompareOptions;
use super::report::{Calibrated, CompareReport, CompareResult};
use super::selection::{Chosen, Picked, Side};
use super::trees::Trees;
use crate::session::measure::{
    BEFORE, BenchmarkResult, Counts, Dropped, Ended, MeasureOptions, PairedOptions, Pairs, PairsRun, SelectedInstance,
    Status, calibrate_pairs, measure_pairs, reward_of,
};
use crate::session::timing::Conditions;
use crate::session::{Listener, SessionError};
use lightspeed_core::stats::{GatePolicy, Verdict};
use std::collections::BTreeMap;
use std::time::Instant;

/// The share of the budget that comparing A with itself may take.
const CALIBRATION_SHARE: f64 = 0.25;

/// Fills in what came of all that was chosen.
///
/// # Errors
/// A process cannot be started, a pair cannot be meant.
pub(super) fn run<'r>(
    report: &mut CompareReport,
    (trees, a, b): (&'r Trees, &'r Side, &'r Side),
    chosen: &'r Chosen,
    (options, measuring): (&'r CompareOptions, &'r MeasureOptions),
    listener: Listener<'_>,
) -> Result<(), SessionError> {
    let began = Instant::now();
    let mut results: BTreeMap<String, Ended> = BTreeMap::new();
    let (instances, missing) = instances(chosen, b);
    results.extend(missing);
    let within = |budget_s: Option<f64>| {
        let CompareOptions { most_pairs, seed, .. } = *options;
        PairedOptions { base: None, most_pairs, budget_s, seed }
    };
    let share = within(options.budget_s.map(|budget| budget * CALIBRATION_SHARE));
    let conditions = |side: &'r Side| Conditions {
        suite: &side.suite,
        timing: &measuring.timing,
        default_timeout: side.session.config.default_timeout(),
        cancel: &side.session.cancel,
    };
    let pairs = |paired| Pairs {
        base: conditions(a),
        before: &a.benchmarks,
        failures: &a.failures,
        revision: &trees.a.text.name,
        options: paired,
    };
    let mut ended = Ok(());
    if options.calibrate > 0 && !instances.is_empty() {
        let affected: Vec<SelectedInstance<'_>> = instances.iter().filter(|each| !each.control).cloned().collect();
        match calibrate_pairs(&pairs(&share), &affected, measuring, options.calibrate, listener) {
            Ok((found, runs_s)) => {
                report.calibration = Some(Calibrated::of(found));
                report.timing.runs_s = runs_s;
            }
            Err(error) => ended = Err(error),
        }
        report.timing.calibrate_s = began.elapsed().as_secs_f64();
    }
    let rest = options.budget_s.map(|budget| (budget - report.timing.calibrate_s).max(f64::MIN_POSITIVE));
    let rest = within(rest);
    if ended.is_ok() && !instances.is_empty() {
        let began = Instant::now();
        let mut record = |selected: &SelectedInstance<'_>, ended: Ended| {
            results.insert(selected.target.id.to_owned(), ended);
            Ok(())
        };
        match measure_pairs(&pairs(&rest), &instances, measuring, &conditions(b), listener, &mut record) {
            Ok(run) => report.set_run(run),
            Err(error) => ended = Err(error),
        }
        report.timing.measure_s = began.elapsed().as_secs_f64();
    }
    match ended {
        Err(SessionError::Cancelled) => report.interrupted = true,
        other => other?,
    }
    report.fill(trees, chosen, results);
    Ok(())
}

/// What is to be run; and what cannot be, because B does not list it.
fn instances<'a>(chosen: &'a Chosen, b: &'a Side) -> (Vec<SelectedInstance<'a>>, Vec<(String, Ended)>) {
    let (mut instances, mut missing) = (Vec::new(), Vec::new());
    for picked in &chosen.picked {
        let Some(target) = b.target(picked) else {
            let reason = b.failures.values().next().map_or("it is not listed", String::as_str);
            let reason = format!("its file could not be imported after the change: {reason}");
            let result = BenchmarkResult::new(Status::Failed, Some(reason), picked.reasons.clone());
            missing.push((picked.id.clone(), result.into()));
            continue;
        };
        instances.push(SelectedInstance {
            target,
            reasons: picked.reasons.clone(),
            surveyed: true,
            control: picked.control,
            run_s: None,
        });
    }
    (instances, missing)
}

impl Calibrated {
    fn of(benchmarks: BTreeMap<String, lightspeed_core::experiment::Calibration>) -> Self {
        let comparisons = benchmarks.values().map(|each| each.comparisons).sum();
        let called = benchmarks.values().map(|each| each.called).sum();
        let false_positive_rate = (comparisons > 0).then(|| called as f64 / comparisons as f64);
        Self { comparisons, called, false_positive_rate, benchmarks }
    }
}

impl CompareReport {
    fn set_run(&mut self, run: PairsRun) {
        self.drift = run.drift;
        self.noise_floor = run.noise_floor;
        self.timing.runs_s += run.runs_s;
    }

    fn fill(&mut self, trees: &Trees, chosen: &Chosen, mut results: BTreeMap<String, Ended>) {
        let gates = GatePolicy::default();
        for picked in &chosen.picked {
            let ended = results.remove(&picked.id).unwrap_or_else(|| {
                let reason = "it was interrupted before its turn".to_owned();
                BenchmarkResult::new(Status::NotRunBudget, Some(reason), picked.reasons.clone()).into()
            });
            let Ended { mut result, pairs_needed } = ended;
            if is_newer(trees, picked, &result) {
                result.status = Status::New;
                let why = result.reason.take().unwrap_or_default();
                result.reason = Some(format!("it does not run in {}, which does not have it: {why}", self.a.name));
            }
            result.gate = result.gate.filter(|_| result.status == Status::Ok);
            result.gate = result.gate.or(Some(gates.judge(result.status, result.verdict)));
            let Picked { layer, tags, .. } = picked;
            let found = CompareResult { layer: *layer, tags: tags.clone(), pairs_needed, result };
            let group = if picked.control { &mut self.controls } else { &mut self.benchmarks };
            group.insert(picked.id.clone(), found);
        }
        self.undecided = self.benchmarks.iter().filter_map(|(id, found)| undecided(id, found)).collect();
        self.reward = reward_of(self.benchmarks.values().map(|each| (each.result.unit.as_str(), each.result.reward)));
        self.selection = chosen.selection.clone();
        self.selection.removed.clone_from(&chosen.removed);
        self.counts = self.counted(chosen);
    }

    fn counted(&self, chosen: &Chosen) -> Counts {
        let count = |which: &dyn Fn(&BenchmarkResult) -> bool| {
            self.benchmarks.values().filter(|found| which(&found.result)).count()
        };
        let selected = self.benchmarks.len();
        Counts {
            total: selected + chosen.unaffected,
            selected,
            unaffected: chosen.unaffected,
            measured: count(&|result| result.current.is_some()),
            compared: count(&|result| result.status == Status::Ok),
            failed: count(&|result| matches!(result.status, Status::Failed | Status::TimedOut)),
            skipped: count(&|result| result.status == Status::Skipped),
            removed: chosen.removed.len(),
        }
    }
}

/// Whether it failed before the change because it is younger than that.
fn is_newer(trees: &Trees, picked: &Picked, result: &BenchmarkResult) -> bool {
    let failed = matches!(result.status, Status::Failed | Status::TimedOut);
    // A pair of commands calls its sides by the words of its own document.
    let side = if result.receipt.is_some() { "baseline " } else { BEFORE };
    let before = result.reason.as_deref().is_some_and(|reason| reason.starts_with(side));
    failed && before && !trees.known_to_a.contains(&picked.source)
}

/// What nothing is known about yet.
fn undecided(id: &str, found: &CompareResult) -> Option<Dropped> {
    let CompareResult { pairs_needed, result, .. } = found;
    let reason = match (result.status, result.verdict) {
        (Status::NotRunBudget, _) => result.reason.clone().unwrap_or_default(),
        (Status::Ok, Some(Verdict::Inconclusive)) => {
            let pairs = result.pairs.unwrap_or(0);
            let more = match pairs_needed {
                Some(needed) if *needed > pairs => format!("some {needed} may settle it"),
                _ => "no number in sight would settle it".to_owned(),
            };
            format!("{pairs} pairs cannot tell; {more}")
        }
        _ => return None,
    };
    Some(Dropped { benchmark: id.to_owned(), status: result.status, reason })
}
