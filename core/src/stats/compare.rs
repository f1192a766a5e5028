//! Two groups of process runs to one verdict.

use serde::{Deserialize, Serialize};

use super::error::{StatsError, check_alpha, check_margin, check_positive, check_runs, finite};
use super::hodges_lehmann::{LogShift, log_shift};
use super::inference::{Assumption, Estimand, Inference, Interval, Method};
use super::mann_whitney::{Untied, ranked_test, smallest_p};
use super::power::{runs_needed, smallest_effect};
use super::summary::{quantile_of_sorted, sorted};
use super::verdict::Verdict;
use super::warning::Warning;
use super::welch;

/// How far off one process may be as a whole (memory layout, clock frequency, neighbours): a factor of two.
///
/// Only used where a side has one run, so that its run-to-run spread cannot be seen.
const SINGLE_RUN_ALLOWANCE: f64 = std::f64::consts::LN_2;

/// What a comparison is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompareOptions {
    /// Changes up to this fraction do not matter: 0.02 is 2 %, in both directions of the ratio.
    pub margin: f64,
    /// Error level: the probability of claiming a change where there is none.
    pub alpha: f64,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self { margin: 0.02, alpha: 0.05 }
    }
}

/// How much was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Process runs.
    pub runs: usize,
    /// Values in all runs.
    pub samples: usize,
}

/// Result of a comparison. Every number is finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// How it was made.
    pub method: Method,
    /// What the baseline consisted of.
    pub baseline: Counts,
    /// What the current side consisted of.
    pub current: Counts,
    /// Estimate of current/baseline.
    pub ratio: f64,
    /// Its interval at 1 − `alpha`.
    pub interval: Interval,
    /// Mann–Whitney's U, where the method has it.
    pub statistic: Option<f64>,
    /// Two-sided p-value of "no difference".
    pub p_value: f64,
    /// The smallest p-value that these sizes could give.
    pub p_min: f64,
    /// What the evidence says.
    pub verdict: Verdict,
    /// The margin used, a fraction.
    pub margin: f64,
    /// The error level used.
    pub alpha: f64,
    /// The smallest change, as a fraction, that runs as noisy as these could have shown to be beyond the margin.
    pub smallest_effect: Option<f64>,
    /// Where the verdict is `inconclusive`: runs on each side that may settle it, if further ones are like these.
    pub runs_needed: Option<usize>,
    /// What must hold for the numbers to mean what they say.
    pub assumptions: Vec<Assumption>,
    /// What to keep in mind.
    pub warnings: Vec<Warning>,
}

impl Comparison {
    /// The numbers in the shape that all methods share; `n` counts the values that were ranked or, for exact values,
    /// the runs.
    pub fn inference(&self) -> Inference {
        let count = |counts: &Counts| match self.method {
            Method::SamplesAndRuns | Method::SingleRun => counts.samples,
            _ => counts.runs,
        };
        let n = (count(&self.baseline), count(&self.current));
        let mut result = Inference::new(self.method, n, Estimand::Ratio, self.alpha);
        result.estimate = Some(self.ratio);
        result.interval = self.interval;
        result.statistic = self.statistic;
        result.p_value = Some(self.p_value);
        result.p_min = Some(self.p_min);
        result.assumptions.clone_from(&self.assumptions);
        result.warnings.clone_from(&self.warnings);
        result
    }
}

/// Compares two groups of process runs; each run is the values it gave.
///
/// Values of one process are not independent, so the run is what counts: its values collapse to their median
/// wherever the number of runs allows a verdict at all. A change is claimed only if the whole interval and the
/// p-value agree.
///
/// # Errors
/// A side without runs, an empty run, NaN, infinities, values of zero or less, unusable options, overflow.
pub fn compare<R: AsRef<[f64]>>(
    baseline: &[R],
    current: &[R],
    options: &CompareOptions,
) -> Result<Comparison, StatsError> {
    check_alpha(options.alpha)?;
    check_margin(options.margin)?;
    let (base, now) = (Side::new(baseline)?, Side::new(current)?);
    let evidence = gather(&base, &now, options.alpha)?;
    let shift = &evidence.shift;
    let margin = libm::log1p(options.margin);
    let verdict = judge(&evidence, margin, options.alpha);
    let runs = base.medians.len().min(now.medians.len());
    let open = verdict == Verdict::Inconclusive && evidence.method != Method::SingleRun;
    Ok(Comparison {
        method: evidence.method,
        baseline: base.counts(),
        current: now.counts(),
        ratio: finite(libm::exp(shift.estimate))?,
        interval: shift.ratios(options.alpha)?,
        statistic: evidence.statistic,
        p_value: evidence.p_value,
        p_min: evidence.p_min,
        verdict,
        margin: options.margin,
        alpha: options.alpha,
        smallest_effect: smallest_effect(shift, margin),
        runs_needed: open.then(|| runs_needed(runs, shift, margin)).flatten(),
        assumptions: evidence.assumptions,
        warnings: evidence.warnings,
    })
}

