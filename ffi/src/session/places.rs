//! Where the sources and the suite lie, and how their files are named.

use super::SessionError;
use crate::suite::SourceRoot as ImportRoot;
use crate::tree::SourceRoot;
use lightspeed_core::impact::{Extensions, fits, is_native_source};
use lightspeed_core::source::{ModuleRoots, is_python};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The two directories of a session.
#[derive(Clone, Debug)]
pub struct Places {
    /// The sources under change, where they are read: the user's, or another revision of them.
    pub root: SourceRoot,
    /// The user's own source root: surveyed paths are relative to it.
    home: SourceRoot,
    /// The suite's directory, without symbolic links.
    pub suite_dir: PathBuf,
    /// The same, relative to the source root.
    pub suite_path: String,
    /// How modules are named.
    pub modules: ModuleRoots,
    /// Directories that the suite's own tools write to: nothing in them is source.
    pub(super) written: Vec<PathBuf>,
    /// What compiled modules are built from, as configured.
    pub(super) extensions: Extensions,
    /// The directory that must be on `sys.path` for the sources to be imported.
    pub import_parent: PathBuf,
}

impl Places {
    /// Looks at both directories.
    pub(super) fn find(source_root: &Path, benchmark_dir: Option<&Path>) -> Result<Self, SessionError> {
        Self::find_in(source_root, source_root, benchmark_dir)
    }

    /// The same with the sources read at `base`, a checkout of another revision of `source_root`. A suite outside the
    /// sources stays the user's own: benchmarks may be newer than the code they measure.
    /// A suite without a directory has its files among the sources.
    pub(super) fn find_in(source_root: &Path, base: &Path, benchmark_dir: Option<&Path>) -> Result<Self, SessionError> {
        let (home, root) = (SourceRoot::open(source_root)?, SourceRoot::open(base)?);
        let suite_dir = SourceRoot::open(benchmark_dir.unwrap_or(source_root))?.path().to_path_buf();
        let suite_path = home.relative(&suite_dir);
        let suite_dir = if suite_path.starts_with("../") { suite_dir } else { root.absolute(&suite_path) };
        let imports = ImportRoot::detect(root.path(), &suite_dir)?;
        let below = |from: &Path, to: &Path| {
            let parts = to.strip_prefix(from).ok()?.components();
            Some(parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>())
        };
        let package = below(&imports.import_parent, root.path()).unwrap_or_default().join(".");
        let import_dir = below(root.path(), &imports.import_parent).unwrap_or_default().join("/");
        let suite_package = suite_dir.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        let modules = ModuleRoots {
            source_package: package,
            import_dir,
            suite_dir: benchmark_dir.map(|_| suite_path.clone()),
            suite_package,
            ..ModuleRoots::default()
        };
        Ok(Places {
            root,
            home,
            suite_dir,
            suite_path,
            modules,
            import_parent: imports.import_parent,
            written: Vec::new(),
            extensions: Extensions::new(),
        })
    }

    /// The user's own source root.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The name that a file is surveyed under.
    #[must_use]
    pub fn name_of(&self, path: &Path) -> String {
        if path.starts_with(self.root.path()) { self.root.relative(path) } else { self.home.relative(path) }
    }

    /// The file of that name.
    #[must_use]
    pub fn path_of(&self, name: &str) -> PathBuf {
        if name.starts_with("../") { self.home.absolute(name) } else { self.root.absolute(name) }
    }

    /// Whether a file belongs to the sources or the suite.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        let inside = path.starts_with(self.root.path()) || path.starts_with(&self.suite_dir);
        inside && !self.written.iter().any(|directory| path.starts_with(directory))
    }

    /// Files of the sources and the suite that are followed before anything is known to depend on them: Python's, and
    /// the sources of compiled modules.
    pub(super) fn source_files(&self) -> Result<BTreeSet<PathBuf>, SessionError> {
        let mut files = BTreeSet::new();
        let roots = [self.root.path().to_owned(), self.suite_dir.clone()];
        for root in roots.into_iter().chain(self.native_directories()) {
            let below_sources = self.holds(&root);
            files.extend(crate::tree::list_files(&root)?.into_iter().filter(|path| {
                let name = self.name_of(path);
                let source = self.holds(path) && (is_python(&name) || is_native_source(&name));
                source || (!below_sources && fits(self.extensions.values().flatten(), &name))
            }));
        }
        Ok(files)
    }

    /// Directories outside the sources that hold what compiled modules are built from.
    pub(super) fn native_directories(&self) -> Vec<PathBuf> {
        let fixed = |pattern: &String| {
            let special = pattern.find(['*', '?', '[', '{', '!']).unwrap_or(pattern.len());
            pattern[..special].rfind('/').map_or(String::new(), |slash| pattern[..slash].to_owned())
        };
        let directories: BTreeSet<PathBuf> =
            self.extensions.values().flatten().map(|pattern| self.path_of(&fixed(pattern))).collect();
        directories.into_iter().filter(|path| path.is_dir() && !self.holds(path)).collect()
    }

    /// Path of a suite file (named relative to the suite) relative to the source root.
    #[must_use]
    pub fn suite_file(&self, file: &str) -> String {
        self.name_of(&self.suite_dir.join(file))
    }

    /// Path relative to the suite of a file named relative to the source root, if it is one of the suite's.
    #[must_use]
    pub fn in_suite(&self, path: &str) -> Option<String> {
        let absolute = self.path_of(path);
        Some(absolute.strip_prefix(&self.suite_dir).ok()?.to_string_lossy().into_owned())
    }
}
