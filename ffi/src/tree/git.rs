//! What changed according to git, whatever directory the caller stands in.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::command::{Output, failed, git};
use super::error::TreeError;
use super::files::real_path;
use super::raw_diff;

/// What happened to a path; `P` is how paths are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeStatus<P = PathBuf> {
    /// New to git.
    Added,
    /// Other contents, or a conflict.
    Modified,
    /// Gone.
    Deleted,
    /// Unknown to git and not ignored.
    Untracked,
    /// Moved here. The old path has a change of its own: [`ChangeStatus::Deleted`].
    Renamed {
        /// The old path.
        from: P,
    },
    /// A file became a link, or the reverse.
    TypeChanged,
}

/// One changed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPath {
    /// Absolute.
    pub path: PathBuf,
    /// What happened to it.
    pub status: ChangeStatus,
    /// Something changed anywhere below this directory: a submodule, or a repository inside the repository.
    pub directory: bool,
}

/// What changed, ordered by path, each path once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The changes.
    pub paths: Vec<ChangedPath>,
    /// What a reader of the changes should know about their limits.
    pub diagnostics: Vec<String>,
}

/// Top of the working tree that `directory` is in.
pub fn find_repository(directory: &Path) -> Option<PathBuf> {
    let directory = real_path(directory);
    directory.ancestors().find(|ancestor| ancestor.join(".git").exists()).map(Path::to_path_buf)
}

/// The branch of the working tree around `directory`; none where its head is detached.
///
/// # Errors
/// No repository, or git cannot be run.
pub fn branch(directory: &Path) -> Result<Option<String>, TreeError> {
    let top = find_repository(directory).ok_or_else(|| TreeError::NotARepository { root: directory.to_path_buf() })?;
    let [named] = git(&top, [["symbolic-ref", "--quiet", "--short", "HEAD"].map(OsString::from).to_vec()])?;
    let name = String::from_utf8_lossy(&named.stdout).trim().to_owned();
    Ok((named.code == Some(0) && !name.is_empty()).then_some(name))
}

/// Changes below `source_root` and `others` (the suite, for one) against the revision `base`, or else the last commit:
/// committed since, staged, unstaged, untracked. `source_root` must be in a repository; the others may be in it, in one
/// of their own (compared with its last commit), or in none.
pub fn git_changes(source_root: &Path, others: &[PathBuf], base: Option<&str>) -> Result<Changes, TreeError> {
    let not_a_repository = || TreeError::NotARepository { root: source_root.to_path_buf() };
    let top = find_repository(source_root).ok_or_else(not_a_repository)?;
    let mut repositories = vec![(top, vec![real_path(source_root)])];
    let mut changes = Changes::default();
    for other in others {
        let Some(top) = find_repository(other) else {
            let message = format!("{} is in no git repository: changes there are not seen", other.display());
            changes.diagnostics.push(message);
            continue;
        };
        match repositories.iter_mut().find(|(known, _)| *known == top) {
            Some((_, roots)) => roots.push(real_path(other)),
            None => repositories.push((top, vec![real_path(other)])),
        }
    }
    for (index, (top, roots)) in repositories.iter().enumerate() {
        let base = base.filter(|_| index == 0);
        match ask(top, roots, base, &mut changes) {
            Err(TreeError::GitFailed { detail, .. }) if detail.contains("not a git repository") => {
                return Err(not_a_repository());
            }
            other => other?,
        }
    }
    changes.paths.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| rank(a).cmp(&rank(b))));
    changes.paths.dedup_by(|later, kept| later.path == kept.path);
    for change in changes.paths.iter().filter(|change| change.path.to_str().is_none()) {
        let name = change.path.display();
        changes.diagnostics.push(format!("the name {name:?} is not UTF-8: it is compared in a lossy form"));
    }
    Ok(changes)
}

/// Of several statuses of one path, the one on disk counts: a name deleted from the index may still be there, untracked.
fn rank(change: &ChangedPath) -> u8 {
    match change.status {
        ChangeStatus::Renamed { .. } => 0,
        ChangeStatus::Untracked => 1,
        ChangeStatus::Added | ChangeStatus::Modified | ChangeStatus::TypeChanged => 2,
        ChangeStatus::Deleted => 3,
    }
}

fn ask(top: &Path, roots: &[PathBuf], base: Option<&str>, changes: &mut Changes) -> Result<(), TreeError> {
    let revision = revision(top, base)?;
    let diff = command(
        ["diff", "--raw", "-z", "-M", "--relative", "--no-ext-diff", "--ignore-submodules=none", &revision],
        top,
        roots,
    );
    let untracked = command(["ls-files", "--others", "--exclude-standard", "-z"], top, roots);
    let [diff, untracked] = git(top, [diff, untracked])?;
    let before = changes.paths.len();
    if diff.code == Some(0) {
        let diff = raw_diff::parse(&diff.stdout);
        let diff = diff.ok_or_else(|| failed(top, "its answer to `git diff --raw -z` is not understood".to_owned()))?;
        diff.into_iter().for_each(|change| add(top, change, &mut changes.paths));
    } else {
        changes.paths.extend(without_diff(top, roots, base, &diff)?);
    }
    if untracked.code != Some(0) {
        return Err(failed(top, untracked.complaint));
    }
    changes.paths.extend(listed(top, &untracked.stdout, ChangeStatus::Untracked));
    if changes.paths.len() == before {
        changes.diagnostics.extend(ignored(top, roots)?);
    }
    Ok(())
}

