//! Why a session could not do what it was asked, in one sentence each.

use crate::process::ProcessError;
use crate::store::StoreError;
use crate::suite::{FileFailure, Shadow, SuiteError};
use crate::sweep::SweepError;
use crate::tree::TreeError;
use lightspeed_core::blocks::CodecError;
use std::borrow::Cow;
use std::path::PathBuf;

/// Why a session could not do what it was asked. What goes wrong inside one benchmark is a result, not an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The suite cannot be used.
    #[error(transparent)]
    Suite(SuiteError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(StoreError),
    /// The source tree cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A stored analysis cannot be read.
    #[error(transparent)]
    Analysis(#[from] CodecError),
    /// A sweep cannot be run.
    #[error(transparent)]
    Sweep(#[from] SweepError),
    /// Nobody said where the sources are.
    #[error("no source root is known: name the package under change with --source-root")]
    NoSourceRoot,
    /// The survey does not say how it is to be read.
    #[error("the survey in {} was made by an earlier release: run `lightspeed init`", database.display())]
    Unread {
        /// The database.
        database: PathBuf,
    },
    /// There is no finished survey.
    #[error("{} holds no finished survey: run `lightspeed init`", database.display())]
    NoSurvey {
        /// The database.
        database: PathBuf,
    },
    /// The suite has no benchmarks.
    #[error("no benchmarks were found in {}{}", directory.display(), first_failure(failures))]
    NothingDiscovered {
        /// The suite's directory.
        directory: PathBuf,
        /// What could not be imported.
        failures: Vec<FileFailure>,
    },
    /// The package under change would be imported from somewhere else.
    #[error(
        "{}: uninstall that copy, install the source root in editable mode, or put it first with ASV_PYTHONPATH",
        shadows(shadowed)
    )]
    Shadowed {
        /// Which packages, and from where they come instead.
        shadowed: Vec<Shadow>,
        /// The source root.
        source_root: PathBuf,
    },
    /// A source file changed under the survey.
    #[error("{file} changed while the suite was surveyed: leave the tree alone and run `lightspeed init` again")]
    ChangedMeanwhile {
        /// The file.
        file: String,
    },
    /// A baseline was measured elsewhere, and the caller wants to compare with nothing of that kind.
    #[error(
        "the baseline of {instance} was measured on another class of machine ({difference}): measure it here with `lightspeed init --force`, \
         or leave --strict-host out"
    )]
    OtherHost {
        /// An instance of which that holds.
        instance: String,
        /// What differs, then and now.
        difference: String,
    },
    /// A tree could not be built.
    #[error("{tree} could not be built: `{command}` {ended}; all that it said is in {}", log.display())]
    Build {
        /// The tree, as the user knows it.
        tree: String,
        /// The command.
        command: String,
        /// How it ended.
        ended: String,
        /// What it wrote.
        log: PathBuf,
        /// The end of that.
        tail: String,
    },
    /// A file of the source tree is not Unicode or otherwise unusable in a request.
    #[error("{0}")]
    Request(String),
    /// The caller asked to stop.
    #[error("interrupted: what was finished is kept, the same command goes on from there")]
    Cancelled,
}

impl SessionError {
    /// The text behind the one-line message, where there is one: tracebacks, or for packages that come from elsewhere
    /// a line for each, its name and the place, with a tab between.
    #[must_use]
    pub fn detail(&self) -> Option<Cow<'_, str>> {
        match self {
            SessionError::Suite(error) => error.detail().map(Cow::Borrowed),
            SessionError::NothingDiscovered { failures, .. } => {
                let each: Vec<&str> = failures.iter().map(|failure| failure.detail.trim_end()).collect();
                (!each.is_empty()).then(|| each.join("\n\n").into())
            }
            SessionError::Build { tail, .. } => Some(tail.as_str().into()),
            SessionError::Shadowed { shadowed, .. } => {
                let each = shadowed.iter().map(|shadow| format!("{}\t{}", shadow.package, shadow.imported_from));
                Some(each.collect::<Vec<_>>().join("\n").into())
            }
            _ => None,
        }
    }
}

impl From<SuiteError> for SessionError {
    fn from(error: SuiteError) -> Self {
        match error {
            SuiteError::Cancelled => SessionError::Cancelled,
            other => SessionError::Suite(other),
        }
    }
}

impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cancelled => SessionError::Cancelled,
            other => SessionError::Store(other),
        }
    }
}

impl From<ProcessError> for SessionError {
    fn from(error: ProcessError) -> Self {
        SessionError::from(SuiteError::from(error))
    }
}

fn first_failure(failures: &[FileFailure]) -> String {
    match failures {
        [] => ": is benchmark_dir right?".to_owned(),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(" (and {} more files failed)", rest.len()) };
            format!(": {} could not be imported: {}{more}", first.file, first.error)
        }
    }
}

fn shadows(shadowed: &[Shadow]) -> String {
    let each: Vec<String> = shadowed
        .iter()
        .map(|s| format!("`import {}` takes {} and not the source root", s.package, s.imported_from))
        .collect();
    each.join("; ")
}
