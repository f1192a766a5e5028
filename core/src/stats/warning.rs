//! What a reader of a result should know, as data with a sentence each.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that weakens a result or explains its absence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Warning {
    /// A side has one process run: what differs from run to run cannot be told from a change.
    SingleRun,
    /// Too few runs for a test that assumes nothing but their independence.
    FewRuns {
        /// Runs on each side that would be enough.
        needed: usize,
    },
    /// No result of samples this small could be called a change.
    TooFewSamples {
        /// The smallest p-value they can give.
        p_min: f64,
    },
    /// Both sides gave the same number throughout: no noise was seen, so none can be estimated.
    NoSpread,
    /// Pairs whose two values are equal; they have no sign.
    ZeroDifferences {
        /// How many.
        count: usize,
    },
    /// A value was taken as exact without having been seen twice.
    NotRepeated,
    /// What runs second in a pair differs from what runs first.
    OrderEffect {
        /// Second to first, a ratio.
        ratio: f64,
        /// Two-sided p-value of "the order does not matter".
        p_value: f64,
    },
    /// Differences rise or fall in the course of the run.
    Drift {
        /// Spearman's correlation of difference and time.
        rho: f64,
        /// Its two-sided p-value.
        p_value: f64,
    },
    /// Neighbouring differences resemble each other.
    Autocorrelation {
        /// Correlation of each difference with the next.
        lag_1: f64,
        /// What independent differences would exceed in one case of twenty.
        limit: f64,
    },
    /// Values far from the rest. They count as all others do.
    Outliers {
        /// Beyond 1.5 quartile distances.
        mild: usize,
        /// Beyond 3 quartile distances.
        severe: usize,
    },
    /// An interval's end rests on a handful of resamples.
    FewResamples {
        /// How many lie beyond it.
        beyond: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SingleRun => {
                f.write_str("only one process run on a side: measure more rounds to see smaller changes")
            }
            Self::FewRuns { needed } => {
                write!(f, "few process runs: with {needed} on each side no assumption about their noise is needed")
            }
            Self::TooFewSamples { p_min } => {
                write!(f, "too few values to tell: the smallest p-value possible is {p_min:.2}")
            }
            Self::NoSpread => f.write_str("the runs do not vary, so their noise cannot be estimated"),
            Self::ZeroDifferences { count } => {
                write!(f, "{count} pairs show no difference at all: is the clock coarse?")
            }
            Self::NotRepeated => {
                f.write_str("one value on a side, taken as exact: measure twice to see that it does not vary")
            }
            Self::OrderEffect { ratio, p_value } => {
                write!(
                    f,
                    "what runs second takes {ratio:.4} times what runs first (p = {p_value:.2e}): keep the order balanced"
                )
            }
            Self::Drift { rho, p_value } => {
                write!(
                    f,
                    "differences drift during the run (Spearman {rho:.2}, p = {p_value:.2e}): look for heat or neighbours"
                )
            }
            Self::Autocorrelation { lag_1, limit } => {
                write!(
                    f,
                    "neighbouring pairs resemble each other (lag 1: {lag_1:.2}, expected within {limit:.2}): fewer independent pairs than it seems"
                )
            }
            Self::Outliers { mild, severe } => {
                write!(f, "{mild} mild and {severe} severe outliers; all values count")
            }
            Self::FewResamples { beyond } => {
                write!(f, "only {beyond} resamples lie beyond an end of the interval: draw more")
            }
        }
    }
}
