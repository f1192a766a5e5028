//! Pairs of values to logarithms of their ratios.

use super::error::{StatsError, check_positive};

/// ln(current/baseline) of each pair.
pub(super) fn log_ratios(baseline: &[f64], current: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_positive(baseline)?;
    check_positive(current)?;
    if baseline.len() != current.len() {
        return Err(StatsError::UnequalLengths { baseline: baseline.len(), current: current.len() });
    }
    Ok(baseline.iter().zip(current).map(|(b, c)| log_ratio(*b, *c)).collect())
}

/// ln(c/b) for two positive numbers. Exchanging them changes only the sign, so that opposite changes tie.
pub(super) fn log_ratio(b: f64, c: f64) -> f64 {
    let (small, large) = (b.min(c), b.max(c));
    let excess = (large - small) / small;
    let magnitude = if excess.is_finite() { libm::log1p(excess) } else { libm::log(large) - libm::log(small) };
    if c < b { -magnitude } else { magnitude }
}
