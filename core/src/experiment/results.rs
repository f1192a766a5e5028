//! What the runs say.

use serde::{Deserialize, Serialize};

use super::calibration::{Calibration, calibration};
use super::plan::{Design, Plan, Planned};
use super::series::Series;
use crate::stats::{
    CompareOptions, Inference, NoiseFloor, Reward, StatsError, Status, Verdict, Warning, compare, diagnose, signed_rank,
};
#[cfg(feature = "sweep")]
use crate::sweep::Analysis;

/// All benchmarks, in the order of the plan, and the environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Each benchmark of the plan.
    pub benchmarks: Vec<BenchmarkResult>,
    /// The negative controls moved: other changes may be the environment's too.
    pub environment_drift: Option<EnvironmentDrift>,
    /// How far the negative controls seem to have moved, where there are any.
    pub noise_floor: Option<NoiseFloor>,
    /// Share of comparisons of a calibration that were called a change.
    pub false_positive_rate: Option<f64>,
    /// The seed of all orders.
    pub seed: u64,
    /// Of a sweep: its points, their speed-ups, and how they scale.
    #[cfg(feature = "sweep")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Analysis>,
}

/// What came of one benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BenchmarkResult {
    /// Its name.
    pub benchmark: String,
    /// Whether it is a negative control.
    pub control: bool,
    /// What happened.
    pub status: Status,
    /// Why the status is not `ok`, or why there is no verdict.
    pub reason: Option<String>,
    /// What the evidence says, where there is any.
    pub verdict: Option<Verdict>,
    /// The numbers behind it; warnings about order, drift and neighbours included.
    pub inference: Option<Inference>,
    /// Margin of the verdict, a fraction.
    pub margin: f64,
    /// The smallest change, as a fraction, that runs like these could have shown to be beyond the margin.
    pub smallest_effect: Option<f64>,
    /// Pairs (or runs of each side) in all with which it may be decided, if further ones are like these.
    pub pairs_needed: Option<usize>,
    /// The numbers as a reward.
    pub reward: Option<Reward>,
    /// Complete pairs, or runs of each side.
    pub pairs: usize,
    /// Seconds that its runs took.
    pub spent_s: f64,
    /// For a calibration: what noise alone looks like.
    pub calibration: Option<Calibration>,
}

/// Negative controls that moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentDrift {
    /// Those that did, at an error level of α over the number of controls: together they are wrong with
    /// probability of at most α.
    pub moved: Vec<String>,
    /// Controls with a verdict.
    pub controls: usize,
}

pub(super) fn results(plan: &Plan, series: &[Series], cancelled: bool) -> Results {
    let all = || plan.benchmarks.iter().zip(series).enumerate();
    let of = |(index, (planned, series)): (usize, (&Planned, &Series))| {
        benchmark(plan, planned, series, (plan.alpha_of(index), cancelled))
    };
    let benchmarks: Vec<BenchmarkResult> = all().map(of).collect();
    let controls: Vec<&BenchmarkResult> = benchmarks.iter().filter(|b| b.control && b.verdict.is_some()).collect();
    let moves = |control: &&&BenchmarkResult| control.verdict.is_some_and(Verdict::is_change);
    let moved: Vec<String> = controls.iter().filter(moves).map(|control| control.benchmark.clone()).collect();
    let controls = controls.len();
    let estimates = benchmarks.iter().filter(|b| b.control).filter_map(|b| b.reward.map(|reward| reward.log_ratio));
    let calibrations = || benchmarks.iter().filter_map(|b| b.calibration);
    let comparisons: usize = calibrations().map(|c| c.comparisons).sum();
    let called: usize = calibrations().map(|c| c.called).sum();
    Results {
        noise_floor: NoiseFloor::new(&estimates.collect::<Vec<_>>(), plan.alpha).ok(),
        environment_drift: (!moved.is_empty()).then_some(EnvironmentDrift { moved, controls }),
        false_positive_rate: (comparisons > 0).then(|| called as f64 / comparisons as f64),
        seed: plan.seed,
        benchmarks,
        #[cfg(feature = "sweep")]
        sweep: None,
    }
}

