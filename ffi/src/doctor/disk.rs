//! Whether there is room for what is written.

use super::check::Check;
use super::memory::size;
use std::path::Path;

/// Less than this is little: a database, a worktree and what builds leave.
const LITTLE: f64 = 2.0 * 1024.0 * 1024.0 * 1024.0;
/// Less than this will not do.
const TOO_LITTLE: f64 = 256.0 * 1024.0 * 1024.0;

pub(super) fn results(path: &Path) -> Check {
    let why = "Survey, baselines and steps are kept there; a full disk ends a run.";
    free(Check::new("disk_results", why), path, "Make room, or name another place with --results-dir.")
}

pub(super) fn temporary(path: &Path) -> Check {
    let why = "The tree before a change, and what benchmarks leave while they run, lie there.";
    free(Check::new("disk_temporary", why), path, "Make room, or name another place with TMPDIR.")
}

/// What is free where `path` is, or will be.
fn free(check: Check, path: &Path, advice: &str) -> Check {
    let there = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = there.ancestors().find_map(|place| rustix::fs::statvfs(place).ok());
    let Some(there) = there else { return check };
    let free = there.f_bavail as f64 * there.f_frsize as f64;
    let found = format!("{} free in {}", size(free), path.display());
    let check = check.value("free_bytes", free);
    match free {
        _ if free < TOO_LITTLE => check.warn(found, advice),
        _ if free < LITTLE => check.note(found, advice),
        _ => check.ok(found),
    }
}
