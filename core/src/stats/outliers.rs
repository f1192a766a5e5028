//! Values far from the rest, classified as Tukey did. They are shown, and never dropped.

use serde::{Deserialize, Serialize};

use super::error::{StatsError, check_finite};
use super::summary::{quantile_of_sorted, sorted};
use super::warning::Warning;

/// Positions in a sample of the values beyond its fences, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outliers {
    /// More than 3 quartile distances below the lower quartile.
    pub severe_low: Vec<usize>,
    /// More than 1.5 quartile distances below the lower quartile.
    pub mild_low: Vec<usize>,
    /// More than 1.5 quartile distances above the upper quartile.
    pub mild_high: Vec<usize>,
    /// More than 3 quartile distances above the upper quartile.
    pub severe_high: Vec<usize>,
}

impl Outliers {
    /// The warning that goes with them, if there are any.
    pub fn warning(&self) -> Option<Warning> {
        let (mild, severe) =
            (self.mild_low.len() + self.mild_high.len(), self.severe_low.len() + self.severe_high.len());
        (mild + severe > 0).then_some(Warning::Outliers { mild, severe })
    }
}

/// Classifies the values of a sample. Where the middle half is constant, all that differs from it is severe.
///
/// # Errors
/// An empty sample, NaN, infinities.
pub fn outliers(sample: &[f64]) -> Result<Outliers, StatsError> {
    check_finite(sample)?;
    let ascending = sorted(sample);
    let (q_25, q_75) = (quantile_of_sorted(&ascending, 0.25), quantile_of_sorted(&ascending, 0.75));
    // Halves, because the distance itself may not fit a double.
    let half_distance = q_75 / 2.0 - q_25 / 2.0;
    let beyond = |off: f64, factor: f64| off > 2.0 * factor * half_distance;
    let mut found = Outliers::default();
    for (index, value) in sample.iter().enumerate() {
        let (below, above) = (q_25 - value, value - q_75);
        if beyond(below, 3.0) {
            found.severe_low.push(index);
        } else if beyond(below, 1.5) {
            found.mild_low.push(index);
        } else if beyond(above, 3.0) {
            found.severe_high.push(index);
        } else if beyond(above, 1.5) {
            found.mild_high.push(index);
        }
    }
    Ok(found)
}
