//! Random signs: the test of pairs that assumes no distribution but symmetry.

use super::error::{StatsError, check_alpha, check_work, finite};
use super::hodges_lehmann::LogShift;
use super::inference::{Assumption, Distribution, Draws, Estimand, Inference, Method};
use super::pairs::log_ratios;
use super::random::Random;
use super::signed_rank::{smallest_p, warnings};
use super::summary::{compensated_sum, sorted};

/// Up to this many pairs all 2ⁿ signs are tried.
const EXACT_PAIRS: usize = 20;
/// Numbers of random signs that are accepted.
const DRAWS: (usize, usize) = (99, 1_000_000);

/// Tests whether the mean of ln(current/baseline) over pairs is 0 by giving the differences random signs.
///
/// The statistic is that mean, the estimate the geometric mean of the ratios. To 20 pairs every sign is tried; above,
/// `draws` random ones from `seed`, and the observed one counts as one more of them (p = (1 + hits)/(1 + draws)). The
/// interval inverts the two one-sided tests: its ends are means of subsets of the differences (Hartigan 1969).
/// Sums that differ by no more than the rounding of their terms are taken as equal.
///
/// # Errors
/// No pairs, sides of different length, NaN, infinities, zero or less, an `alpha` outside (0, 1), overflow, fewer than
/// 99 or more than a million `draws`, more than 2³¹ values in all draws.
pub fn sign_flip(
    baseline: &[f64],
    current: &[f64],
    alpha: f64,
    draws: usize,
    seed: u64,
) -> Result<Inference, StatsError> {
    check_alpha(alpha)?;
    if !(DRAWS.0..=DRAWS.1).contains(&draws) {
        return Err(StatsError::BadResamples { given: draws, least: DRAWS.0, most: DRAWS.1 });
    }
    // Sorted, so that the order of the pairs cannot show.
    let differences = sorted(&log_ratios(baseline, current)?);
    let n = differences.len();
    check_work(n, draws)?;
    let exact = n <= EXACT_PAIRS;
    let flips = if exact { Flips::all(&differences) } else { Flips::drawn(&differences, draws, seed) };
    let sum = compensated_sum(differences.iter().copied());
    let zeros = differences.iter().filter(|d| **d == 0.0).count();
    let p_min = if exact { smallest_p(n - zeros) } else { 1.0 / flips.total };
    let mut result = Inference::new(Method::SignFlip, (n, n), Estimand::Ratio, alpha);
    result.distribution = Some(if exact { Distribution::Exact } else { Distribution::MonteCarlo });
    result.estimate = Some(finite(libm::exp(sum / n as f64))?);
    result.statistic = Some(sum / n as f64);
    result.p_value = Some(flips.p_value(&differences, sum));
    result.p_min = Some(p_min);
    result.interval = flips.centre(sum / n as f64, alpha).ratios(alpha)?;
    result.draws = (!exact).then_some(Draws { seed, count: draws });
    result.assumptions = vec![Assumption::IndependentPairs, Assumption::SymmetricDifferences];
    result.warnings = warnings(p_min, alpha, zeros);
    Ok(result)
}

/// The subsets of differences whose signs are changed.
struct Flips {
    /// Sum and size of each subset.
    subsets: Vec<(f64, u32)>,
    /// How many ways of giving signs there are, the observed one among them.
    total: f64,
    /// How many of `total` are the observed one but not in `subsets`.
    besides: usize,
}

impl Flips {
    fn all(differences: &[f64]) -> Self {
        let mut subsets = Vec::with_capacity(1 << differences.len());
        subsets.push((0.0, 0));
        for d in differences {
            for i in 0..subsets.len() {
                let (sum, size) = subsets[i];
                subsets.push((sum + d, size + 1));
            }
        }
        Self { total: subsets.len() as f64, subsets, besides: 0 }
    }

    /// Each value uses one bit, 64 of them a number drawn, from the lowest on.
    fn drawn(differences: &[f64], draws: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let draw = |_| {
            let mut subset = (0.0, 0);
            for chunk in differences.chunks(64) {
                let bits = random.bits();
                for (_, d) in chunk.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1) {
                    subset = (subset.0 + d, subset.1 + 1);
                }
            }
            subset
        };
        Self { subsets: (0..draws).map(draw).collect(), total: draws as f64 + 1.0, besides: 1 }
    }

    /// Share of the sums with changed signs that are at least as far from 0 as the observed one.
    fn p_value(&self, differences: &[f64], sum: f64) -> f64 {
        let size = compensated_sum(differences.iter().map(|d| d.abs()));
        let rounding = 4.0 * f64::EPSILON * differences.len() as f64 * size;
        let far = |subset: &&(f64, u32)| (sum - 2.0 * subset.0).abs() >= sum.abs() - rounding;
        (self.besides + self.subsets.iter().filter(far).count()) as f64 / self.total
    }

    /// Changing the signs of a subset around a centre m gives a sum at least as high as the observed one exactly where
    /// the subset's mean is at most m. So the one-sided tests are counts of subset means.
    fn centre(&self, estimate: f64, alpha: f64) -> LogShift {
        let mut means: Vec<f64> =
            self.subsets.iter().filter(|s| s.1 > 0).map(|(sum, size)| sum / f64::from(*size)).collect();
        let unmoved = self.besides + self.subsets.len() - means.len();
        let kept = (alpha / 2.0 * self.total).floor() as usize + 1;
        let Some(k) = kept.checked_sub(unmoved + 1).filter(|k| *k < means.len()) else {
            return LogShift { estimate, low: None, high: None };
        };
        let low = *means.select_nth_unstable_by(k, f64::total_cmp).1;
        let from_above = means.len() - 1 - k;
        let high = *means.select_nth_unstable_by(from_above, f64::total_cmp).1;
        LogShift { estimate, low: Some(low), high: Some(high) }
    }
}