/// What cannot be a commit must not reach git's command line, where it could be an option or a range.
fn revision(top: &Path, base: Option<&str>) -> Result<String, TreeError> {
    let revision = base.unwrap_or("HEAD");
    if revision.is_empty() || revision.starts_with('-') || revision.contains("..") || revision.contains('\0') {
        return Err(TreeError::UnknownRevision { revision: revision.to_owned(), repository: top.to_path_buf() });
    }
    Ok(revision.to_owned())
}

/// A refused `git diff`: the revision is unknown, or there is no commit yet and all that is tracked is new.
fn without_diff(
    top: &Path,
    roots: &[PathBuf],
    base: Option<&str>,
    diff: &Output,
) -> Result<Vec<ChangedPath>, TreeError> {
    let commit = format!("{}^{{commit}}", base.unwrap_or("HEAD"));
    let verify = ["rev-parse", "--quiet", "--verify", &commit].map(OsString::from).to_vec();
    let tracked = command(["ls-files", "--cached", "-z"], top, roots);
    let [verify, tracked] = git(top, [verify, tracked])?;
    match (verify.code, base) {
        (Some(1), Some(base)) => {
            Err(TreeError::UnknownRevision { revision: base.to_owned(), repository: top.to_path_buf() })
        }
        (Some(1), None) if tracked.code == Some(0) => Ok(listed(top, &tracked.stdout, ChangeStatus::Added)),
        // Outside a repository `git diff` compares plain files, and complains of those instead.
        (Some(0 | 1), _) => Err(failed(top, diff.complaint.clone())),
        _ => Err(failed(top, verify.complaint)),
    }
}

/// Says so where git cannot see changes at all: an empty answer would pass for "nothing changed".
fn ignored(top: &Path, roots: &[PathBuf]) -> Result<Vec<String>, TreeError> {
    let mut messages = Vec::new();
    for root in roots.iter().filter(|root| *root != top) {
        let check = ["check-ignore", "-q", "--"].map(OsString::from).into_iter().chain([root.into()]).collect();
        let [check] = git(top, [check])?;
        match check.code {
            Some(0) => {
                messages.push(format!("git ignores {}: changes of untracked files there are not seen", root.display()))
            }
            Some(1) => {}
            _ => return Err(failed(top, check.complaint)),
        }
    }
    Ok(messages)
}

fn command<const N: usize>(arguments: [&str; N], top: &Path, roots: &[PathBuf]) -> Vec<OsString> {
    let literal = std::iter::once("--literal-pathspecs");
    let mut command: Vec<OsString> = literal.chain(arguments).map(OsString::from).collect();
    command.push("--".into());
    for root in roots {
        let below = root.strip_prefix(top).unwrap_or(root);
        command.push(if below.as_os_str().is_empty() { OsString::from(".") } else { below.into() });
    }
    command
}

fn add(top: &Path, change: raw_diff::RawChange<'_>, paths: &mut Vec<ChangedPath>) {
    let directory = change.submodule;
    let status = match change.status {
        ChangeStatus::Renamed { from } => {
            let from = top.join(native(from));
            paths.push(ChangedPath { path: from.clone(), status: ChangeStatus::Deleted, directory });
            ChangeStatus::Renamed { from }
        }
        ChangeStatus::Added => ChangeStatus::Added,
        ChangeStatus::Modified => ChangeStatus::Modified,
        ChangeStatus::Deleted => ChangeStatus::Deleted,
        ChangeStatus::Untracked => ChangeStatus::Untracked,
        ChangeStatus::TypeChanged => ChangeStatus::TypeChanged,
    };
    paths.push(ChangedPath { path: top.join(native(change.path)), status, directory });
}

/// The paths of a list of `ls-files -z`; a repository inside the repository ends in a slash.
fn listed(top: &Path, output: &[u8], status: ChangeStatus) -> Vec<ChangedPath> {
    let names = output.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let path = |name: &[u8]| {
        let trimmed = name.strip_suffix(b"/");
        let path = top.join(native(trimmed.unwrap_or(name)));
        let directory = trimmed.is_some() || (status == ChangeStatus::Added && path.is_dir());
        ChangedPath { path, status: status.clone(), directory }
    };
    names.map(path).collect()
}

#[cfg(unix)]
pub(super) fn native(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(super) fn native(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::new(String::from_utf8_lossy(bytes).as_ref()))
}
