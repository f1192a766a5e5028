//! What can be wrong with a plan or a record.

use crate::stats::StatsError;
#[cfg(feature = "sweep")]
use crate::sweep::SweepError;

/// Why a plan or a record was refused. The state is what it was before.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ExperimentError {
    /// A plan without benchmarks.
    #[error("the plan has no benchmarks: name at least one")]
    NoBenchmarks,
    /// Two benchmarks of one name.
    #[error("the plan names {0} twice: name each benchmark once")]
    Twice(String),
    /// A number of the plan that must be above zero.
    #[error("{0} is zero or not a number: give one above zero")]
    NotAbove(&'static str),
    /// A count of the plan beyond what can be run, and beyond what every platform can count.
    #[error("{what} is {n}: give {most} at most")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// The count.
        n: usize,
        /// Largest count accepted.
        most: usize,
    },
    /// An outcome that nothing was asked for.
    #[error("nothing was asked for: call next() and record the outcome of that run")]
    NothingPending,
    /// A wall-clock time that is none.
    #[error("the run's time of {0} s is not usable: give a finite number of 0 or more")]
    BadTime(f64),
    /// A serialised state that no experiment was ever in.
    #[error("the saved state contradicts itself: begin the experiment again")]
    BadState,
    /// A sweep's plan that names benchmarks.
    #[cfg(feature = "sweep")]
    #[error("the benchmarks of a sweep are the points of its axes: leave `benchmarks` out")]
    OtherPoints,
    /// Axes that make no points.
    #[cfg(feature = "sweep")]
    #[error("{0}")]
    Sweep(#[from] SweepError),
    /// Values that no statistic can be formed from; record the run again, or that it failed.
    #[error("the run of {benchmark} gave unusable values: {cause}")]
    Values {
        /// Its benchmark.
        benchmark: String,
        /// What is wrong.
        cause: StatsError,
    },
    /// A margin, an error level or a bet that is not usable.
    #[error("{0}")]
    Stats(#[from] StatsError),
}

impl ExperimentError {
    /// Its name in documents: that of the variant, or of what is wrong with the numbers of the plan.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoBenchmarks => "NoBenchmarks",
            Self::Twice(_) => "Twice",
            Self::NotAbove(_) => "NotAbove",
            Self::TooMany { .. } => "TooMany",
            Self::NothingPending => "NothingPending",
            Self::BadTime(_) => "BadTime",
            Self::BadState => "BadState",
            #[cfg(feature = "sweep")]
            Self::OtherPoints => "OtherPoints",
            #[cfg(feature = "sweep")]
            Self::Sweep(_) => "Sweep",
            Self::Values { .. } => "Values",
            Self::Stats(cause) => cause.code(),
        }
    }
}