fn benchmark(plan: &Plan, planned: &Planned, series: &Series, (alpha, cancelled): (f64, bool)) -> BenchmarkResult {
    let pairs = series.pairs();
    let (status, reason) = match &series.ended {
        Some((status, reason)) => (*status, Some(reason.clone())),
        None if pairs > 0 => (Status::Ok, None),
        None => (Status::NotRunBudget, Some(not_run(plan, cancelled))),
    };
    let mut result = BenchmarkResult::unmeasured(planned, (status, reason), pairs, series.spent_s);
    if let (Design::Calibration { pairs: each, .. }, true) = (&plan.design, pairs > 0) {
        result.calibration = Some(calibration(plan, series, *each));
    }
    if status == Status::Ok {
        match evidence(plan, planned, series, alpha) {
            Ok((verdict, inference)) => result.set(series, verdict, inference),
            Err(error) => result.reason = Some(format!("no verdict: {error}")),
        }
    }
    result
}

/// Why a benchmark has no run that counts, and did not fail.
pub(super) fn not_run(plan: &Plan, cancelled: bool) -> String {
    let reason = match plan.budget_s {
        _ if cancelled => "the experiment was cancelled before its turn",
        Some(_) => "the budget was spent before its turn",
        None => "it has not been run yet",
    };
    reason.to_owned()
}

impl BenchmarkResult {
    /// What happened, and no numbers yet.
    pub(super) fn unmeasured(
        planned: &Planned,
        (status, reason): (Status, Option<String>),
        pairs: usize,
        spent_s: f64,
    ) -> Self {
        Self {
            benchmark: planned.id.clone(),
            control: planned.control,
            status,
            reason,
            verdict: None,
            inference: None,
            margin: planned.margin,
            smallest_effect: None,
            pairs_needed: None,
            reward: None,
            pairs,
            spent_s,
            calibration: None,
        }
    }

    fn set(&mut self, series: &Series, verdict: Verdict, inference: Inference) {
        self.verdict = Some(verdict);
        self.smallest_effect = inference.smallest_effect(self.margin);
        let alpha = 1.0 - inference.interval.level;
        // Without pairs the e-process was not in use.
        self.pairs_needed = if series.process.differences().is_empty() {
            inference.values_needed(self.margin).filter(|_| verdict == Verdict::Inconclusive)
        } else {
            series.process.pairs_needed(alpha).ok().flatten()
        };
        self.reward = Reward::of(&inference);
        self.inference = Some(inference);
    }
}

/// The verdict of a benchmark's runs with the numbers behind it.
fn evidence(plan: &Plan, planned: &Planned, series: &Series, alpha: f64) -> Result<(Verdict, Inference), StatsError> {
    let n = series.pairs();
    let (baseline, current) = (&series.baseline[..n], &series.current[..n]);
    let margin = planned.margin;
    let (verdict, mut inference) = match plan.design {
        Design::TwoSamples { .. } => {
            let runs = |side: &[f64]| side.iter().map(|median| [*median]).collect::<Vec<_>>();
            let comparison = compare(&runs(baseline), &runs(current), &CompareOptions { margin, alpha })?;
            (comparison.verdict, comparison.inference())
        }
        Design::UntilDecided { .. } => (series.process.verdict(alpha)?, series.process.inference(alpha)?),
        _ => {
            let inference = signed_rank(baseline, current, alpha)?;
            (Verdict::of(&inference, margin), inference)
        }
    };
    inference.warnings.extend(diagnosed(baseline, current, series.baseline_first.get(..n).unwrap_or_default(), alpha));
    Ok((verdict, inference))
}

fn diagnosed(baseline: &[f64], current: &[f64], baseline_first: &[bool], alpha: f64) -> Vec<Warning> {
    let log_ratios: Vec<f64> = baseline.iter().zip(current).map(|(b, c)| libm::log(*c) - libm::log(*b)).collect();
    diagnose(&log_ratios, baseline_first, alpha).map(|found| found.warnings(alpha)).unwrap_or_default()
}
