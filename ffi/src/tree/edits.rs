//! The edits of a working tree, laid over a checkout of its last commit.

use super::error::TreeError;
use super::files::list_files;
use super::git::{ChangeStatus, git_changes};
use super::worktree::Worktree;
use std::path::{Path, PathBuf};

/// Makes a checkout of the last commit what the user's tree is now: edits that are not committed, files that git does not
/// know and does not ignore, and deletions; nothing of what lies in `others`. How many paths that were.
///
/// # Errors
/// Where git fails, or a file cannot be copied.
pub fn lay_edits_over(worktree: &Worktree, others: &[PathBuf]) -> Result<usize, TreeError> {
    let mut changes = git_changes(worktree.repository(), &[], None)?;
    changes.paths.retain(|change| !others.iter().any(|other| change.path.starts_with(other)));
    let top = worktree.repository();
    for change in &changes.paths {
        let Ok(name) = change.path.strip_prefix(top) else { continue };
        let target = worktree.path().join(name);
        if change.directory && change.status != ChangeStatus::Deleted {
            // A submodule, or a repository inside the repository.
            for file in list_files(&change.path)? {
                let below = file.strip_prefix(top).unwrap_or(&file).to_owned();
                replace(&file, &worktree.path().join(below))?;
            }
        } else {
            replace(&change.path, &target)?;
        }
    }
    Ok(changes.paths.len())
}

/// Puts a copy of `file`, or of the link that it is, in place of `target`; where there is no `file`, nothing.
///
/// # Errors
/// Where it cannot be copied.
pub fn replace(file: &Path, target: &Path) -> Result<(), TreeError> {
    let unwritable =
        |error: std::io::Error| TreeError::Unwritable { path: target.to_owned(), detail: error.to_string() };
    match target.symlink_metadata() {
        Ok(there) if there.is_dir() => std::fs::remove_dir_all(target).map_err(unwritable)?,
        Ok(_) => std::fs::remove_file(target).map_err(unwritable)?,
        Err(_) => {}
    }
    let Ok(found) = file.symlink_metadata() else { return Ok(()) };
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent).map_err(unwritable)?;
    }
    if found.is_symlink() {
        let unreadable =
            |error: std::io::Error| TreeError::Unreadable { path: file.to_owned(), detail: error.to_string() };
        return link(&std::fs::read_link(file).map_err(unreadable)?, file, target).map_err(unwritable);
    }
    std::fs::copy(file, target).map(drop).map_err(unwritable)
}

#[cfg(unix)]
fn link(to: &Path, _file: &Path, target: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, target)
}

#[cfg(not(unix))]
fn link(_to: &Path, file: &Path, target: &Path) -> std::io::Result<()> {
    std::fs::copy(file, target).map(drop)
}
