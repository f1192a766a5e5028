//! ASV's own rule for "these differ", kept for comparison with its reports.

use super::rank::untied_lower_half;
use super::special::{binomial, normal_sf};
use super::summary::Summary;

/// The p-value below which ASV calls two samples different.
const THRESHOLD: f64 = 0.002;
/// The larger sample's size up to which ASV counts exactly.
const EXACT_SIZE: usize = 20;

/// Whether ASV would call two results different: Mann–Whitney at p < 0.002 where the sizes can reach it,
/// else whether the 99 % intervals of the medians are disjoint.
///
/// A compatibility mode: it takes values of one process as independent and has no margin.
/// NaN is passed over, as ASV does.
pub fn is_different(samples: Option<(&[f64], &[f64])>, first: &Summary, second: &Summary) -> bool {
    if let Some((a, b)) = samples {
        let (a, b) = (without_nan(a), without_nan(b));
        if 1.0 / binomial(a.len() + b.len(), a.len()) < THRESHOLD {
            return p_value(&a, &b) < THRESHOLD;
        }
    }
    let disjoint = |low: Option<f64>, high: Option<f64>| matches!((low, high), (Some(l), Some(h)) if l > h);
    disjoint(second.ci_99_a, first.ci_99_b) || disjoint(first.ci_99_a, second.ci_99_b)
}

fn without_nan(sample: &[f64]) -> Vec<f64> {
    sample.iter().copied().filter(|v| !v.is_nan()).collect()
}

/// ASV's p-value: ties are broken in the least significant way, no corrections.
fn p_value(a: &[f64], b: &[f64]) -> f64 {
    let u = least_significant_u(a, b);
    let (m, n) = (a.len(), b.len());
    if m.max(n) <= EXACT_SIZE {
        let cumulated = untied_lower_half(m, n);
        let tail = |u: u64| cumulated.get(u as usize).copied().unwrap_or(1.0);
        // Upper tail by symmetry: P(U ≥ mn − u), but never more than P(U > mn/2).
        let below_middle = ((m * n) as u64).div_ceil(2).checked_sub(1);
        return tail(u) + below_middle.map_or(0.0, |middle| tail(u.min(middle)));
    }
    let (m, n) = (m as f64, n as f64);
    2.0 * normal_sf((m * n / 2.0 - u as f64) / (m * n * (m + n + 1.0) / 12.0).sqrt())
}

/// min(U, mn − U) with each tie broken so that it comes nearest the middle.
fn least_significant_u(a: &[f64], b: &[f64]) -> u64 {
    let mut sorted = b.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (mut larger, mut at_least) = (0_u64, 0_u64);
    for value in a {
        larger += sorted.partition_point(|other| other < value) as u64;
        at_least += sorted.partition_point(|other| other <= value) as u64;
    }
    let pairs = a.len() as u64 * b.len() as u64;
    if larger <= pairs / 2 && at_least >= pairs / 2 {
        at_least = pairs / 2;
    }
    larger.min(pairs - larger).max(at_least.min(pairs - at_least))
}
