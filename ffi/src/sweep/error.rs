//! Why a sweep could not be run.

use crate::process::ProcessError;
use lightspeed_core::experiment::ExperimentError;
use std::io;
use std::path::PathBuf;

/// Why a sweep could not be run; how a point ends is no error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// Options that cannot be meant.
    #[error("{0}")]
    Options(String),
    /// Axes that make no points, or a command that does not fit them.
    #[error(transparent)]
    Axes(#[from] lightspeed_core::sweep::SweepError),
    /// An expression that cannot be worked out.
    #[error("{name} = {expression} cannot be worked out: {problem}")]
    Expression {
        /// What it is called.
        name: String,
        /// As it was written.
        expression: String,
        /// What is wrong.
        problem: String,
    },
    /// A command that cannot be started at a point.
    #[error("at {point}: {source}")]
    Command {
        /// The point.
        point: String,
        /// Why.
        source: ProcessError,
    },
    /// A file of the sweep that cannot be used.
    #[error("{path} cannot be {action}: {source}")]
    Io {
        /// What was to be done.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A journal that was damaged.
    #[error("line {line} of {path} is no run of a sweep ({problem}): move the file away, or leave --resume out")]
    Journal {
        /// The journal.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A journal that another process writes to.
    #[error("{0} belongs to a sweep that is running: wait for it, or leave --resume out")]
    Running(PathBuf),
    /// A journal of another machine, whose times do not belong beside these.
    #[error("{0} was begun on another kind of machine ({1}): leave --resume out to begin anew here")]
    OtherMachine(PathBuf, String),
    /// Numbers that the experiment refuses.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// A session's benchmark that cannot be run.
    #[error("{0}")]
    Session(String),
}
