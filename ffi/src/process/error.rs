//! Why a process could not be run.

use std::io;
use std::path::PathBuf;

/// Why a process could not be started, spoken to or waited for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// The argv was empty.
    #[error("the command is empty: give at least the program to run")]
    EmptyCommand,
    /// The working directory does not exist.
    #[error("the working directory {cwd} of {program} is not a directory: create it or name another")]
    WorkingDirectory {
        /// The program that was to run there.
        program: String,
        /// The directory that is missing.
        cwd: PathBuf,
    },
    /// The program (or the interpreter its first line names) does not exist.
    #[error("program {program} was not found: install it, put it on PATH or give its full path")]
    NotFound {
        /// The program as it was given.
        program: String,
    },
    /// The program exists but may not be executed.
    #[error("program {program} may not be executed: check its permissions and that it is a program")]
    NotExecutable {
        /// The program as it was given.
        program: String,
    },
    /// The system refused to start the program for another reason.
    #[error("program {program} could not be started: {source}")]
    Start {
        /// The program as it was given.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The child's end or resource use could not be learnt.
    #[error(
        "program {program} could not be waited for ({source}): does another part of this process reap all children?"
    )]
    Wait {
        /// The program as it was given.
        program: String,
        /// What the system said.
        source: io::Error,
    },
}
