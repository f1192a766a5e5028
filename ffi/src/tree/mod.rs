//! The source tree as it is on disk, and what git says changed in it.

mod command;
mod edits;
mod error;
mod files;
mod git;
mod given;
mod raw_diff;
mod working;
mod worktree;

pub use edits::{lay_edits_over, replace};
pub use error::TreeError;
pub use files::{SIZE_CAP, SourceRoot, list_files, read_file};
pub use git::{ChangeStatus, ChangedPath, Changes, branch, find_repository, git_changes};
pub use given::{Given, given_changes};
pub use working::{apply_patch, working_files};
pub use worktree::Worktree;
