//! Changes that do not matter, and where the limit comes from.

use serde::{Deserialize, Serialize};

use super::error::{StatsError, check_alpha, check_finite, check_margin, check_positive, finite};

/// What the user asks for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MarginOptions {
    /// Changes up to this fraction do not matter.
    pub fraction: f64,
    /// Changes up to this much do not matter, in the unit of the values.
    pub absolute: f64,
}

/// The largest of what the user asks for and what the host can tell, as a fraction of the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Margin {
    /// The margin.
    pub fraction: f64,
    /// Which of the three it is.
    pub source: MarginSource,
}

/// Where a margin comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarginSource {
    /// The user's fraction.
    Fraction,
    /// The user's absolute limit.
    Absolute,
    /// The noise floor: less cannot be told apart here.
    NoiseFloor,
}

impl Margin {
    /// The margin for a benchmark whose baseline is `baseline`, in the unit of `options.absolute`.
    ///
    /// # Errors
    /// A limit that is negative or not finite, a baseline that is not above 0, overflow.
    pub fn new(options: &MarginOptions, baseline: f64, floor: Option<&NoiseFloor>) -> Result<Self, StatsError> {
        check_positive(&[baseline])?;
        let floor = floor.map_or(0.0, |floor| floor.fraction);
        for limit in [options.fraction, options.absolute, floor] {
            check_margin(limit)?;
        }
        let mut margin = Self { fraction: options.fraction, source: MarginSource::Fraction };
        let absolute = finite(options.absolute / baseline)?;
        for (fraction, source) in [(absolute, MarginSource::Absolute), (floor, MarginSource::NoiseFloor)] {
            if fraction > margin.fraction {
                margin = Self { fraction, source };
            }
        }
        Ok(margin)
    }
}

/// How far benchmarks seem to move that did not change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NoiseFloor {
    /// The floor, a fraction.
    pub fraction: f64,
    /// Probability that a further one of their kind stays below the floor.
    pub level: f64,
    /// How many it was found from.
    pub n: usize,
}

impl NoiseFloor {
    /// From ln(current/baseline) of comparisons in which nothing changed: A/A runs, or benchmarks proven unaffected.
    ///
    /// The floor is the smallest of the k distances from 0 that a further one exceeds with probability of at most
    /// `alpha`, if it is exchangeable with them: the ⌈(1 − α)(k + 1)⌉-th. Where k is too small for that, it is
    /// the largest, and `level` is what that gives, k/(k + 1).
    ///
    /// # Errors
    /// No values, NaN, infinities, an `alpha` outside (0, 1), overflow.
    pub fn new(log_ratios: &[f64], alpha: f64) -> Result<Self, StatsError> {
        check_alpha(alpha)?;
        check_finite(log_ratios)?;
        let n = log_ratios.len();
        let mut distances: Vec<f64> = log_ratios.iter().map(|d| d.abs()).collect();
        distances.sort_unstable_by(f64::total_cmp);
        // 0.95 · 20 is 19 and not the next number above.
        let rank = (((1.0 - alpha) * (n + 1) as f64 * (1.0 - 1e-12)).ceil() as usize).clamp(1, n);
        let distance = distances.get(rank - 1).copied().unwrap_or_default();
        Ok(Self { fraction: finite(libm::expm1(distance))?, level: rank as f64 / (n + 1) as f64, n })
    }
}
