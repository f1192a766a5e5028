//! Two operations that alternate from sample to sample, by a socket between their processes.

use serde::Serialize;
use std::io;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

/// What an operation is told that is to alternate with another one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Turn {
    /// Where the two meet. Whoever finds it gone goes on alone.
    folder: PathBuf,
    /// One of the two listens there, and the other one comes.
    listens: bool,
    /// One of the two begins.
    begins: bool,
    /// Seconds after which whoever waits for a turn goes on alone.
    longest_s: f64,
}

/// Where two operations meet.
#[derive(Debug)]
pub struct Turns {
    folder: TempDir,
    longest: Duration,
}

impl Turns {
    /// A place for two that hold a turn for `longest` at most.
    ///
    /// # Errors
    /// The system has no place for it.
    pub fn new(longest: Duration) -> io::Result<Self> {
        Ok(Turns { folder: tempfile::Builder::new().prefix("lightspeed-").tempdir()?, longest })
    }

    /// What the operation of a side, 0 or 1, is to be told.
    #[must_use]
    pub fn of(&self, side: usize, begins: bool) -> Turn {
        let (folder, longest_s) = (self.folder.path().to_owned(), self.longest.as_secs_f64());
        Turn { folder, listens: side == 0, begins, longest_s }
    }

    /// One of the two has ended: if they have not met they will not.
    pub fn end(&self) {
        // What is gone already need not go.
        let _ = std::fs::remove_dir_all(self.folder.path());
    }
}
