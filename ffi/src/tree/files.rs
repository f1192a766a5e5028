//! Files of the source tree: their names relative to the source root, their bytes, their list.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::error::TreeError;

/// No source file is larger.
pub const SIZE_CAP: u64 = 50 << 20;
/// Directories that hold no source, by name.
const SKIPPED: [&str; 10] =
    [".git", ".hg", ".svn", ".jj", "__pycache__", ".tox", ".nox", ".venv", ".mypy_cache", ".pytest_cache"];

/// The directory that surveyed paths are relative to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRoot {
    root: PathBuf,
}

impl SourceRoot {
    /// The directory at `path`, which must exist.
    pub fn open(path: &Path) -> Result<Self, TreeError> {
        let root = path.canonicalize().map_err(|error| unreadable(path, &error))?;
        if !root.is_dir() {
            return Err(TreeError::Unreadable { path: path.to_path_buf(), detail: "not a directory".to_owned() });
        }
        Ok(Self { root })
    }

    /// The directory itself, without symbolic links.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The name of a file: relative to the root, `/`-separated, `../…` where it is outside. Works on the name alone; give a
    /// path without symbolic links. Names that are not Unicode become lossy.
    pub fn relative(&self, path: &Path) -> String {
        let path = normal_path(&self.root.join(path));
        let common = self.root.components().zip(path.components()).take_while(|(a, b)| a == b).count();
        let up = self.root.components().skip(common).map(|_| "..".into());
        let down = path.components().skip(common).map(|component| component.as_os_str().to_string_lossy());
        let parts: Vec<std::borrow::Cow<'_, str>> = up.chain(down).collect();
        if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
    }

    /// The reverse of [`SourceRoot::relative`].
    pub fn absolute(&self, name: &str) -> PathBuf {
        normal_path(&self.root.join(name))
    }
}

/// The bytes of a regular file.
pub fn read_file(path: &Path) -> Result<Vec<u8>, TreeError> {
    let unreadable = |error| unreadable(path, &error);
    // Before opening, which would wait for ever on a named pipe.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(TreeError::Unreadable { path: path.to_path_buf(), detail: "not a regular file".to_owned() });
    }
    let too_large = |size| TreeError::TooLarge { path: path.to_path_buf(), size, cap: SIZE_CAP };
    if metadata.len() > SIZE_CAP {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default() + 1);
    File::open(path).and_then(|file| file.take(SIZE_CAP + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > SIZE_CAP { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

/// All regular files below `root`, sorted, without those of version control, caches and virtual environments. Links to
/// directories are not followed.
pub fn list_files(root: &Path) -> Result<Vec<PathBuf>, TreeError> {
    let mut files = Vec::new();
    let mut directories = vec![root.to_path_buf()];
    while let Some(directory) = directories.pop() {
        let entries = std::fs::read_dir(&directory).map_err(|error| unreadable(&directory, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(&directory, &error))?;
            let kind = entry.file_type().map_err(|error| unreadable(&entry.path(), &error))?;
            if kind.is_dir() {
                if !is_skipped(&entry.file_name(), &entry.path()) {
                    directories.push(entry.path());
                }
            } else if kind.is_file() || entry.path().is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_skipped(name: &OsStr, path: &Path) -> bool {
    SKIPPED.iter().any(|skipped| name == *skipped) || path.join("pyvenv.cfg").exists()
}

/// Without `.` and `..`, by name alone.
pub(super) fn normal_path(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// Without symbolic links as far as the path exists, by name from there on.
pub(super) fn real_path(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for ancestor in path.ancestors() {
        if let Ok(real) = ancestor.canonicalize() {
            let rest = path.strip_prefix(ancestor).unwrap_or(Path::new(""));
            return normal_path(&real.join(rest));
        }
    }
    normal_path(&path)
}

fn unreadable(path: &Path, error: &std::io::Error) -> TreeError {
    TreeError::Unreadable { path: path.to_path_buf(), detail: error.to_string() }
}
