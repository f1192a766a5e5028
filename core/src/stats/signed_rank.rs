//! Wilcoxon's signed ranks: do paired values differ, and by which factor?

use super::error::{StatsError, check_alpha, finite};
use super::hodges_lehmann::LogShift;
use super::inference::{Assumption, Distribution, Estimand, Inference, Method};
use super::pairs::log_ratios;
use super::pairwise::Pairwise;
use super::special::{normal_isf, normal_sf};
use super::summary::sorted;
use super::warning::Warning;

/// The largest number of pairs for which distributions are exact.
const EXACT_PAIRS: usize = 100;

/// Tests whether the ratios current/baseline of pairs are centred at 1, two-sided: twice the smaller tail.
///
/// The statistic is the sum of the ranks of positive ln(current/baseline). Ties share their mean rank, and the
/// distribution is the one given these ranks. Pairs without a difference are ranked too and then left out, as Pratt
/// (1959) proposed; they cannot move the sum, so only the others count in `p_min`. The estimate is the median of all
/// Walsh averages (the Hodges–Lehmann pseudo-median). Its interval inverts the test with the distribution for distinct
/// values; as in [`hodges_lehmann`](super::hodges_lehmann()) it stays valid under ties.
///
/// # Errors
/// No pairs, sides of different length, NaN, infinities, zero or less, an `alpha` outside (0, 1), overflow.
pub fn signed_rank(baseline: &[f64], current: &[f64], alpha: f64) -> Result<Inference, StatsError> {
    check_alpha(alpha)?;
    let differences = sorted(&log_ratios(baseline, current)?);
    let n = differences.len();
    let ranks = SignedRanks::new(&differences);
    let (p_value, distribution) = if n <= EXACT_PAIRS {
        (ranks.exact_p(), Distribution::Exact)
    } else {
        (ranks.normal_p(), Distribution::Normal)
    };
    let shift = centre(differences, alpha);
    let mut result = Inference::new(Method::SignedRank, (n, n), Estimand::Ratio, alpha);
    result.distribution = Some(distribution);
    result.estimate = Some(finite(libm::exp(shift.estimate))?);
    result.interval = shift.ratios(alpha)?;
    result.statistic = Some(ranks.positive as f64 / 2.0);
    result.p_value = Some(p_value);
    let p_min = smallest_p(ranks.doubled.len());
    result.p_min = Some(p_min);
    result.assumptions = vec![Assumption::IndependentPairs, Assumption::SymmetricDifferences];
    result.warnings = warnings(p_min, alpha, n - ranks.doubled.len());
    Ok(result)
}

/// The smallest two-sided p-value that the signs of this many differences can give.
pub(super) fn smallest_p(n: usize) -> f64 {
    libm::ldexp(1.0, 1 - i32::try_from(n).unwrap_or(i32::MAX).max(1))
}

/// What the number of pairs and of those without a difference says about a test of signs.
pub(super) fn warnings(p_min: f64, alpha: f64, zeros: usize) -> Vec<Warning> {
    let too_few = (p_min > alpha).then_some(Warning::TooFewSamples { p_min });
    let zeros = (zeros > 0).then_some(Warning::ZeroDifferences { count: zeros });
    too_few.into_iter().chain(zeros).collect()
}

/// The pseudo-median of ascending differences with the interval that inverts the test.
fn centre(differences: Vec<f64>, alpha: f64) -> LogShift {
    let cut = cut_off(differences.len(), alpha);
    let mut averages = Pairwise::averages(differences);
    let ends = cut.map(|k| averages.ends(k));
    LogShift { estimate: averages.median(), low: ends.map(|e| e.0), high: ends.map(|e| e.1) }
}

/// How many of the smallest Walsh averages lie outside the interval, counted from 0; `None` where it is not bounded.
fn cut_off(n: usize, alpha: f64) -> Option<u64> {
    if n <= EXACT_PAIRS {
        let ranks: Vec<u64> = (1..=n as u64).collect();
        let mut cumulated = 0.0;
        let rejected = probabilities(&ranks).take_while(|p| {
            cumulated += p;
            cumulated <= alpha / 2.0
        });
        return rejected.count().checked_sub(1).map(|k| k as u64);
    }
    // Without the tie correction, which would narrow the interval.
    let n = n as f64;
    let spread = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt();
    let k = (n * (n + 1.0) / 4.0 - normal_isf(alpha / 2.0) * spread - 0.5).floor();
    (k >= 0.0).then_some(k as u64)
}

/// Ranks of the differences that are not zero, doubled so that mean ranks are whole.
struct SignedRanks {
    doubled: Vec<u64>,
    /// Sum of the doubled ranks of positive differences.
    positive: u64,
}

impl SignedRanks {
    fn new(differences: &[f64]) -> Self {
        let mut by_size = differences.to_vec();
        by_size.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()));
        let mut ranks = Self { doubled: Vec::with_capacity(by_size.len()), positive: 0 };
        let mut start = 0;
        for group in by_size.chunk_by(|a, b| a.abs() == b.abs()) {
            let size = group.len() as u64;
            let doubled = 2 * start + size + 1;
            start += size;
            if group.first() != Some(&0.0) {
                ranks.positive += doubled * group.iter().filter(|d| **d > 0.0).count() as u64;
                ranks.doubled.extend(group.iter().map(|_| doubled));
            }
        }
        ranks
    }

    fn exact_p(&self) -> f64 {
        let (mut lower, mut upper) = (0.0, 0.0);
        for (sum, p) in (0_u64..).zip(probabilities(&self.doubled)) {
            if sum <= self.positive {
                lower += p;
            }
            if sum >= self.positive {
                upper += p;
            }
        }
        (2.0_f64 * lower.min(upper)).min(1.0)
    }

    fn normal_p(&self) -> f64 {
        let (sum, squares) = self.doubled.iter().fold((0.0, 0.0), |(sum, squares), doubled| {
            let rank = *doubled as f64 / 2.0;
            (sum + rank, squares + rank * rank)
        });
        let distance = (self.positive as f64 / 2.0 - sum / 2.0).abs() - 0.5;
        if squares == 0.0 || distance <= 0.0 {
            return 1.0;
        }
        (2.0 * normal_sf(distance / (squares / 4.0).sqrt())).min(1.0)
    }
}

/// Probability of each sum 0, 1, 2 … of those weights that come out positive, each with probability ½.
fn probabilities(weights: &[u64]) -> impl Iterator<Item = f64> {
    let total: u64 = weights.iter().sum();
    let mut probabilities = vec![0.0; total as usize + 1];
    probabilities[0] = 1.0;
    let mut reach = 0;
    for weight in weights.iter().map(|w| *w as usize) {
        reach += weight;
        for sum in (0..=reach).rev() {
            let without = if sum <= reach - weight { probabilities[sum] } else { 0.0 };
            let with = if sum >= weight { probabilities[sum - weight] } else { 0.0 };
            probabilities[sum] = 0.5 * (without + with);
        }
    }
    probabilities.into_iter()
}
