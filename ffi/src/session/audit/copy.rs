//! Copies of the working tree: what is mutated is never the user's own.

use super::super::SessionError;
use crate::suite::asv::Mutation;
use crate::tree::TreeError;
use lightspeed_core::source::blob_id;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files of a working tree at a place of their own; what lay at `/a/b` lies at `directory/a/b`.
#[derive(Debug)]
pub(super) struct Copy {
    directory: PathBuf,
}

/// What is to be put back after a mutation.
#[derive(Debug)]
pub(super) struct Undo {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Copy {
    /// Copies `files` (absolute) into `directory`.
    pub(super) fn make(files: &BTreeSet<PathBuf>, directory: &Path) -> Result<Self, SessionError> {
        std::fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
        let directory = directory.canonicalize().map_err(|error| unwritable(directory, &error))?;
        let copy = Copy { directory };
        for file in files {
            let target = copy.twin(file);
            let made = target.parent().map_or(Ok(()), std::fs::create_dir_all);
            made.and_then(|()| copy.copy_one(file, &target)).map_err(|error| unwritable(&target, &error))?;
        }
        Ok(copy)
    }

    /// The directory of the copy.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Where an absolute path of the user's lies in the copy.
    pub(super) fn twin(&self, path: &Path) -> PathBuf {
        self.directory.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// The reverse for a path of another copy of the same files.
    pub(super) fn moved(&self, other: &Copy, path: &Path) -> PathBuf {
        path.strip_prefix(&other.directory).map_or_else(|_| path.to_owned(), |below| self.directory.join(below))
    }

    fn copy_one(&self, file: &Path, target: &Path) -> std::io::Result<()> {
        if !file.symlink_metadata()?.file_type().is_symlink() {
            return std::fs::copy(file, target).map(|_| ());
        }
        let to = std::fs::read_link(file)?;
        let twin = self.twin(&to);
        // An absolute link would lead back into the user's tree.
        let to = if to.is_absolute() && (twin.exists() || to.is_dir()) { twin } else { to };
        if to.is_absolute() { std::fs::copy(file, target).map(|_| ()) } else { link(&to, target) }
    }

    /// Makes a mutation; what it returns takes it back.
    pub(super) fn mutate(&self, mutation: &Mutation, home: &Copy) -> Result<Undo, SessionError> {
        let path = self.moved(home, &mutation.path);
        let real = path.canonicalize().map_err(|error| unwritable(&path, &error))?;
        if !real.starts_with(&self.directory) {
            let text = format!("{} leads out of the copy that is audited: replace the link by a file", path.display());
            return Err(SessionError::Request(text));
        }
        let bytes = std::fs::read(&real).map_err(|error| unwritable(&real, &error))?;
        let done = match (&mutation.text, bytes.get(..mutation.start), bytes.get(mutation.end..)) {
            (Some(text), Some(before), Some(after)) => std::fs::write(&real, [before, text.as_bytes(), after].concat()),
            _ => std::fs::remove_file(&real),
        };
        done.map_err(|error| unwritable(&real, &error))?;
        Ok(Undo { path: real, bytes })
    }
}

impl Undo {
    /// Takes the mutation back.
    pub(super) fn restore(self) -> Result<(), SessionError> {
        std::fs::write(&self.path, &self.bytes).map_err(|error| unwritable(&self.path, &error))
    }
}

/// One name for all files and their contents.
pub(super) fn fingerprint(files: &BTreeSet<PathBuf>) -> String {
    let mut text = String::new();
    for file in files {
        let blob = std::fs::read(file).map(|bytes| blob_id(&bytes).to_string()).unwrap_or_default();
        text.push_str(&format!("{} {blob}\n", file.display()));
    }
    blob_id(text.as_bytes()).to_string()
}

#[cfg(unix)]
fn link(to: &Path, target: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, target)
}

#[cfg(not(unix))]
fn link(to: &Path, target: &Path) -> std::io::Result<()> {
    std::fs::copy(target.parent().unwrap_or(target).join(to), target).map(|_| ())
}

fn unwritable(path: &Path, error: &std::io::Error) -> SessionError {
    SessionError::Tree(TreeError::Unreadable { path: path.to_owned(), detail: error.to_string() })
}
