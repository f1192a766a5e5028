//! Changed files as a user names them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::error::TreeError;
use super::files::{SourceRoot, list_files, real_path};
use super::git::{ChangeStatus, ChangedPath, Changes, find_repository, git_changes};

/// Less alike than this, a suggestion only confuses.
const LEAST_LIKENESS: f64 = 0.6;

/// What names are resolved against.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The caller's directory.
    pub cwd: &'a Path,
    /// The source root.
    pub source_root: &'a SourceRoot,
    /// Names of the surveyed files, relative to the source root: a deleted file is known by them.
    pub surveyed: &'a [String],
}

/// The changes that `names` stand for: each relative to the caller's directory, the source root or the top of its
/// repository, whichever knows it first. A directory stands for what git says changed below it or, outside git, for all
/// its files.
pub fn given_changes(names: &[PathBuf], given: &Given<'_>) -> Result<Changes, TreeError> {
    let top = find_repository(given.source_root.path());
    let bases: Vec<&Path> =
        [Some(given.cwd), Some(given.source_root.path()), top.as_deref()].into_iter().flatten().collect();
    let surveyed: HashSet<&str> = given.surveyed.iter().map(String::as_str).collect();
    let mut changes = Changes::default();
    for name in names {
        let mut candidates = bases.iter().map(|base| real_path(&base.join(name)));
        let known = candidates.find_map(|path| known(path, given, &surveyed));
        let Some(paths) = known else {
            return Err(TreeError::UnknownFile {
                given: name.to_string_lossy().into_owned(),
                nearest: nearest(name, &bases, given),
            });
        };
        match paths {
            Known::Directory(path) => add_directory(path, given, &mut changes)?,
            Known::Paths(paths) => changes.paths.extend(paths),
        }
    }
    changes.paths.sort_by(|a, b| a.path.cmp(&b.path));
    changes.paths.dedup_by(|later, kept| later.path == kept.path);
    Ok(changes)
}

enum Known {
    Directory(PathBuf),
    Paths(Vec<ChangedPath>),
}

fn known(path: PathBuf, given: &Given<'_>, surveyed: &HashSet<&str>) -> Option<Known> {
    if path.is_dir() {
        return Some(Known::Directory(path));
    }
    let change = |path, status| ChangedPath { path, status, directory: false };
    if path.exists() {
        return Some(Known::Paths(vec![change(path, ChangeStatus::Modified)]));
    }
    if surveyed.contains(given.source_root.relative(&path).as_str()) {
        return Some(Known::Paths(vec![change(path, ChangeStatus::Deleted)]));
    }
    let below = surveyed_below(&path, given);
    let deleted: Vec<_> = below.into_iter().map(|path| change(path, ChangeStatus::Deleted)).collect();
    (!deleted.is_empty()).then_some(Known::Paths(deleted))
}

fn surveyed_below(directory: &Path, given: &Given<'_>) -> Vec<PathBuf> {
    let paths = given.surveyed.iter().map(|name| given.source_root.absolute(name));
    paths.filter(|path| path.starts_with(directory)).collect()
}

fn add_directory(directory: PathBuf, given: &Given<'_>, changes: &mut Changes) -> Result<(), TreeError> {
    match git_changes(&directory, &[], None) {
        Ok(found) => {
            changes.paths.extend(found.paths);
            changes.diagnostics.extend(found.diagnostics);
            Ok(())
        }
        Err(TreeError::NotARepository { .. } | TreeError::GitMissing) => {
            let mut paths = list_files(&directory)?;
            paths.extend(surveyed_below(&directory, given));
            changes.paths.extend(paths.into_iter().map(|path| {
                let status = if path.exists() { ChangeStatus::Modified } else { ChangeStatus::Deleted };
                ChangedPath { path, status, directory: false }
            }));
            let message = format!("{} is in no git repository: all its files count as changed", directory.display());
            changes.diagnostics.push(message);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// The surveyed name most like a mistyped one; the right file name in another directory counts much.
fn nearest(name: &Path, bases: &[&Path], given: &Given<'_>) -> Option<String> {
    let mut forms: Vec<String> =
        bases.iter().map(|base| given.source_root.relative(&real_path(&base.join(name)))).collect();
    forms.push(name.to_string_lossy().into_owned());
    let likeness = |surveyed: &str| {
        let alike = |form: &String| strsim::normalized_damerau_levenshtein(form, surveyed);
        let same_name = Path::new(surveyed).file_name() == name.file_name();
        forms.iter().map(alike).fold(0.0, f64::max) + if same_name { 1.0 } else { 0.0 }
    };
    let scored = given.surveyed.iter().map(|surveyed| (likeness(surveyed), surveyed));
    let (score, best) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score >= LEAST_LIKENESS).then(|| best.clone())
}
