//! How much larger one sample is than another: the Hodges–Lehmann ratio with its interval.

use super::error::{StatsError, check_alpha, check_positive, finite};
use super::inference::{Assumption, Estimand, Inference, Interval, Method};
use super::mann_whitney::{Untied, ranked_test};
use super::pairwise::Pairwise;
use super::special::normal_isf;
use super::summary::sorted;
use super::warning::Warning;

/// Estimates current/baseline: the median of all ratios of a current value to a baseline value, in logarithms.
///
/// The interval holds the ratios that a Mann–Whitney test at `alpha` would not reject; statistic and p-value are
/// that test's. The interval is closed and uses the distribution for distinct values. It stays valid under ties:
/// values spread by an arbitrarily small noise have none, and the interval's ends move by no more than that noise.
///
/// # Errors
/// Empty samples, NaN, infinities, values of zero or less, an `alpha` outside (0, 1), ratios that overflow.
pub fn hodges_lehmann(baseline: &[f64], current: &[f64], alpha: f64) -> Result<Inference, StatsError> {
    let untied = Untied::new(baseline.len(), current.len());
    let shift = log_shift(baseline, current, &untied, alpha)?;
    let test = ranked_test(baseline, current, &untied);
    let n = (baseline.len(), current.len());
    let mut result = Inference::new(Method::HodgesLehmann, n, Estimand::Ratio, alpha);
    result.estimate = Some(finite(libm::exp(shift.estimate))?);
    result.interval = shift.ratios(alpha)?;
    result.statistic = Some(test.u);
    result.p_value = Some(test.p_value);
    result.p_min = Some(test.p_min);
    result.distribution = Some(test.distribution);
    result.assumptions = vec![Assumption::IndependentValues, Assumption::SameShape];
    if shift.low.is_none() {
        result.warnings.push(Warning::TooFewSamples { p_min: test.p_min });
    }
    Ok(result)
}

/// ln(current/baseline) with its interval.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogShift {
    pub(super) estimate: f64,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
}

impl LogShift {
    /// The interval of the ratio.
    pub(super) fn ratios(&self, alpha: f64) -> Result<Interval, StatsError> {
        let ratio_of = |end: Option<f64>| end.map(|d| finite(libm::exp(d))).transpose();
        Ok(Interval { low: ratio_of(self.low)?, high: ratio_of(self.high)?, level: 1.0 - alpha })
    }
}

/// [`hodges_lehmann`] on logarithms.
pub(super) fn log_shift(
    baseline: &[f64],
    current: &[f64],
    untied: &Untied,
    alpha: f64,
) -> Result<LogShift, StatsError> {
    check_alpha(alpha)?;
    check_positive(baseline)?;
    check_positive(current)?;
    let logs = |sample: &[f64]| sorted(&sample.iter().map(|v| libm::log(*v)).collect::<Vec<_>>());
    Ok(shift(logs(baseline), logs(current), untied, alpha))
}

/// The shift from one ascending sample to another, with the interval that inverts Mann–Whitney.
pub(super) fn shift(baseline: Vec<f64>, current: Vec<f64>, untied: &Untied, alpha: f64) -> LogShift {
    let cut = cut_off(baseline.len(), current.len(), untied, alpha);
    let mut differences = Pairwise::differences(current, baseline);
    let ends = cut.map(|k| differences.ends(k));
    LogShift { estimate: differences.median(), low: ends.map(|e| e.0), high: ends.map(|e| e.1) }
}

/// How many of the smallest differences lie outside the interval; `None` where no interval is bounded.
///
/// The test rejects at U ≤ k when P(U ≤ k) ≤ α/2, so the largest such k, counted from 0, is the interval's end.
fn cut_off(m: usize, n: usize, untied: &Untied, alpha: f64) -> Option<u64> {
    if let Some(untied) = untied.exact() {
        let rejected = untied.partition_point(|p| *p <= alpha / 2.0);
        return rejected.checked_sub(1).map(|k| k as u64);
    }
    // Without the tie correction, which would narrow the interval.
    let (m, n) = (m as f64, n as f64);
    let spread = (m * n * (m + n + 1.0) / 12.0).sqrt();
    let k = (m * n / 2.0 - normal_isf(alpha / 2.0) * spread - 0.5).floor();
    (k >= 0.0).then_some(k as u64)
}
