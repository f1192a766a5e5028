//! A revision checked out beside the working tree, for as long as it is needed.

use super::command::git;
use super::error::TreeError;
use super::git::find_repository;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A detached worktree in a temporary directory; dropping it removes it. The user's own tree is never touched.
#[derive(Debug)]
pub struct Worktree {
    repository: PathBuf,
    directory: TempDir,
}

impl Worktree {
    /// Checks `revision` of the repository around `directory` out.
    ///
    /// # Errors
    /// No repository, no such revision, or git's own refusal.
    pub fn add(directory: &Path, revision: &str) -> Result<Self, TreeError> {
        let repository =
            find_repository(directory).ok_or_else(|| TreeError::NotARepository { root: directory.to_path_buf() })?;
        let unreadable =
            |error: std::io::Error| TreeError::Unreadable { path: std::env::temp_dir(), detail: error.to_string() };
        let temporary = tempfile::Builder::new().prefix("lightspeed-base-").tempdir().map_err(unreadable)?;
        let wanted = format!("{revision}^{{commit}}");
        let [known] = git(
            &repository,
            [vec!["rev-parse".into(), "--verify".into(), "--quiet".into(), "--end-of-options".into(), wanted.into()]],
        )?;
        if known.code != Some(0) {
            return Err(TreeError::UnknownRevision { revision: revision.to_owned(), repository });
        }
        let commit = String::from_utf8_lossy(&known.stdout).trim().to_owned();
        let target = temporary.path().join("tree");
        let add = ["worktree", "add", "--detach", "--force", "--quiet"].map(Into::into);
        let arguments = add.into_iter().chain([target.into_os_string(), commit.into()]).collect();
        let [added] = git(&repository, [arguments])?;
        if added.code != Some(0) {
            return Err(TreeError::GitFailed { repository, detail: added.complaint });
        }
        Ok(Worktree { repository, directory: temporary })
    }

    /// Top of the checked-out tree.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("tree")
    }

    /// Where `directory` of the user's tree lies in this one.
    #[must_use]
    pub fn twin(&self, directory: &Path) -> Option<PathBuf> {
        let top = self.repository.canonicalize().ok()?;
        Some(self.path().join(directory.strip_prefix(top).ok()?))
    }
}

impl Drop for Worktree {
    fn drop(&mut self) {
        let remove: Vec<std::ffi::OsString> = ["worktree", "remove", "--force"]
            .map(Into::into)
            .into_iter()
            .chain([self.path().into_os_string()])
            .collect();
        // What git cannot remove goes with the temporary directory; `git worktree prune` forgets it later.
        let _ = git(&self.repository, [remove]);
    }
}
