//! Mann–Whitney U: do two independent samples differ in location?

use super::error::{StatsError, check_alpha, check_finite, finite};
use super::hodges_lehmann::shift;
use super::inference::{Assumption, Distribution, Estimand, Inference, Interval, Method};
use super::rank::{Ranked, rank, smaller_tied_tail, untied_lower_half};
use super::special::{binomial, normal_sf};
use super::summary::sorted;
use super::warning::Warning;

/// The largest m·n for which distributions are exact: two samples of 50.
const EXACT_PAIRS: usize = 2500;

/// Tests whether two samples differ in location, two-sided: the p-value is twice the smaller tail.
///
/// The statistic is U: pairs in which the current value is larger, ties counting half. The estimate is the median of
/// all differences current − baseline, with the interval that inverts the test. Samples may hold zeros and negatives;
/// for ratios of times use [`hodges_lehmann`](super::hodges_lehmann()).
///
/// # Errors
/// An empty sample, NaN, infinities, an `alpha` outside (0, 1), differences that overflow.
pub fn mann_whitney(baseline: &[f64], current: &[f64], alpha: f64) -> Result<Inference, StatsError> {
    check_alpha(alpha)?;
    check_finite(baseline)?;
    check_finite(current)?;
    let (base, now) = (sorted(baseline), sorted(current));
    if let (Some(b0), Some(b1), Some(c0), Some(c1)) = (base.first(), base.last(), now.first(), now.last()) {
        finite(c1 - b0)?;
        finite(c0 - b1)?;
    }
    let untied = Untied::new(baseline.len(), current.len());
    let test = ranked_test(baseline, current, &untied);
    let shift = shift(base, now, &untied, alpha);
    let mut result = Inference::new(Method::MannWhitney, (baseline.len(), current.len()), Estimand::Difference, alpha);
    result.distribution = Some(test.distribution);
    result.estimate = Some(shift.estimate);
    result.interval = Interval { low: shift.low, high: shift.high, level: 1.0 - alpha };
    result.statistic = Some(test.u);
    result.p_value = Some(test.p_value);
    result.p_min = Some(test.p_min);
    result.assumptions = vec![Assumption::IndependentValues, Assumption::SameShape];
    if shift.low.is_none() {
        result.warnings.push(Warning::TooFewSamples { p_min: test.p_min });
    }
    Ok(result)
}

/// The test alone.
pub(super) struct RankedTest {
    pub(super) u: f64,
    pub(super) p_value: f64,
    pub(super) p_min: f64,
    pub(super) distribution: Distribution,
}

/// P(U ≤ u) for u = 0 ..= mn/2 and distinct values; test and interval share it.
pub(super) struct Untied(Option<Vec<f64>>);

impl Untied {
    pub(super) fn new(m: usize, n: usize) -> Self {
        Self(is_exact(m, n).then(|| untied_lower_half(m, n)))
    }

    /// The probabilities, where sizes are small enough to count them out.
    pub(super) fn exact(&self) -> Option<&[f64]> {
        self.0.as_deref()
    }
}

/// Tests two finite samples that are not empty.
pub(super) fn ranked_test(baseline: &[f64], current: &[f64], untied: &Untied) -> RankedTest {
    let (m, n) = (current.len(), baseline.len());
    let ranked = rank(current, baseline);
    let doubled_u = ranked.first_sum - m as u64 * (m as u64 + 1);
    let (p_value, distribution) = match untied.exact() {
        Some(untied) => (exact_p(&ranked, doubled_u, m, n, untied), Distribution::Exact),
        None => (normal_p(ranked.tie_term, doubled_u as f64 / 2.0, m as f64, n as f64), Distribution::Normal),
    };
    RankedTest { u: doubled_u as f64 / 2.0, p_value, p_min: smallest_p(m, n), distribution }
}

/// Whether samples of these sizes get the exact distribution.
fn is_exact(m: usize, n: usize) -> bool {
    m.saturating_mul(n) <= EXACT_PAIRS
}

/// The smallest two-sided p-value of samples of these sizes.
pub(super) fn smallest_p(m: usize, n: usize) -> f64 {
    (2.0 / binomial(m + n, m)).min(1.0)
}

fn exact_p(ranked: &Ranked, doubled_u: u64, m: usize, n: usize, untied: &[f64]) -> f64 {
    let smaller_tail = if ranked.tie_term == 0.0 {
        let u = (doubled_u / 2) as usize;
        untied.get(u.min(m * n - u)).copied().unwrap_or(1.0)
    } else {
        let all: u64 = ranked.doubled.iter().sum();
        let sum = if m <= n { ranked.first_sum } else { all - ranked.first_sum };
        smaller_tied_tail(&ranked.doubled, m.min(n), sum)
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
