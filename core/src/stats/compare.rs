//! Two groups of process runs to one verdict.

use std::fmt;

use serde::Serialize;

use super::error::{StatsError, check_alpha, check_positive, finite};
use super::hodges_lehmann::{Interval, LogShift, log_shift};
use super::mann_whitney::{mann_whitney, smallest_p};
use super::summary::{quantile_of_sorted, sorted};
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

/// What the evidence says. Larger values are worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Slower, beyond the margin.
    Regressed,
    /// Faster, beyond the margin.
    Improved,
    /// Slower, perhaps by less than the margin.
    SlowerMinor,
    /// Faster, perhaps by less than the margin.
    FasterMinor,
    /// No change beyond the margin.
    Equivalent,
    /// These runs cannot tell.
    Inconclusive,
}

impl Verdict {
    /// The name used in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regressed => "regressed",
            Self::Improved => "improved",
            Self::SlowerMinor => "slower_minor",
            Self::FasterMinor => "faster_minor",
            Self::Equivalent => "equivalent",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The verdict of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Regressed, Self::Improved, Self::SlowerMinor, Self::FasterMinor, Self::Equivalent, Self::Inconclusive]
            .into_iter()
            .find(|verdict| verdict.as_str() == name)
    }

    /// Whether a difference is claimed, however small.
    pub fn is_change(self) -> bool {
        !matches!(self, Self::Equivalent | Self::Inconclusive)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How two groups of runs were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Mann–Whitney on the medians of the runs: enough runs on both sides.
    RunMedians,
    /// Few runs: Mann–Whitney on all values and Welch's t on the medians of the runs must both agree; the interval
    /// covers both.
    SamplesAndRuns,
    /// One run on a side: Mann–Whitney on all values, the interval widened by a factor of two each way.
    SingleRun,
}

/// Something a reader of the result should know.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Warning {
    /// A side has one process run: what differs from run to run cannot be told from a change.
    SingleRun,
    /// Too few runs for a test that assumes nothing but their independence.
    FewRuns {
        /// Runs on each side that would be enough.
        needed: usize,
    },
    /// No result of samples this small could be called a change.
    TooFewSamples {
        /// The smallest p-value they can give.
        p_min: f64,
    },
    /// The runs of both sides gave the same number throughout: no noise was seen, so none can be estimated.
    NoSpread,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SingleRun => {
                f.write_str("only one process run on a side: measure more rounds to see smaller changes")
            }
            Self::FewRuns { needed } => {
                write!(f, "few process runs: with {needed} on each side no assumption about their noise is needed")
            }
            Self::TooFewSamples { p_min } => {
                write!(f, "too few values to tell: the smallest p-value possible is {p_min:.2}")
            }
            Self::NoSpread => f.write_str("the runs do not vary, so their noise cannot be estimated"),
        }
    }
}

/// How much was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Process runs.
    pub runs: usize,
    /// Values in all runs.
    pub samples: usize,
}

/// Result of a comparison. Every number is finite.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// What to keep in mind.
    pub warnings: Vec<Warning>,
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
    if !(options.margin.is_finite() && options.margin >= 0.0) {
        return Err(StatsError::BadMargin(options.margin));
    }
    let (base, now) = (Side::new(baseline)?, Side::new(current)?);
    let evidence = gather(&base, &now, options.alpha)?;
    let LogShift { estimate, low, high } = evidence.shift;
    let ratio_of = |end: Option<f64>| end.map(|d| finite(libm::exp(d))).transpose();
    let margin = libm::log1p(options.margin);
    let smallest_effect = match (low, high) {
        (Some(low), Some(high)) => Some(libm::expm1(margin + (high - estimate).max(estimate - low))),
        _ => None,
    };
    Ok(Comparison {
        method: evidence.method,
        baseline: base.counts(),
        current: now.counts(),
        ratio: finite(libm::exp(estimate))?,
        interval: Interval { low: ratio_of(low)?, high: ratio_of(high)? },
        p_value: evidence.p_value,
        p_min: evidence.p_min,
        verdict: judge(&evidence, margin, options.alpha),
        margin: options.margin,
        alpha: options.alpha,
        smallest_effect: smallest_effect.filter(|effect| effect.is_finite()),
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
        for run in runs {
            check_positive(run.as_ref())?;
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
    p_value: f64,
    p_min: f64,
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
    evidence.warnings.push(Warning::FewRuns { needed: runs_needed(alpha) });
    Ok(evidence)
}

/// Mann–Whitney with the interval that inverts it.
fn ranked(method: Method, base: &[f64], now: &[f64], alpha: f64) -> Result<Evidence, StatsError> {
    let test = mann_whitney(now, base)?;
    let shift = log_shift(base, now, alpha)?;
    let warnings = if shift.low.is_none() { vec![Warning::TooFewSamples { p_min: test.p_min }] } else { Vec::new() };
    Ok(Evidence { method, shift, p_value: test.p_value, p_min: test.p_min, warnings })
}

/// Runs on each side from which ranks alone can show a change.
fn runs_needed(alpha: f64) -> usize {
    (2..64).find(|n| smallest_p(*n, *n) <= alpha).unwrap_or(64)
}

/// `margin` in logarithms. An interval inside the margin is a finding too, whatever the p-value.
fn judge(evidence: &Evidence, margin: f64, alpha: f64) -> Verdict {
    let (Some(low), Some(high)) = (evidence.shift.low, evidence.shift.high) else {
        return Verdict::Inconclusive;
    };
    let significant = evidence.p_value <= alpha;
    if low >= -margin && high <= margin {
        Verdict::Equivalent
    } else if low > margin && significant {
        Verdict::Regressed
    } else if high < -margin && significant {
        Verdict::Improved
    } else if low > 0.0 && significant {
        Verdict::SlowerMinor
    } else if high < 0.0 && significant {
        Verdict::FasterMinor
    } else {
        Verdict::Inconclusive
    }
}
