//! What noise alone looks like: comparisons of the baseline with itself.

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::series::Series;
use crate::stats::{Bet, EProcess, NoiseFloor, signed_rank};

/// What comparisons of one code with itself gave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// How far such comparisons seem to move.
    pub noise_floor: Option<NoiseFloor>,
    /// Complete comparisons.
    pub comparisons: usize,
    /// Those of them that were called a change at some look, one after every pair and without a margin.
    pub called: usize,
}

/// Reads `pairs` pairs at a time.
pub(super) fn calibration(plan: &Plan, series: &Series, pairs: usize) -> Calibration {
    let n = series.pairs();
    let sides = series.baseline[..n].chunks_exact(pairs).zip(series.current[..n].chunks_exact(pairs));
    let (mut log_ratios, mut called) = (Vec::new(), 0);
    for (baseline, current) in sides {
        let estimate = signed_rank(baseline, current, plan.alpha).ok().and_then(|result| result.estimate);
        log_ratios.extend(estimate.map(libm::log));
        called += usize::from(is_called(baseline, current, plan.alpha));
    }
    let noise_floor = NoiseFloor::new(&log_ratios, plan.alpha).ok();
    Calibration { noise_floor, comparisons: log_ratios.len(), called }
}

fn is_called(baseline: &[f64], current: &[f64], alpha: f64) -> bool {
    let Ok(mut process) = EProcess::new(Bet::default(), 0.0) else { return false };
    baseline.iter().zip(current).any(|(baseline, current)| {
        process.push(*baseline, *current).is_ok() && process.verdict(alpha).is_ok_and(|verdict| verdict.is_change())
    })
}
