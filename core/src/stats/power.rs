//! What a comparison could have seen, and how much more measuring may settle it.

use super::hodges_lehmann::LogShift;

/// Beyond this many runs an answer is no help.
const MOST_RUNS: f64 = 1e6;

/// The smallest change, as a fraction, that an interval as wide as this one could have shown to be beyond the margin
/// (which is in logarithms). `None` where the interval is not bounded or the change does not fit a double.
pub(super) fn smallest_effect(shift: &LogShift, margin: f64) -> Option<f64> {
    let (low, high) = (shift.low?, shift.high?);
    let effect = libm::expm1(margin + (high - shift.estimate).max(shift.estimate - low));
    effect.is_finite().then_some(effect)
}

/// Runs on each side with which the interval would clear the margin, if the estimate stays where it is and the
/// interval narrows with the square root of the runs. `None` where no number of runs is in sight.
pub(super) fn runs_needed(runs: usize, shift: &LogShift, margin: f64) -> Option<usize> {
    let (low, high) = (shift.low?, shift.high?);
    let reach = (high - shift.estimate).max(shift.estimate - low);
    let distance = (shift.estimate.abs() - margin).abs();
    let needed = (runs as f64 * (reach / distance) * (reach / distance)).ceil();
    (needed <= MOST_RUNS).then(|| (needed as usize).max(runs + 1))
}
