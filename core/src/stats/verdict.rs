//! What the evidence says: an interval against a margin.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::inference::{Estimand, Inference};

/// What the evidence says. What happened is the status, and what to do about it the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Slower, beyond the margin.
    Regressed,
    /// Faster, beyond the margin.
    Improved,
    /// Slower, perhaps by less than the margin.
    SlowerMinor,
    /// Faster, perhaps by less than the margin.
    FasterMinor,
    /// No change beyond the margin.
    Equivalent,
    /// These runs cannot tell.
    Inconclusive,
}

impl Verdict {
    /// The verdict of a ratio's interval against `margin`, a fraction.
    ///
    /// An end that is not bounded excludes nothing on its side. Without any, and where the sizes could not have shown a change (`p_min` above the error
    /// level), the verdict is `Inconclusive`. A change also needs a p-value within the error level, if there is one.
    pub fn of(inference: &Inference, margin: f64) -> Self {
        let alpha = 1.0 - inference.interval.level;
        // Levels are written as 1 − α, which rounds.
        let within = |p: Option<f64>| p.is_none_or(|p| p <= alpha * (1.0 + 1e-12));
        if inference.estimand != Estimand::Ratio || !within(inference.p_min) {
            return Self::Inconclusive;
        }
        let low = inference.interval.low.map_or(f64::NEG_INFINITY, libm::log);
        let high = inference.interval.high.map_or(f64::INFINITY, libm::log);
        Self::of_interval((low, high), libm::log1p(margin), within(inference.p_value))
    }

    /// The verdict of an interval of ln(current/baseline); `margin` is in logarithms too.
    ///
    /// An interval inside the margin is a finding whatever the p-value.
    pub(super) fn of_interval((low, high): (f64, f64), margin: f64, significant: bool) -> Self {
        if low >= -margin && high <= margin {
            Self::Equivalent
        } else if low > margin && significant {
            Self::Regressed
        } else if high < -margin && significant {
            Self::Improved
        } else if low > 0.0 && significant {
            Self::SlowerMinor
        } else if high < 0.0 && significant {
            Self::FasterMinor
        } else {
            Self::Inconclusive
        }
    }

    /// The name used in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regressed => "regressed",
            Self::Improved => "improved",
            Self::SlowerMinor => "slower_minor",
            Self::FasterMinor => "faster_minor",
            Self::Equivalent => "equivalent",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The verdict of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Regressed, Self::Improved, Self::SlowerMinor, Self::FasterMinor, Self::Equivalent, Self::Inconclusive]
            .into_iter()
            .find(|verdict| verdict.as_str() == name)
    }

    /// Whether a difference is claimed, however small.
    pub fn is_change(self) -> bool {
        !matches!(self, Self::Equivalent | Self::Inconclusive)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
