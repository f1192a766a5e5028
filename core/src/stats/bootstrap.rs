//! The bias-corrected and accelerated bootstrap (Efron 1987) of a ratio, from a seed.

use serde::{Deserialize, Serialize};

use super::error::{StatsError, check_alpha, check_positive, check_work, finite};
use super::hodges_lehmann::LogShift;
use super::inference::{Assumption, Distribution, Draws, Estimand, Inference, Method};
use super::pairs::log_ratios;
use super::pairwise::Pairwise;
use super::random::Random;
use super::special::{normal_cdf, normal_quantile};
use super::summary::{compensated_sum, quantile_of_sorted, sorted};
use super::warning::Warning;

/// Numbers of resamples that are accepted.
const RESAMPLES: (usize, usize) = (99, 1_000_000);
/// The most values the Hodges–Lehmann ratio takes: it looks at all their pairs in every resample.
const MOST_VALUES: usize = 200;
/// With fewer resamples than this beyond an end, the end hangs on single ones.
const FEW_BEYOND: usize = 5;

/// What is resampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resampled {
    /// Ratio of the medians of two samples.
    Medians,
    /// Ratio of the geometric means of two samples.
    GeometricMeans,
    /// Hodges–Lehmann ratio of two samples of at most 200 values.
    HodgesLehmann,
    /// Median of the ratios of pairs.
    MedianOfPairs,
    /// Geometric mean of the ratios of pairs.
    GeometricMeanOfPairs,
}

/// What a bootstrap is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BootstrapOptions {
    /// What is resampled.
    pub resampled: Resampled,
    /// How often, from 99 to a million.
    pub resamples: usize,
    /// Seed of the generator.
    pub seed: u64,
    /// Error level of the interval.
    pub alpha: f64,
}

/// Estimates current/baseline with a bootstrap interval. The statistic is the natural logarithm of the estimate.
///
/// A resample draws, for each place of the baseline and then of the current sample, the place of a value; pairs are drawn
/// whole. The interval's ends are quantiles of the resamples' logarithms by linear interpolation. Where no
/// resample differs, or all lie on one side of the estimate, there is no interval.
///
/// # Errors
/// Samples of fewer than two values or of more than the method takes, pairs of different length, NaN, infinities, zero
/// or less, unusable options, more than 2³¹ values in all resamples, overflow.
pub fn bootstrap(baseline: &[f64], current: &[f64], options: &BootstrapOptions) -> Result<Inference, StatsError> {
    check_alpha(options.alpha)?;
    if !(RESAMPLES.0..=RESAMPLES.1).contains(&options.resamples) {
        return Err(StatsError::BadResamples { given: options.resamples, least: RESAMPLES.0, most: RESAMPLES.1 });
    }
    check_work(baseline.len().saturating_add(current.len()), options.resamples)?;
    let samples = prepare(baseline, current, options.resampled)?;
    let views: Vec<&[f64]> = samples.iter().map(Vec::as_slice).collect();
    let estimate = statistic(options.resampled, &views);
    let mut drawn = resample(&samples, options);
    let mut result = Inference::new(Method::Bootstrap, (baseline.len(), current.len()), Estimand::Ratio, options.alpha);
    let ends = ends(&mut drawn, estimate, acceleration(options.resampled, &samples), options.alpha);
    let (low, high) = (ends.map(|e| e.low), ends.map(|e| e.high));
    result.distribution = Some(Distribution::MonteCarlo);
    result.estimate = Some(finite(libm::exp(estimate))?);
    result.interval = LogShift { estimate, low, high }.ratios(options.alpha)?;
    result.statistic = Some(estimate);
    result.draws = Some(Draws { seed: options.seed, count: options.resamples });
    result.assumptions = match options.resampled {
        Resampled::MedianOfPairs | Resampled::GeometricMeanOfPairs => vec![Assumption::IndependentPairs],
        _ => vec![Assumption::IndependentValues],
    };
    result.assumptions.push(Assumption::LargeSample);
    result.warnings.extend(match ends {
        None => Some(Warning::NoSpread),
        Some(ends) => (ends.beyond < FEW_BEYOND).then_some(Warning::FewResamples { beyond: ends.beyond }),
    });
    Ok(result)
}

/// One sample of logarithms for pairs, two otherwise; those of medians stay as they are.
fn prepare(baseline: &[f64], current: &[f64], resampled: Resampled) -> Result<Vec<Vec<f64>>, StatsError> {
    let samples = match resampled {
        Resampled::MedianOfPairs | Resampled::GeometricMeanOfPairs => vec![log_ratios(baseline, current)?],
        _ => {
            check_positive(baseline)?;
            check_positive(current)?;
            vec![baseline.to_vec(), current.to_vec()]
        }
    };
    let logs = matches!(resampled, Resampled::GeometricMeans | Resampled::HodgesLehmann);
    for sample in &samples {
        let n = sample.len();
        if n < 2 {
            return Err(StatsError::TooFew { n, needed: 2 });
        }
        if resampled == Resampled::HodgesLehmann && n > MOST_VALUES {
            return Err(StatsError::TooMany { n, most: MOST_VALUES });
        }
    }
    let prepared = |sample: &Vec<f64>| sample.iter().map(|v| if logs { libm::log(*v) } else { *v }).collect();
    Ok(samples.iter().map(prepared).collect())
}

