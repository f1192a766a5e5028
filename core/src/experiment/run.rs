//! One process run: what is asked for and what came of it.

use crate::stats::Status;
use serde::{Deserialize, Serialize};

/// What to do now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Next {
    /// Run this and record its outcome. The same until that was done.
    Run(Run),
    /// Nothing is left to run.
    Done,
}

/// A process run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Which benchmark.
    pub benchmark: String,
    /// Which code.
    pub side: Side,
    /// Which pair of this benchmark, from 0; of a sweep, which round, warm-ups counted by themselves.
    pub pair: usize,
    /// Whether it is the first of its pair.
    pub first: bool,
    /// Whether it only warms up: its values do not count.
    pub warmup: bool,
}

/// Which code is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Before the change.
    Baseline,
    /// After the change.
    Current,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// It gave values; they collapse to their median.
    Values {
        /// The values, all above zero.
        values: Vec<f64>,
        /// Seconds that the run took.
        wall_s: f64,
    },
    /// It raised an error, exited or crashed.
    Failed {
        /// Why.
        reason: String,
    },
    /// Its time was up.
    TimedOut,
    /// It asked to be skipped.
    Skipped,
}

impl Outcome {
    /// The values and the seconds of the run; else how it ends its benchmark, with the reason.
    pub(super) fn values(self) -> Result<(Vec<f64>, f64), (Status, String)> {
        match self {
            Self::Values { values, wall_s } => Ok((values, wall_s)),
            Self::Failed { reason } => Err((Status::Failed, reason)),
            Self::TimedOut => Err((Status::TimedOut, "its time was up".to_owned())),
            Self::Skipped => Err((Status::Skipped, "it asked to be skipped".to_owned())),
        }
    }
}

/// How far an experiment is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Runs that were recorded, warm-ups included.
    pub done: usize,
    /// Runs in all, if those that are not decided go on as far as they may need.
    pub expected: usize,
    /// Benchmarks with nothing left to run.
    pub decided: usize,
    /// Benchmarks.
    pub benchmarks: usize,
    /// Seconds that runs took.
    pub spent_s: f64,
}
