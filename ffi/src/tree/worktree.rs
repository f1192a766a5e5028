//! A revision checked out beside the working tree, for as long as it is needed.

use super::command::git;
use super::error::TreeError;
use super::git::find_repository;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A detached worktree; dropping it removes it. The user's own tree is never touched.
#[derive(Debug)]
pub struct Worktree {
    repository: PathBuf,
    path: PathBuf,
    /// The commit that was checked out.
    commit: String,
    /// What it lies in, where that is its own.
    _directory: Option<TempDir>,
    kept: bool,
}

impl Worktree {
    /// Checks `revision` of the repository around `directory` out into a temporary directory.
    ///
    /// # Errors
    /// No repository, no such revision, or git's own refusal.
    pub fn add(directory: &Path, revision: &str) -> Result<Self, TreeError> {
        let unreadable =
            |error: std::io::Error| TreeError::Unreadable { path: std::env::temp_dir(), detail: error.to_string() };
        let temporary = tempfile::Builder::new().prefix("lightspeed-base-").tempdir().map_err(unreadable)?;
        let mut worktree = Self::add_at(directory, revision, &temporary.path().join("tree"))?;
        worktree._directory = Some(temporary);
        Ok(worktree)
    }

    /// The same at `path`, which must not be there yet.
    ///
    /// # Errors
    /// As [`Worktree::add`].
    pub fn add_at(directory: &Path, revision: &str, path: &Path) -> Result<Worktree, TreeError> {
        let repository =
            find_repository(directory).ok_or_else(|| TreeError::NotARepository { root: directory.to_path_buf() })?;
        let wanted = format!("{revision}^{{commit}}");
        let [known] = git(
            &repository,
            [vec!["rev-parse".into(), "--verify".into(), "--quiet".into(), "--end-of-options".into(), wanted.into()]],
        )?;
        if known.code != Some(0) {
            return Err(TreeError::UnknownRevision { revision: revision.to_owned(), repository });
        }
        let commit = String::from_utf8_lossy(&known.stdout).trim().to_owned();
        let add = ["worktree", "add", "--detach", "--force", "--quiet"].map(Into::into);
        let arguments = add.into_iter().chain([path.as_os_str().to_owned(), commit.clone().into()]).collect();
        let [added] = git(&repository, [arguments])?;
        if added.code != Some(0) {
            return Err(TreeError::GitFailed { repository, detail: added.complaint });
        }
        Ok(Worktree { repository, path: path.to_owned(), commit, _directory: None, kept: false })
    }

    /// Leaves it where it is when this is dropped.
    pub fn keep(&mut self) {
        self.kept = true;
    }

    /// The commit that was checked out.
    #[must_use]
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// Top of the user's own tree.
    #[must_use]
    pub fn repository(&self) -> &Path {
        &self.repository
    }

    /// Top of the checked-out tree.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where `directory` of the user's tree lies in this one.
    #[must_use]
    pub fn twin(&self, directory: &Path) -> Option<PathBuf> {
        let top = self.repository.canonicalize().ok()?;
        Some(self.path.join(directory.strip_prefix(top).ok()?))
    }
}

impl Drop for Worktree {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let remove: Vec<std::ffi::OsString> = ["worktree", "remove", "--force"]
            .map(Into::into)
            .into_iter()
            .chain([self.path.as_os_str().to_owned()])
            .collect();
        // What git cannot remove goes with the temporary directory; `git worktree prune` forgets it later.
        let _ = git(&self.repository, [remove]);
    }
}
