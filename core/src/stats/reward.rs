//! Results as numbers that a learning loop can maximise.

use serde::{Deserialize, Serialize};

use super::error::{StatsError, check_alpha, finite};
use super::hodges_lehmann::LogShift;
use super::inference::{Assumption, Estimand, Inference, Interval, Method};

/// What a result is worth. Everything is in logarithms of current/baseline: below 0 is faster.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reward {
    /// The estimate.
    pub log_ratio: f64,
    /// Its interval.
    pub interval: Interval,
    /// Natural logarithm of the e-value, where the method has one.
    pub ln_e_value: Option<f64>,
    /// The change that the interval vouches for, above 0 if faster: the end nearest to 0 with its sign turned, and 0
    /// where the interval holds 0. Noise alone earns nothing.
    pub reward_lcb: f64,
}

impl Reward {
    /// The reward of a ratio; `None` where there is no estimate or it is not a ratio.
    pub fn of(inference: &Inference) -> Option<Self> {
        let estimate = inference.estimate.filter(|_| inference.estimand == Estimand::Ratio)?;
        let logs = Interval {
            low: inference.interval.low.map(libm::log),
            high: inference.interval.high.map(libm::log),
            level: inference.interval.level,
        };
        // A ratio that has left the doubles is no number to learn from.
        let log_ratio = finite(libm::log(estimate)).ok()?;
        let finite_end = |end: Option<f64>| end.is_none_or(f64::is_finite);
        (finite_end(logs.low) && finite_end(logs.high)).then_some(Self {
            log_ratio,
            interval: logs,
            ln_e_value: inference.ln_e_value,
            reward_lcb: vouched(&logs),
        })
    }

    /// The reward of all together, by the [`geometric_mean`] of their ratios. `None` of none, and where the levels of
    /// their intervals differ.
    pub fn mean(rewards: &[Self]) -> Option<Self> {
        let level = rewards.first()?.interval.level;
        if rewards.iter().any(|reward| (reward.interval.level - level).abs() > 1e-9) {
            return None;
        }
        let LogShift { estimate, low, high } = mean_shift(rewards);
        let interval = Interval { low, high, level };
        Some(Self { log_ratio: estimate, interval, ln_e_value: None, reward_lcb: vouched(&interval) })
    }
}

/// Geometric mean of ratios with its interval.
///
/// The distances of the ends from the estimates are combined as the root of their squares (the MOVER method of Zou and
/// Donner 2008), which assumes that the errors of the benchmarks are independent. Where one interval is not bounded,
/// neither is the mean's. `n` counts the ratios; their intervals must have the level 1 − `alpha`.
///
/// # Errors
/// No results, one without an estimated ratio, one of another level, an `alpha` outside (0, 1), overflow.
pub fn geometric_mean(results: &[Inference], alpha: f64) -> Result<Inference, StatsError> {
    check_alpha(alpha)?;
    if results.is_empty() {
        return Err(StatsError::Empty);
    }
    let n = results.len();
    let mut rewards = Vec::with_capacity(n);
    for (index, result) in results.iter().enumerate() {
        let reward = Reward::of(result).ok_or(StatsError::NoRatio { index })?;
        if (result.interval.level - (1.0 - alpha)).abs() > 1e-9 {
            return Err(StatsError::OtherLevel { index });
        }
        rewards.push(reward);
    }
    let shift = mean_shift(&rewards);
    let mut mean = Inference::new(Method::GeometricMean, (n, n), Estimand::Ratio, alpha);
    mean.estimate = Some(finite(libm::exp(shift.estimate))?);
    mean.interval = shift.ratios(alpha)?;
    mean.statistic = Some(shift.estimate);
    mean.assumptions = vec![Assumption::IndependentBenchmarks];
    Ok(mean)
}

/// The change that an interval of logarithms vouches for.
fn vouched(logs: &Interval) -> f64 {
    match (logs.low, logs.high) {
        (Some(low), _) if low > 0.0 => -low,
        (_, Some(high)) if high < 0.0 => -high,
        _ => 0.0,
    }
}

/// The mean of the logarithms of at least one reward, with the ends combined as [`geometric_mean`] says.
fn mean_shift(rewards: &[Reward]) -> LogShift {
    let (mut sum, mut below, mut above) = (0.0, Some(0.0), Some(0.0));
    for reward in rewards {
        let square = |end: Option<f64>| end.map(|end| (end - reward.log_ratio) * (end - reward.log_ratio));
        sum += reward.log_ratio;
        below = below.zip(square(reward.interval.low)).map(|(a, b)| a + b);
        above = above.zip(square(reward.interval.high)).map(|(a, b)| a + b);
    }
    let count = rewards.len() as f64;
    let estimate = sum / count;
    LogShift {
        estimate,
        low: below.map(|squares: f64| estimate - squares.sqrt() / count),
        high: above.map(|squares: f64| estimate + squares.sqrt() / count),
    }
}
