//! Values that do not vary from run to run, compared as they are.
//!
//! Counts and sizes often come out the same every time. A test of ranks then sees two constants and no noise, and can say
//! nothing however large the change. Where the same value has been seen twice on each side, or where the caller
//! knows that the same code gives the same value, the difference itself is the finding.

use serde::{Deserialize, Serialize};

use super::compare::{CompareOptions, Comparison, Counts, compare};
use super::error::{StatsError, check_alpha, check_finite, check_margin, check_positive, check_runs, finite};
use super::inference::{Assumption, Interval, Method};
use super::pairs::log_ratio;
use super::verdict::Verdict;
use super::warning::Warning;

/// What is known about where a benchmark's values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// A time: it varies, and equal values are the clock's coarseness.
    Time,
    /// What the system reports, such as peak memory: may vary. Exact only where seen twice on each side.
    Observed,
    /// What the code itself computes, such as an object's size or a count. Taken as exact even if seen once, with a
    /// warning; not where it has been seen to vary.
    Computed,
}

/// Compares two groups of process runs as [`compare`] does, but exactly where the values allow it.
///
/// Exact means: the interval is the ratio itself, and the p-value is 1 for equal values and 0 for others, which holds
/// as far as the assumption does. Equal values are `equivalent` even if they are 0 or negative.
///
/// # Errors
/// As [`compare`]; zero and negative values only where they differ between the sides or vary.
pub fn compare_quantity<R: AsRef<[f64]>>(
    quantity: Quantity,
    baseline: &[R],
    current: &[R],
    options: &CompareOptions,
) -> Result<Comparison, StatsError> {
    let (Some(base), Some(now)) = (Constant::of(baseline)?, Constant::of(current)?) else {
        return compare(baseline, current, options);
    };
    let repeated = base.runs >= 2 && now.runs >= 2;
    match quantity {
        Quantity::Observed if repeated => exactly(base, now, options, true),
        Quantity::Computed => exactly(base, now, options, repeated),
        Quantity::Time | Quantity::Observed => compare(baseline, current, options),
    }
}

/// One side whose values are all the same.
#[derive(Clone, Copy)]
struct Constant {
    value: f64,
    runs: usize,
    samples: usize,
}

impl Constant {
    fn of<R: AsRef<[f64]>>(runs: &[R]) -> Result<Option<Self>, StatsError> {
        check_runs(runs, check_finite)?;
        let mut values = runs.iter().flat_map(|run| run.as_ref());
        let first = *values.next().ok_or(StatsError::Empty)?;
        let samples = 1 + values.clone().count();
        Ok(values.all(|v| *v == first).then_some(Self { value: first, runs: runs.len(), samples }))
    }

    fn counts(&self) -> Counts {
        Counts { runs: self.runs, samples: self.samples }
    }
}

fn exactly(base: Constant, now: Constant, options: &CompareOptions, repeated: bool) -> Result<Comparison, StatsError> {
    check_alpha(options.alpha)?;
    check_margin(options.margin)?;
    let equal = base.value == now.value;
    if !equal {
        check_positive(&[base.value, now.value])?;
    }
    let shift = if equal { 0.0 } else { log_ratio(base.value, now.value) };
    let ratio = finite(libm::exp(shift))?;
    Ok(Comparison {
        method: Method::Deterministic,
        baseline: base.counts(),
        current: now.counts(),
        ratio,
        interval: Interval { low: Some(ratio), high: Some(ratio), level: 1.0 - options.alpha },
        statistic: None,
        p_value: if equal { 1.0 } else { 0.0 },
        p_min: 0.0,
        verdict: Verdict::of_interval((shift, shift), libm::log1p(options.margin), true),
        margin: options.margin,
        alpha: options.alpha,
        smallest_effect: Some(options.margin),
        runs_needed: None,
        assumptions: vec![Assumption::Deterministic],
        warnings: if repeated { Vec::new() } else { vec![Warning::NotRepeated] },
    })
}
