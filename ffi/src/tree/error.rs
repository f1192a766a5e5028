//! What can go wrong with the source tree, each as one sentence that says what to do.

use std::path::PathBuf;

/// A failure to read the tree or to learn what changed in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// The source root is under no version control that we know.
    #[error("{} is not in a git repository: name the changed files with --changed-files", root.display())]
    NotARepository {
        /// The source root.
        root: PathBuf,
    },
    /// There is no `git` program.
    #[error("git was not found on PATH: install it, or name the changed files with --changed-files")]
    GitMissing,
    /// git refused.
    #[error("git failed in {}: {detail}; repair that, or name the changed files with --changed-files", repository.display())]
    GitFailed {
        /// Top of the repository.
        repository: PathBuf,
        /// git's own words.
        detail: String,
    },
    /// git did not answer.
    #[error("git gave no answer within {seconds} s in {}: name the changed files with --changed-files", repository.display())]
    GitTimedOut {
        /// Top of the repository.
        repository: PathBuf,
        /// How long we waited.
        seconds: u64,
    },
    /// The revision to compare with does not exist.
    #[error("there is no revision {revision:?} in {}: give a commit, tag or branch that `git log -1` knows there", repository.display())]
    UnknownRevision {
        /// What was asked for.
        revision: String,
        /// Top of the repository.
        repository: PathBuf,
    },
    /// A file or directory cannot be read.
    #[error("cannot read {}: {detail}; check the path and its permissions", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// A file or directory cannot be written.
    #[error("cannot write {}: {detail}; check its permissions and the free space", path.display())]
    Unwritable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// A file beyond what can reasonably be source.
    #[error("{} is too large to analyse ({size} bytes, at most {cap}): it counts as a whole", path.display())]
    TooLarge {
        /// The path.
        path: PathBuf,
        /// Its length.
        size: u64,
        /// The limit.
        cap: u64,
    },
    /// A changed file that was named exists nowhere.
    #[error("there is no file {given:?}, on disk or in the survey{}", nearest.as_ref().map(|path| format!(": did you mean {path:?}?")).unwrap_or_else(|| ": give a path relative to the current directory or to the source root".to_owned()))]
    UnknownFile {
        /// What was named.
        given: String,
        /// The surveyed path most like it.
        nearest: Option<String>,
    },
}