/// ln(current/baseline).
fn statistic(resampled: Resampled, samples: &[&[f64]]) -> f64 {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
        return 0.0;
    };
    match resampled {
        Resampled::Medians => libm::log(median(last)) - libm::log(median(first)),
        Resampled::GeometricMeans => mean(last) - mean(first),
        Resampled::HodgesLehmann => Pairwise::differences(sorted(last), sorted(first)).median(),
        Resampled::MedianOfPairs => median(last),
        Resampled::GeometricMeanOfPairs => mean(last),
    }
}

fn median(sample: &[f64]) -> f64 {
    quantile_of_sorted(&sorted(sample), 0.5)
}

fn mean(sample: &[f64]) -> f64 {
    compensated_sum(sample.iter().copied()) / sample.len() as f64
}

fn resample(samples: &[Vec<f64>], options: &BootstrapOptions) -> Vec<f64> {
    let mut random = Random::new(options.seed);
    let mut drawn: Vec<Vec<f64>> = samples.to_vec();
    let draw = |_| {
        for (target, source) in drawn.iter_mut().zip(samples) {
            for value in target.iter_mut() {
                *value = source.get(random.below(source.len())).copied().unwrap_or_default();
            }
        }
        let views: Vec<&[f64]> = drawn.iter().map(Vec::as_slice).collect();
        statistic(options.resampled, &views)
    };
    (0..options.resamples).map(draw).collect()
}

/// How fast the statistic's spread changes with its value, from leaving out each value in turn; `None` where no value
/// matters.
fn acceleration(resampled: Resampled, samples: &[Vec<f64>]) -> Option<f64> {
    let (mut cubes, mut squares) = (0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let n = sample.len() as f64;
        let without = leave_one_out(resampled, samples, at);
        let centre = mean(&without);
        let pull = |value: &f64| (n - 1.0) * (centre - value) / n;
        cubes += without.iter().map(pull).map(|u| u * u * u).sum::<f64>();
        squares += without.iter().map(pull).map(|u| u * u).sum::<f64>();
    }
    let acceleration = cubes / (6.0 * squares * squares.sqrt());
    acceleration.is_finite().then_some(acceleration)
}

/// The statistic without each value of the sample `at` in turn.
fn leave_one_out(resampled: Resampled, samples: &[Vec<f64>], at: usize) -> Vec<f64> {
    let sample = &samples[at];
    let sign = if at + 1 == samples.len() { 1.0 } else { -1.0 };
    // A median without one value and a mean without one value need no pass over the sample.
    match resampled {
        Resampled::Medians => {
            let medians = medians_without_one(sample);
            let other = if samples.len() > 1 { libm::log(median(&samples[1 - at])) } else { 0.0 };
            medians.into_iter().map(|m| sign * (libm::log(m) - other)).collect()
        }
        Resampled::MedianOfPairs => medians_without_one(sample),
        Resampled::GeometricMeans | Resampled::GeometricMeanOfPairs => {
            let (sum, rest) = (compensated_sum(sample.iter().copied()), (sample.len() - 1) as f64);
            let other = if samples.len() > 1 { mean(&samples[1 - at]) } else { 0.0 };
            sample.iter().map(|v| sign * ((sum - v) / rest - other)).collect()
        }
        Resampled::HodgesLehmann => {
            let without = |left_out: usize| {
                let mut samples = samples.to_vec();
                samples[at].remove(left_out);
                let views: Vec<&[f64]> = samples.iter().map(Vec::as_slice).collect();
                statistic(resampled, &views)
            };
            (0..sample.len()).map(without).collect()
        }
    }
}

/// The median without each value of an ascending copy in turn.
fn medians_without_one(sample: &[f64]) -> Vec<f64> {
    let ascending = sorted(sample);
    let last = ascending.len() - 1;
    // Position p of what is left is position p, or p + 1 from the value left out on.
    let at = |p: usize, left_out: usize| ascending[if p < left_out { p } else { p + 1 }];
    (0..=last)
        .map(|left_out| {
            let upper = at(last / 2, left_out);
            if last % 2 == 1 { upper } else { 0.5 * at(last / 2 - 1, left_out) + 0.5 * upper }
        })
        .collect()
}

#[derive(Clone, Copy)]
struct Ends {
    low: f64,
    high: f64,
    /// Resamples beyond the end that has fewer.
    beyond: usize,
}

fn ends(drawn: &mut [f64], estimate: f64, acceleration: Option<f64>, alpha: f64) -> Option<Ends> {
    drawn.sort_unstable_by(f64::total_cmp);
    let count = drawn.len() as f64;
    let below = drawn.partition_point(|v| *v < estimate) + drawn.partition_point(|v| *v <= estimate);
    let bias = normal_quantile(below as f64 / (2.0 * count));
    let tail = normal_quantile(alpha / 2.0);
    let acceleration = acceleration?;
    let corrected = |z: f64| {
        let shifted = bias + z;
        normal_cdf(bias + shifted / (1.0 - acceleration * shifted))
    };
    let (low, high) = (corrected(tail), corrected(-tail));
    if !bias.is_finite() || !low.is_finite() || !high.is_finite() || drawn.first() == drawn.last() {
        return None;
    }
    Some(Ends {
        low: quantile_of_sorted(drawn, low.min(high)),
        high: quantile_of_sorted(drawn, high.max(low)),
        beyond: (low.min(1.0 - high) * count) as usize,
    })
}
