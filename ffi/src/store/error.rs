//! What can go wrong with the database, each as one sentence that says what to do.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// A failure of the store. The database is never overwritten or deleted because of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Nothing has been surveyed yet.
    #[error("there is no survey at {}: run `lightspeed init` first", path.display())]
    Missing {
        /// The database that was asked for.
        path: PathBuf,
    },
    /// The file is something else than an SQLite database.
    #[error("{} is not an SQLite database: move it away, then run `lightspeed init`", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is truncated or damaged.
    #[error("{} is damaged or truncated ({detail}): restore a copy, or move it away and run `lightspeed init`", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A database that another program wrote.
    #[error("{} was not written by libLightspeed: move it away, then run `lightspeed init`", path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// Written by a newer release.
    #[error("{} has schema {found} and this release knows up to {known}: upgrade libLightspeed, or use another results directory", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Schema version of the file.
        found: i64,
        /// Newest schema version of this library.
        known: i64,
    },
    /// Written by an older release and opened read-only, so that it cannot be migrated.
    #[error("{} has schema {found}, older than {known}: run `lightspeed init` once to migrate it", path.display())]
    Older {
        /// The database.
        path: PathBuf,
        /// Schema version of the file.
        found: i64,
        /// Schema version that is read.
        known: i64,
    },
    /// Another process kept its write lock for longer than we wait.
    #[error("{} stayed locked by another process: let it finish (or end it), then try again", path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// The file system or the way of opening forbids writing.
    #[error("{} cannot be written: make it and its directory writable, or choose another results_dir", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// No space is left.
    #[error("the disk is full, {} was left as it was: free some space, then run the command again", path.display())]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The file or its directory cannot be opened.
    #[error("cannot open {}: {detail}; check the path and its permissions", path.display())]
    Unreadable {
        /// The database or lock file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// Another survey is running in the same results directory.
    #[error("another survey is running{}: wait for it, or end it ({})", holder.as_deref().map(|h| format!(" ({h})")).unwrap_or_default(), path.display())]
    SurveyRunning {
        /// The lock file.
        path: PathBuf,
        /// Who says to hold it.
        holder: Option<String>,
    },
    /// The caller stopped waiting.
    #[error("stopped while waiting for another survey to finish")]
    Cancelled,
    /// The survey that was being written is no longer there.
    #[error("survey {generation} was finished or discarded by another process: run `lightspeed init` again")]
    GenerationGone {
        /// Its number.
        generation: i64,
    },
    /// A number that cannot be stored was handed in.
    #[error("the median of {benchmark} is not a finite number: it cannot be stored")]
    NotFinite {
        /// The benchmark instance.
        benchmark: String,
    },
    /// A survey whose parts contradict each other was handed in.
    #[error("the survey contradicts itself ({detail}): this is a bug of the caller")]
    Inconsistent {
        /// What does not fit.
        detail: String,
    },
    /// Anything else that SQLite reports.
    #[error("{}: SQLite says: {detail}", path.display())]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// SQLite's message.
        detail: String,
    },
}

impl StoreError {
    pub(super) fn from_sqlite(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        let detail = match &error {
            rusqlite::Error::SqliteFailure(code, None) => code.to_string(),
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
            // A column of an unexpected type: somebody else wrote there.
            rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => {
                return Self::Damaged { path, detail: error.to_string() };
            }
            other => other.to_string(),
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, detail },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Unreadable { path, detail },
            _ => Self::Sqlite { path, detail },
        }
    }
}
