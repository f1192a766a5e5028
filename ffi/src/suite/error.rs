//! Why a suite could not be opened, listed or served.

use std::io;
use std::path::PathBuf;

use crate::process::ProcessError;

/// Why a suite could not be opened, listed or served. What goes wrong inside one benchmark is a result, not an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuiteError {
    /// A file or directory could not be used.
    #[error("{path} could not be {action}: {source}", path = path.display())]
    Io {
        /// What was tried: `read`, `written` …
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The configuration is not valid.
    #[error("{path}:{line}:{column}: {problem}", path = path.display())]
    Config {
        /// The configuration file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong and what to do.
        problem: String,
    },
    /// There is no configuration.
    #[error("no asv.conf.json or lightspeed.toml was found in or below {directory}: name one with --config", directory = directory.display())]
    NoConfig {
        /// Where it was looked for.
        directory: PathBuf,
    },
    /// There are several configurations.
    #[error("several configurations were found; choose one with --config: {}", join(.candidates))]
    SeveralConfigs {
        /// All that were found.
        candidates: Vec<PathBuf>,
    },
    /// The interpreter cannot be used.
    #[error("{problem}")]
    Python {
        /// What is wrong with it and what to do.
        problem: String,
    },
    /// A file of the suite could not be imported.
    #[error("{file} could not be imported: {error}")]
    Import {
        /// The file, relative to the suite's directory.
        file: String,
        /// What went wrong, in one line.
        error: String,
        /// The traceback, or the end of what was written before a crash.
        detail: String,
    },
    /// The driver failed outside of any one file.
    #[error("the suite could not be listed: {error}")]
    Discovery {
        /// What went wrong, in one line.
        error: String,
        /// The traceback, or the end of what was written before a crash.
        detail: String,
    },
    /// The driver said something that is not in the protocol.
    #[error(
        "the driver gave a reply that cannot be read ({problem}): this is a fault of this library, please report it"
    )]
    Protocol {
        /// What is wrong with the reply.
        problem: String,
    },
    /// The caller asked to stop.
    #[error("interrupted")]
    Cancelled,
    /// A process could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

impl SuiteError {
    /// The text behind the one-line message: a traceback, or the end of what was written before a crash.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Import { detail, .. } | Self::Discovery { detail, .. } => Some(detail),
            _ => None,
        }
    }
}

fn join(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
