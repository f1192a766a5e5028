//! How much larger one sample is than another: the Hodges–Lehmann ratio with its interval.

use serde::Serialize;

use super::error::{StatsError, check_alpha, check_positive, finite};
use super::mann_whitney::{NullDistribution, is_exact};
use super::rank::untied_lower_half;
use super::special::normal_isf;
use super::summary::sorted;

/// Up to this many pairs all differences are held in memory; above, they are searched.
const HELD_PAIRS: usize = 1 << 16;

/// An interval; an end that the data do not bound is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// Estimate of current/baseline with its interval. Assumes independent values and samples that differ by a factor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RatioEstimate {
    /// Sizes: baseline, current.
    pub n: (usize, usize),
    /// Median of all ratios of a current value to a baseline value, in logarithms.
    pub ratio: f64,
    /// The ratios that a Mann–Whitney test at `alpha` would not reject.
    pub interval: Interval,
    /// Error level of the interval.
    pub alpha: f64,
    /// How the interval was found.
    pub distribution: NullDistribution,
}

/// Estimates current/baseline.
///
/// The interval is closed and uses the distribution for distinct values. It stays valid under ties: values
/// spread by an arbitrarily small noise have none, and the interval's ends move by no more than that noise.
///
/// # Errors
/// Empty samples, NaN, infinities, values of zero or less, an `alpha` outside (0, 1), ratios that overflow.
pub fn hodges_lehmann(baseline: &[f64], current: &[f64], alpha: f64) -> Result<RatioEstimate, StatsError> {
    let shift = log_shift(baseline, current, alpha)?;
    let ratio_of = |end: Option<f64>| end.map(|d| finite(libm::exp(d))).transpose();
    let distribution =
        if is_exact(baseline.len(), current.len()) { NullDistribution::Exact } else { NullDistribution::Normal };
    Ok(RatioEstimate {
        n: (baseline.len(), current.len()),
        ratio: finite(libm::exp(shift.estimate))?,
        interval: Interval { low: ratio_of(shift.low)?, high: ratio_of(shift.high)? },
        alpha,
        distribution,
    })
}

/// ln(current/baseline) with its interval.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogShift {
    pub(super) estimate: f64,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
}

/// [`hodges_lehmann`] on logarithms.
pub(super) fn log_shift(baseline: &[f64], current: &[f64], alpha: f64) -> Result<LogShift, StatsError> {
    check_alpha(alpha)?;
    check_positive(baseline)?;
    check_positive(current)?;
    let logs = |sample: &[f64]| sorted(&sample.iter().map(|v| libm::log(*v)).collect::<Vec<_>>());
    let mut differences = Differences::new(logs(current), logs(baseline));
    let pairs = differences.count();
    let upper_middle = differences.kth(pairs / 2);
    let estimate = if pairs % 2 == 1 { upper_middle } else { differences.kth(pairs / 2 - 1).midpoint(upper_middle) };
    let cut = cut_off(baseline.len(), current.len(), alpha);
    let ends = cut.map(|k| (differences.kth(k), differences.kth(pairs - 1 - k)));
    Ok(LogShift { estimate, low: ends.map(|e| e.0), high: ends.map(|e| e.1) })
}

/// How many of the smallest differences lie outside the interval; `None` where no interval is bounded.
///
/// The test rejects at U ≤ k when P(U ≤ k) ≤ α/2, so the largest such k, counted from 0, is the interval's end.
fn cut_off(m: usize, n: usize, alpha: f64) -> Option<u64> {
    if is_exact(m, n) {
        let rejected = untied_lower_half(m, n).partition_point(|p| *p <= alpha / 2.0);
        return rejected.checked_sub(1).map(|k| k as u64);
    }
    // Without the tie correction, which would narrow the interval.
    let (m, n) = (m as f64, n as f64);
    let spread = (m * n * (m + n + 1.0) / 12.0).sqrt();
    let k = (m * n / 2.0 - normal_isf(alpha / 2.0) * spread - 0.5).floor();
    (k >= 0.0).then_some(k as u64)
}

/// All differences x − y of two samples, by rank.
enum Differences {
    Held(Vec<f64>),
    /// Both ascending.
    Searched(Vec<f64>, Vec<f64>),
}

impl Differences {
    fn new(xs: Vec<f64>, ys: Vec<f64>) -> Self {
        if xs.len().saturating_mul(ys.len()) > HELD_PAIRS {
            return Self::Searched(xs, ys);
        }
        Self::Held(xs.iter().flat_map(|x| ys.iter().map(move |y| x - y)).collect())
    }

    fn count(&self) -> u64 {
        match self {
            Self::Held(all) => all.len() as u64,
            Self::Searched(xs, ys) => xs.len() as u64 * ys.len() as u64,
        }
    }

    /// The difference of rank `k` from 0; ranks beyond the end give the largest.
    fn kth(&mut self, k: u64) -> f64 {
        match self {
            Self::Held(all) => {
                let last = all.len().saturating_sub(1);
                *all.select_nth_unstable_by((k as usize).min(last), f64::total_cmp).1
            }
            Self::Searched(xs, ys) => search(xs, ys, k),
        }
    }
}

/// Bisects the values of doubles, which finds the difference itself and not an approximation.
fn search(xs: &[f64], ys: &[f64], k: u64) -> f64 {
    let (Some(x0), Some(x1), Some(y0), Some(y1)) = (xs.first(), xs.last(), ys.first(), ys.last()) else {
        return 0.0;
    };
    let (mut low, mut high) = (ordinal(x0 - y1), ordinal(x1 - y0));
    while low < high {
        let middle = low + (high - low) / 2;
        if count_up_to(xs, ys, from_ordinal(middle)) > k {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    from_ordinal(low)
}

/// How many differences are at most `limit`. Rounding keeps x − y monotone in both, so one sweep counts.
fn count_up_to(xs: &[f64], ys: &[f64], limit: f64) -> u64 {
    let mut too_small = 0;
    let mut count = 0;
    for x in xs {
        while ys.get(too_small).is_some_and(|y| x - y > limit) {
            too_small += 1;
        }
        count += (ys.len() - too_small) as u64;
    }
    count
}

/// Maps doubles to integers of the same order.
fn ordinal(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn from_ordinal(ordinal: u64) -> f64 {
    f64::from_bits(if ordinal >> 63 == 1 { ordinal & !(1 << 63) } else { !ordinal })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searched_differences_are_the_held_ones() {
        let xs = sorted(&(0..40).map(|i| f64::from(i * 7919 % 97) / 3.0).collect::<Vec<_>>());
        let ys = sorted(&(0..33).map(|i| f64::from(i * 104_729 % 89) / 7.0).collect::<Vec<_>>());
        let mut held = Differences::new(xs.clone(), ys.clone());
        for k in 0..held.count() {
            assert_eq!(held.kth(k), search(&xs, &ys, k));
        }
    }
}
