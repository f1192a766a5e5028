//! What a comparison could have seen, and how much more measuring may settle it.

use super::hodges_lehmann::LogShift;
use super::inference::{Estimand, Inference};

/// Beyond this many runs an answer is no help.
const MOST_RUNS: f64 = 1e6;

impl Inference {
    /// The smallest change, as a fraction, that samples as noisy as these could have shown to be beyond `margin`, a
    /// fraction too. `None` for what is no ratio or has no bounded interval.
    pub fn smallest_effect(&self, margin: f64) -> Option<f64> {
        smallest_effect(&self.shift()?, libm::log1p(margin))
    }

    /// Values on each side (or pairs) with which the interval would lie beyond `margin` or within it, if the estimate
    /// stays where it is and the interval narrows with the square root of their number. `None` where no number is in
    /// sight.
    pub fn values_needed(&self, margin: f64) -> Option<usize> {
        runs_needed(self.n.baseline.min(self.n.current), &self.shift()?, libm::log1p(margin))
    }

    fn shift(&self) -> Option<LogShift> {
        let estimate = self.estimate.filter(|_| self.estimand == Estimand::Ratio).map(libm::log)?;
        Some(LogShift { estimate, low: self.interval.low.map(libm::log), high: self.interval.high.map(libm::log) })
    }
}

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
