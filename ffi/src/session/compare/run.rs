//! Running what was chosen in both trees, and what came of it.

use super::CompareOptions;
use super::report::{Calibrated, CompareReport, CompareResult};
use super::selection::{Chosen, Picked, Side};
use super::trees::Trees;
use crate::session::measure::{
    BEFORE, BenchmarkResult, Counts, Dropped, Ended, MeasureOptions, PairedOptions, Pairs, PairsRun, SelectedInstance,
    Status, calibrate_pairs, measure_pairs, reward_of,
};
use crate::session::{Listener, SessionError};
use lightspeed_core::stats::{GatePolicy, Verdict};
use std::collections::BTreeMap;
use std::time::Instant;

/// The share of the budget that comparing A with itself may take, and that starting commands may.
const SHARE: f64 = 0.25;

/// What is run with one suite.
pub(super) struct Group<'r> {
    pub(super) a: &'r Side,
    pub(super) b: &'r Side,
    pub(super) chosen: &'r Chosen,
}

/// What came of all groups so far.
pub(super) struct Runs<'r> {
    pub(super) report: &'r mut CompareReport,
    pub(super) options: &'r CompareOptions,
    pub(super) measuring: &'r MeasureOptions,
    pub(super) trees: &'r Trees,
    results: BTreeMap<String, Ended>,
}

impl<'r> Runs<'r> {
    pub(super) fn new(
        report: &'r mut CompareReport,
        (options, measuring): (&'r CompareOptions, &'r MeasureOptions),
        trees: &'r Trees,
    ) -> Self {
        Runs { report, options, measuring, trees, results: BTreeMap::new() }
    }

    /// Compares A with itself, where that was asked for.
    ///
    /// # Errors
    /// A process cannot be started, a pair cannot be meant.
    pub(super) fn calibrate(&mut self, group: &Group<'_>, listener: Listener<'_>) -> Result<(), SessionError> {
        let began = Instant::now();
        let (instances, _) = instances(group.chosen, group.b);
        let affected: Vec<SelectedInstance<'_>> = instances.into_iter().filter(|each| !each.control).collect();
        if self.options.calibrate == 0 || affected.is_empty() {
            return Ok(());
        }
        let paired = self.within(self.options.budget_s.map(|budget| budget * SHARE));
        let pairs = self.pairs(group, &paired);
        match calibrate_pairs(&pairs, &affected, self.measuring, self.options.calibrate, listener) {
            Ok((found, runs_s)) => {
                self.report.calibration = Some(Calibrated::of(found));
                self.report.timing.runs_s += runs_s;
            }
            Err(error) => self.ended(error)?,
        }
        self.report.timing.calibrate_s = began.elapsed().as_secs_f64();
        Ok(())
    }

    /// Compares A with B within the budget that is left, or a share of it.
    ///
    /// # Errors
    /// A process cannot be started, a pair cannot be meant.
    pub(super) fn measure(
        &mut self,
        group: &Group<'_>,
        last: bool,
        listener: Listener<'_>,
    ) -> Result<(), SessionError> {
        let (instances, missing) = instances(group.chosen, group.b);
        self.results.extend(missing);
        if instances.is_empty() || self.report.interrupted {
            return Ok(());
        }
        let began = Instant::now();
        let spent = self.report.timing.calibrate_s + self.report.timing.measure_s;
        let share = if last { 1.0 } else { SHARE };
        let paired = self.within(self.options.budget_s.map(|budget| ((budget - spent) * share).max(f64::MIN_POSITIVE)));
        let pairs = self.pairs(group, &paired);
        let now = group.b.conditions(&self.measuring.timing);
        let mut heard = Vec::new();
        let mut record = |selected: &SelectedInstance<'_>, ended: Ended| {
            heard.push((selected.target.id.to_owned(), ended));
            Ok(())
        };
        let run = measure_pairs(&pairs, &instances, self.measuring, &now, listener, &mut record);
        self.results.extend(heard);
        match run {
            Ok(run) => self.report.set_run(run),
            Err(error) => self.ended(error)?,
        }
        self.report.timing.measure_s += began.elapsed().as_secs_f64();
        Ok(())
    }

    /// Fills the report in.
    pub(super) fn finish(mut self, groups: &[&Group<'_>]) {
        for group in groups {
            self.report.fill(self.trees, group.chosen, &mut self.results);
        }
        self.report.conclude();
    }

    fn within(&self, budget_s: Option<f64>) -> PairedOptions {
        let CompareOptions { most_pairs, seed, .. } = *self.options;
        PairedOptions { base: None, most_pairs, budget_s, seed }
    }

    fn pairs<'s>(&self, group: &Group<'s>, paired: &'s PairedOptions) -> Pairs<'s>
    where
        'r: 's,
    {
        Pairs {
            base: group.a.conditions(&self.measuring.timing),
            before: &group.a.benchmarks,
            failures: &group.a.failures,
            revision: &self.trees.a.text.name,
            options: paired,
        }
    }

    /// An interrupt ends the measuring, not the report.
    fn ended(&mut self, error: SessionError) -> Result<(), SessionError> {
        self.report.interrupted = matches!(error, SessionError::Cancelled);
        if self.report.interrupted { Ok(()) } else { Err(error) }
    }
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
        self.drift = self.drift.take().or(run.drift);
        self.noise_floor = self.noise_floor.or(run.noise_floor);
        self.timing.runs_s += run.runs_s;
    }

    fn fill(&mut self, trees: &Trees, chosen: &Chosen, results: &mut BTreeMap<String, Ended>) {
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
        self.counts.unaffected += chosen.unaffected;
        self.selection.removed.extend(chosen.removed.iter().cloned());
    }

    /// What the results come to.
    fn conclude(&mut self) {
        self.undecided = self.benchmarks.iter().filter_map(|(id, found)| undecided(id, found)).collect();
        self.reward = reward_of(self.benchmarks.values().map(|each| (each.result.unit.as_str(), each.result.reward)));
        self.counts = self.counted(self.counts.unaffected);
    }

    fn counted(&self, unaffected: usize) -> Counts {
        let count = |which: &dyn Fn(&BenchmarkResult) -> bool| {
            self.benchmarks.values().filter(|found| which(&found.result)).count()
        };
        let selected = self.benchmarks.len();
        Counts {
            total: selected + unaffected,
            selected,
            unaffected,
            measured: count(&|result| result.current.is_some()),
            compared: count(&|result| result.status == Status::Ok),
            failed: count(&|result| matches!(result.status, Status::Failed | Status::TimedOut)),
            skipped: count(&|result| result.status == Status::Skipped),
            removed: self.selection.removed.len(),
        }
    }
}

/// Whether it failed before the change because it is younger than that.
fn is_newer(trees: &Trees, picked: &Picked, result: &BenchmarkResult) -> bool {
    let failed = matches!(result.status, Status::Failed | Status::TimedOut);
    // A pair of commands calls its sides by the words of its own document.
    let side = if result.receipt.is_some() { "baseline " } else { BEFORE };
    let before = result.reason.as_deref().is_some_and(|reason| reason.starts_with(side));
    failed && before && trees.known_to_a.as_ref().is_some_and(|known| !known.contains(&picked.source))
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
