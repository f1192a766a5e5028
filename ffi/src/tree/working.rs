//! The working tree as a whole: the files that a copy of it needs, and patches to such a copy.

use super::command::{failed, git};
use super::error::TreeError;
use super::files::list_files;
use super::git::find_repository;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What Python imports: needed even where git ignores it, as built modules and generated versions are.
const IMPORTABLE: [&str; 3] = ["py", "so", "pyd"];

/// The files, and links, of the repository around a directory that git tracks or would, and what Python imports from the
/// directory itself. Outside a repository: all files of the directory.
///
/// # Errors
/// Where git fails or a directory cannot be read.
pub fn working_files(directory: &Path) -> Result<BTreeSet<PathBuf>, TreeError> {
    let below = list_files(directory)?;
    let Some(top) = find_repository(directory) else { return Ok(below.into_iter().collect()) };
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"].map(Into::into).to_vec();
    let [listed] = git(&top, [list])?;
    if listed.code != Some(0) {
        return Err(failed(&top, listed.complaint));
    }
    let mut files: BTreeSet<PathBuf> = below.into_iter().filter(|path| is_importable(path)).collect();
    for name in listed.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let path = top.join(super::git::native(name));
        match path.symlink_metadata() {
            // A repository inside the repository.
            Ok(found) if found.is_dir() => files.extend(list_files(&path)?),
            Ok(_) => {
                files.insert(path);
            }
            Err(_) => {}
        }
    }
    Ok(files)
}

/// Applies a patch to the files below a directory, or takes it back. Whether the patch fits; if it does not, git's words.
///
/// # Errors
/// Where git cannot be run.
pub fn apply_patch(directory: &Path, patch: &Path, reverse: bool) -> Result<Result<(), String>, TreeError> {
    let mut command = vec!["apply".into(), "--whitespace=nowarn".into()];
    if reverse {
        command.push("--reverse".into());
    }
    command.extend(["--".into(), patch.as_os_str().to_owned()]);
    let [applied] = git(directory, [command])?;
    Ok(if applied.code == Some(0) { Ok(()) } else { Err(applied.complaint) })
}

fn is_importable(path: &Path) -> bool {
    path.extension().is_some_and(|extension| IMPORTABLE.iter().any(|known| extension == *known))
}
