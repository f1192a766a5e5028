//! Why a pair could not be run.

use crate::process::ProcessError;
use lightspeed_core::experiment::ExperimentError;

/// Why a pair could not be run; how its commands end is no error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PairError {
    /// Options that cannot be meant.
    #[error("{0}")]
    Options(String),
    /// A command that cannot be started.
    #[error("the {side} cannot be run: {source}")]
    Command {
        /// `baseline` or `current`.
        side: &'static str,
        /// Why.
        source: ProcessError,
    },
    /// Numbers that the experiment refuses.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
}
