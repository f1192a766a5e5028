//! Search paths of the user's environment, for a tree that stands in for the user's own.

use std::path::{Path, PathBuf};

/// The entries of a variable such as PYTHONPATH; those that name a place of the user's tree name its twin, where there is one.
pub(super) fn moved_paths(variable: &str, twin: impl Fn(&Path) -> Option<PathBuf>) -> Vec<PathBuf> {
    let value = std::env::var_os(variable).unwrap_or_default();
    let entries = std::env::split_paths(&value).filter(|entry| !entry.as_os_str().is_empty());
    let moved = |entry: PathBuf| {
        let twin = twin(&entry).filter(|twin| entry.is_absolute() && twin.exists());
        twin.unwrap_or(entry)
    };
    entries.map(moved).collect()
}