/// One side of the comparison.
struct Side {
    samples: Vec<f64>,
    medians: Vec<f64>,
}

impl Side {
    fn new<R: AsRef<[f64]>>(runs: &[R]) -> Result<Self, StatsError> {
        let mut side = Self { samples: Vec::new(), medians: Vec::new() };
        check_runs(runs, check_positive)?;
        for run in runs {
            side.samples.extend_from_slice(run.as_ref());
            side.medians.push(quantile_of_sorted(&sorted(run.as_ref()), 0.5));
        }
        if side.medians.is_empty() { Err(StatsError::Empty) } else { Ok(side) }
    }

    fn counts(&self) -> Counts {
        Counts { runs: self.medians.len(), samples: self.samples.len() }
    }
}

struct Evidence {
    method: Method,
    shift: LogShift,
    statistic: Option<f64>,
    p_value: f64,
    p_min: f64,
    assumptions: Vec<Assumption>,
    warnings: Vec<Warning>,
}

fn gather(base: &Side, now: &Side, alpha: f64) -> Result<Evidence, StatsError> {
    if smallest_p(base.medians.len(), now.medians.len()) <= alpha {
        return ranked(Method::RunMedians, &base.medians, &now.medians, alpha);
    }
    if base.medians.len() < 2 || now.medians.len() < 2 {
        let mut evidence = ranked(Method::SingleRun, &base.samples, &now.samples, alpha)?;
        evidence.shift.low = evidence.shift.low.map(|low| low - SINGLE_RUN_ALLOWANCE);
        evidence.shift.high = evidence.shift.high.map(|high| high + SINGLE_RUN_ALLOWANCE);
        evidence.warnings.insert(0, Warning::SingleRun);
        return Ok(evidence);
    }
    let mut evidence = ranked(Method::SamplesAndRuns, &base.samples, &now.samples, alpha)?;
    let runs = welch::fit(&base.medians, &now.medians, alpha)?;
    evidence.p_value = evidence.p_value.max(runs.p_value);
    evidence.shift.low = evidence.shift.low.zip(runs.shift.low).map(|(a, b)| a.min(b));
    evidence.shift.high = evidence.shift.high.zip(runs.shift.high).map(|(a, b)| a.max(b));
    if runs.shift.low.is_none() {
        evidence.warnings.push(Warning::NoSpread);
    }
    evidence.assumptions.push(Assumption::LogNormal);
    evidence.warnings.push(Warning::FewRuns { needed: enough_runs(alpha) });
    Ok(evidence)
}

/// Mann–Whitney with the interval that inverts it.
fn ranked(method: Method, base: &[f64], now: &[f64], alpha: f64) -> Result<Evidence, StatsError> {
    let untied = Untied::new(base.len(), now.len());
    let test = ranked_test(base, now, &untied);
    let shift = log_shift(base, now, &untied, alpha)?;
    let warnings = if shift.low.is_none() { vec![Warning::TooFewSamples { p_min: test.p_min }] } else { Vec::new() };
    let assumptions = vec![Assumption::IndependentValues, Assumption::SameShape];
    Ok(Evidence {
        method,
        shift,
        statistic: Some(test.u),
        p_value: test.p_value,
        p_min: test.p_min,
        assumptions,
        warnings,
    })
}

/// Runs on each side from which ranks alone can show a change.
fn enough_runs(alpha: f64) -> usize {
    (2..64).find(|n| smallest_p(*n, *n) <= alpha).unwrap_or(64)
}

/// `margin` in logarithms. Sizes that could not show a change cannot show its absence either.
fn judge(evidence: &Evidence, margin: f64, alpha: f64) -> Verdict {
    match evidence.shift.low.zip(evidence.shift.high) {
        Some(ends) if evidence.p_min <= alpha => Verdict::of_interval(ends, margin, evidence.p_value <= alpha),
        _ => Verdict::Inconclusive,
    }
}
