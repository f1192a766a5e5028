//! Welch's t interval for the ratio of two samples, on logarithms.

use super::error::{StatsError, check_alpha, check_positive, finite};
use super::hodges_lehmann::LogShift;
use super::inference::{Assumption, Distribution, Estimand, Inference, Method};
use super::special::{student_two_sided, student_two_sided_inverse};
use super::summary::compensated_sum;
use super::warning::Warning;

/// Compares the geometric means of two samples of at least two values each; the statistic is Student's t with
/// Welch–Satterthwaite degrees of freedom.
///
/// Where neither sample varies the interval is unbounded and the p-value 1: no noise was seen, which is not the
/// same as no noise.
///
/// # Errors
/// Samples of fewer than two values, NaN, infinities, zero or less, an `alpha` outside (0, 1), overflow.
pub fn welch(baseline: &[f64], current: &[f64], alpha: f64) -> Result<Inference, StatsError> {
    let fit = fit(baseline, current, alpha)?;
    let mut result = Inference::new(Method::Welch, (baseline.len(), current.len()), Estimand::Ratio, alpha);
    result.distribution = Some(Distribution::Student);
    result.estimate = Some(finite(libm::exp(fit.shift.estimate))?);
    result.interval = fit.shift.ratios(alpha)?;
    result.statistic = fit.t.map(|t| t.0);
    result.degrees_of_freedom = fit.t.map(|t| t.1);
    result.p_value = Some(fit.p_value);
    result.assumptions = vec![Assumption::IndependentValues, Assumption::LogNormal];
    if fit.t.is_none() {
        result.warnings.push(Warning::NoSpread);
    }
    Ok(result)
}

/// [`welch`] before it leaves the logarithms.
pub(super) struct Fit {
    pub(super) shift: LogShift,
    pub(super) p_value: f64,
    /// Student's t and its degrees of freedom.
    t: Option<(f64, f64)>,
}

pub(super) fn fit(baseline: &[f64], current: &[f64], alpha: f64) -> Result<Fit, StatsError> {
    check_alpha(alpha)?;
    let (base, now) = (Moments::of_logs(baseline)?, Moments::of_logs(current)?);
    let estimate = now.mean - base.mean;
    let variance = base.error + now.error;
    if variance <= 0.0 {
        return Ok(Fit { shift: LogShift { estimate, low: None, high: None }, p_value: 1.0, t: None });
    }
    // Shares instead of squares of tiny variances, which would underflow.
    let share = |m: &Moments| (m.error / variance) * (m.error / variance) / (m.n - 1.0);
    let degrees = 1.0 / (share(&base) + share(&now));
    let spread = variance.sqrt();
    let t = estimate / spread;
    let reach = student_two_sided_inverse(alpha, degrees) * spread;
    Ok(Fit {
        shift: LogShift { estimate, low: Some(estimate - reach), high: Some(estimate + reach) },
        p_value: student_two_sided(t.abs(), degrees),
        t: Some((t, degrees)),
    })
}

struct Moments {
    n: f64,
    mean: f64,
    /// Variance of the mean.
    error: f64,
}

impl Moments {
    fn of_logs(sample: &[f64]) -> Result<Self, StatsError> {
        check_positive(sample)?;
        if sample.len() < 2 {
            return Err(StatsError::TooFew { n: sample.len(), needed: 2 });
        }
        let n = sample.len() as f64;
        let mut logs: Vec<f64> = sample.iter().map(|v| libm::log(*v)).collect();
        // Sorted, so that the order of the values cannot show in the last bit.
        logs.sort_unstable_by(f64::total_cmp);
        if logs.first() == logs.last() {
            return Ok(Self { n, mean: logs.first().copied().unwrap_or(0.0), error: 0.0 });
        }
        let mean = compensated_sum(logs.iter().copied()) / n;
        let variance = compensated_sum(logs.iter().map(|v| (v - mean) * (v - mean))) / (n - 1.0);
        Ok(Self { n, mean, error: variance / n })
    }
}
