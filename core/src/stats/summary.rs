//! One sample to its summary: location, spread, and ASV's interval of the median.

use serde::{Deserialize, Serialize};

use super::error::{StatsError, check_finite, finite};
use super::laplace::LaplacePosterior;

/// What is worth knowing about one sample. Every number is finite.
///
/// `median`, the quartiles and the interval are what ASV computes. The interval assumes independent values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Number of values.
    pub n: usize,
    /// Middle of the sample.
    pub median: f64,
    /// Lower quartile.
    pub q_25: f64,
    /// Upper quartile.
    pub q_75: f64,
    /// Lower end of the median's interval of at least 99 %; `None` where the sample does not bound it.
    pub ci_99_a: Option<f64>,
    /// Upper end of that interval.
    pub ci_99_b: Option<f64>,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with n − 1; `None` for one value.
    pub sd: Option<f64>,
    /// Median absolute deviation from the median, unscaled.
    pub mad: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

/// Summarises a sample.
///
/// # Errors
/// An empty sample, NaN, infinities, and values so far apart that a result overflows.
pub fn summarize(sample: &[f64]) -> Result<Summary, StatsError> {
    check_finite(sample)?;
    let sorted = sorted(sample);
    let median = quantile_of_sorted(&sorted, 0.5);
    let (ci_99_a, ci_99_b) = median_interval(&sorted, median);
    let (mean, sd) = moments(&sorted)?;
    Ok(Summary {
        n: sorted.len(),
        median,
        q_25: quantile_of_sorted(&sorted, 0.25),
        q_75: quantile_of_sorted(&sorted, 0.75),
        ci_99_a,
        ci_99_b,
        mean,
        sd,
        mad: finite(median_absolute_deviation(&sorted, median))?,
        min: sorted.first().copied().unwrap_or(median),
        max: sorted.last().copied().unwrap_or(median),
    })
}

/// The quantile `q` by linear interpolation at (n − 1)q.
///
/// # Errors
/// An empty sample, NaN, infinities, a `q` outside [0, 1].
pub fn quantile(sample: &[f64], q: f64) -> Result<f64, StatsError> {
    check_finite(sample)?;
    if !(0.0..=1.0).contains(&q) {
        return Err(StatsError::BadQuantile(q));
    }
    Ok(quantile_of_sorted(&sorted(sample), q))
}

/// A sorted copy.
pub(super) fn sorted(sample: &[f64]) -> Vec<f64> {
    let mut copy = sample.to_vec();
    copy.sort_unstable_by(f64::total_cmp);
    copy
}

/// [`quantile`] of a sorted sample; 0 for an empty one, which callers have refused.
pub(super) fn quantile_of_sorted(sorted: &[f64], q: f64) -> f64 {
    let position = (sorted.len().max(1) - 1) as f64 * q;
    let below = position.floor();
    let fraction = position - below;
    let Some(&low) = sorted.get(below as usize) else {
        return 0.0;
    };
    let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
    // The clamp matters for denormals, whose halves round to zero.
    ((1.0 - fraction) * low + fraction * high).clamp(low, high)
}

/// The median's interval of at least 99 %: order statistics, else widened by the Laplace posterior.
fn median_interval(sorted: &[f64], median: f64) -> (Option<f64>, Option<f64>) {
    const TAIL: f64 = 0.005;
    let n = sorted.len();
    let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else {
        return (None, None);
    };
    if let Some(k) = order_statistic(n, TAIL) {
        return (sorted.get(k).copied(), sorted.get(n - 1 - k).copied());
    }
    if n < 2 {
        return (None, None);
    }
    if min == max {
        return (Some(min), Some(max));
    }
    let Some(posterior) = LaplacePosterior::new(sorted, median) else {
        return (None, None);
    };
    (posterior.quantile(TAIL).map(|a| a.min(min)), posterior.quantile(1.0 - TAIL).map(|b| b.max(max)))
}

/// The largest k with P(Binomial(n, ½) ≤ k) ≤ `tail`. By symmetry n − 1 − k is its counterpart above.
fn order_statistic(n: usize, tail: f64) -> Option<usize> {
    let size = n as f64;
    // 20 standard deviations below the middle nothing counts any more, and 2^-n would underflow.
    let first = if n <= 1000 { 0 } else { (size / 2.0 - 10.0 * size.sqrt()).floor() as usize };
    let k = first as f64;
    let ln_count = libm::lgamma(size + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(size - k + 1.0);
    let mut probability = if first == 0 {
        libm::ldexp(1.0, -i32::try_from(n).unwrap_or(i32::MAX))
    } else {
        libm::exp(ln_count - size * std::f64::consts::LN_2)
    };
    let mut cumulated = probability;
    let mut found = None;
    for k in first..n {
        if cumulated > tail {
            break;
        }
        found = Some(k);
        probability *= (n - k) as f64 / (k + 1) as f64;
        cumulated += probability;
    }
    found
}

/// Mean and standard deviation of a sorted sample.
fn moments(sorted: &[f64]) -> Result<(f64, Option<f64>), StatsError> {
    let n = sorted.len() as f64;
    let largest = sorted.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    // A power of two changes no digit; small values stay as they are, or denormals would lose some.
    let unit = if largest > 1e290 { libm::ldexp(1.0, 200) } else { 1.0 };
    let mean = compensated_sum(sorted.iter().map(|v| v / unit)) / n;
    let mean = match (sorted.first(), sorted.last()) {
        (Some(min), Some(max)) => mean.clamp(min / unit, max / unit),
        _ => mean,
    };
    let reach = sorted.iter().fold(0.0_f64, |m, v| m.max((v / unit - mean).abs()));
    let sd = if sorted.len() < 2 {
        None
    } else if reach == 0.0 {
        Some(0.0)
    } else {
        let squares = compensated_sum(sorted.iter().map(|v| ((v / unit - mean) / reach) * ((v / unit - mean) / reach)));
        Some(finite((squares / (n - 1.0)).sqrt() * reach * unit)?)
    };
    Ok((finite(mean * unit)?, sd))
}

fn median_absolute_deviation(sample: &[f64], median: f64) -> f64 {
    let deviations: Vec<f64> = sample.iter().map(|v| (v - median).abs()).collect();
    quantile_of_sorted(&sorted(&deviations), 0.5)
}

/// Neumaier's sum: the rounding errors are added up apart.
pub(super) fn compensated_sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}
