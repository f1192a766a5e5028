//! Mann–Whitney U: do two independent samples differ in location?

use serde::Serialize;

use super::error::{StatsError, check_finite};
use super::rank::{Ranked, rank, tied_tails, untied_lower_half};
use super::special::{binomial, normal_sf};

/// The largest m·n for which distributions are exact: two samples of 50.
const EXACT_PAIRS: usize = 2500;

/// Result of a two-sided Mann–Whitney test. Assumes that all values are independent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MannWhitney {
    /// Sizes of the two samples.
    pub n: (usize, usize),
    /// U: pairs in which the first sample's value is larger, ties counting half.
    pub statistic: f64,
    /// Probability of a U at least as far out if the samples do not differ: twice the smaller tail.
    pub p_value: f64,
    /// The smallest p-value that samples of these sizes can give.
    pub p_min: f64,
    /// Whether values occur in more than one place.
    pub ties: bool,
    /// How the p-value was found.
    pub distribution: NullDistribution,
}

/// How the distribution of U under "no difference" was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NullDistribution {
    /// Counted out, given the ties of these samples.
    Exact,
    /// Normal with tie and continuity corrections.
    Normal,
}

/// Tests whether two samples differ in location.
///
/// # Errors
/// An empty sample, NaN, infinities.
pub fn mann_whitney(first: &[f64], second: &[f64]) -> Result<MannWhitney, StatsError> {
    check_finite(first)?;
    check_finite(second)?;
    let (m, n) = (first.len(), second.len());
    let ranked = rank(first, second);
    let doubled_u = ranked.first_sum - m as u64 * (m as u64 + 1);
    let (p_value, distribution) = if is_exact(m, n) {
        (exact_p(&ranked, doubled_u, m, n), NullDistribution::Exact)
    } else {
        (normal_p(ranked.tie_term, doubled_u as f64 / 2.0, m as f64, n as f64), NullDistribution::Normal)
    };
    Ok(MannWhitney {
        n: (m, n),
        statistic: doubled_u as f64 / 2.0,
        p_value,
        p_min: smallest_p(m, n),
        ties: ranked.tie_term > 0.0,
        distribution,
    })
}

/// Whether samples of these sizes get the exact distribution.
pub(super) fn is_exact(m: usize, n: usize) -> bool {
    m.saturating_mul(n) <= EXACT_PAIRS
}

/// The smallest two-sided p-value of samples of these sizes.
pub(super) fn smallest_p(m: usize, n: usize) -> f64 {
    (2.0 / binomial(m + n, m)).min(1.0)
}

fn exact_p(ranked: &Ranked, doubled_u: u64, m: usize, n: usize) -> f64 {
    let smaller_tail = if ranked.tie_term == 0.0 {
        let u = (doubled_u / 2) as usize;
        untied_lower_half(m, n).get(u.min(m * n - u)).copied().unwrap_or(1.0)
    } else {
        let all: u64 = ranked.doubled.iter().sum();
        let sum = if m <= n { ranked.first_sum } else { all - ranked.first_sum };
        let (lower, upper) = tied_tails(&ranked.doubled, m.min(n), sum);
        lower.min(upper)
    };
    (2.0 * smaller_tail).min(1.0)
}

fn normal_p(tie_term: f64, u: f64, m: f64, n: f64) -> f64 {
    let size = m + n;
    let variance = m * n / 12.0 * (size + 1.0 - tie_term / (size * (size - 1.0)));
    let distance = (u - m * n / 2.0).abs() - 0.5;
    if variance <= 0.0 || distance <= 0.0 {
        return 1.0;
    }
    (2.0 * normal_sf(distance / variance.sqrt())).min(1.0)
}
