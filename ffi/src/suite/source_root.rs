//! Where the sources under change are, and under which names Python imports them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::SuiteError;

/// Files that mark the root of a project rather than a package.
const PROJECT_MARKERS: [&str; 6] = ["pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg", "asv.conf.json"];
/// Directories that hold sources but are no package themselves.
const SOURCE_FOLDERS: [&str; 4] = ["src", "lib", "python", "source"];
/// Top-level names that projects use for other things than what they ship.
const NOT_SHIPPED: [&str; 12] = [
    "tests",
    "test",
    "testing",
    "docs",
    "doc",
    "examples",
    "benchmarks",
    "asv_bench",
    "setup",
    "conftest",
    "noxfile",
    "tasks",
];

/// The sources under change as Python sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRoot {
    /// The directory of the sources, without symbolic links.
    pub root: PathBuf,
    /// The directory that must be on `sys.path` for them to be imported.
    pub import_parent: PathBuf,
    /// The top-level names that they provide, sorted.
    pub packages: Vec<String>,
}

impl SourceRoot {
    /// Looks at a directory: a package itself, or one that holds packages. `suite_dir` is not one of them.
    ///
    /// # Errors
    /// Where the directory cannot be read.
    pub fn detect(root: &Path, suite_dir: &Path) -> Result<Self, SuiteError> {
        let unreadable = |source| SuiteError::Io { action: "read", path: root.to_owned(), source };
        let root = root.canonicalize().map_err(unreadable)?;
        let suite_dir = suite_dir.canonicalize().unwrap_or_else(|_| suite_dir.to_owned());
        std::fs::read_dir(&root).map_err(unreadable)?;
        if let Some((import_parent, package)) = enclosing_package(&root) {
            return Ok(Self { root, import_parent, packages: vec![package] });
        }
        let packages = provided(&root, &suite_dir);
        let mut below = SOURCE_FOLDERS.iter().map(|folder| root.join(folder));
        let import_parent = match below.find(|folder| packages.is_empty() && folder.is_dir()) {
            Some(folder) => folder,
            None => root.clone(),
        };
        let packages = if packages.is_empty() { provided(&import_parent, &suite_dir) } else { packages };
        Ok(Self { import_parent, root, packages: packages.into_iter().collect() })
    }
}

/// The topmost package that `root` is or belongs to, and the directory above it.
fn enclosing_package(root: &Path) -> Option<(PathBuf, String)> {
    if !is_package(root) && !is_namespace_package(root) {
        return None;
    }
    let mut top = root;
    while let Some(parent) = top.parent().filter(|parent| is_package(parent)) {
        top = parent;
    }
    Some((top.parent()?.to_owned(), import_name(top)?))
}

fn is_package(directory: &Path) -> bool {
    directory.join("__init__.py").is_file()
}

/// A package without `__init__.py`: named like one, with modules of its own, and no sign of being something else.
fn is_namespace_package(directory: &Path) -> bool {
    let Some(name) = import_name(directory) else {
        return false;
    };
    let (modules, packages) = contents(directory);
    !SOURCE_FOLDERS.contains(&name.as_str())
        && !PROJECT_MARKERS.iter().any(|marker| directory.join(marker).exists())
        && !modules.is_empty()
        && !packages.iter().any(|package| import_name(package).is_some_and(|own| own == name))
}

/// The names that can be imported with `root` on `sys.path`.
fn provided(root: &Path, suite_dir: &Path) -> BTreeSet<String> {
    let (modules, packages) = contents(root);
    let shipped = |name: &String| !NOT_SHIPPED.contains(&name.as_str());
    let mut names: BTreeSet<_> = packages
        .iter()
        .filter(|package| package.as_path() != suite_dir)
        .filter_map(|package| import_name(package))
        .filter(shipped)
        .collect();
    // Beside packages, the modules of a project's root are its scripts.
    if names.is_empty() || !PROJECT_MARKERS.iter().any(|marker| root.join(marker).exists()) {
        names.extend(modules.into_iter().filter(shipped));
    }
    names
}

/// The names of the modules, and the paths of the packages, directly in a directory.
fn contents(directory: &Path) -> (Vec<String>, Vec<PathBuf>) {
    let (mut modules, mut packages) = (Vec::new(), Vec::new());
    for path in std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if is_package(&path) {
            packages.push(path);
        } else if path.extension().is_some_and(|extension| extension == "py") && path.is_file() {
            modules.extend(path.file_stem().and_then(|stem| identifier(&stem.to_string_lossy())));
        }
    }
    (modules, packages)
}

fn import_name(path: &Path) -> Option<String> {
    identifier(&path.file_name()?.to_string_lossy())
}

/// The name, if Python could import it.
fn identifier(name: &str) -> Option<String> {
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    (starts && letters.all(|letter| letter == '_' || letter.is_alphanumeric())).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[&str], root: &str, import_parent: &str, packages: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        for file in files {
            std::fs::create_dir_all(base.join(file).parent().unwrap()).unwrap();
            std::fs::write(base.join(file), "").unwrap();
        }
        let found = SourceRoot::detect(&base.join(root), &base.join("proj/bench")).unwrap();
        assert_eq!(found.root, base.join(root));
        assert_eq!(found.import_parent, base.join(import_parent));
        assert_eq!(found.packages, packages);
    }

    #[test]
    fn a_package_is_imported_from_above_its_topmost_parent() {
        check(&["proj/pkg/__init__.py"], "proj/pkg", "proj", &["pkg"]);
        check(&["proj/pkg/__init__.py", "proj/pkg/sub/__init__.py"], "proj/pkg/sub", "proj", &["pkg"]);
    }

    #[test]
    fn a_project_root_holds_packages_but_not_the_suite_or_tests() {
        let files = [
            "proj/setup.py",
            "proj/pkg/__init__.py",
            "proj/other/__init__.py",
            "proj/bench/__init__.py",
            "proj/tests/__init__.py",
        ];
        check(&files, "proj", "proj", &["other", "pkg"]);
    }

    #[test]
    fn a_source_folder_holds_packages_and_modules() {
        check(&["proj/src/pkg/__init__.py", "proj/src/single.py"], "proj/src", "proj/src", &["pkg", "single"]);
    }

    #[test]
    fn modules_without_an_init_file_make_a_namespace_package() {
        check(&["proj/pkg/code.py", "proj/pkg/sub/__init__.py"], "proj/pkg", "proj", &["pkg"]);
    }

    #[test]
    fn a_project_of_a_single_module_provides_it() {
        check(&["proj/setup.py", "proj/six.py", "proj/conftest.py"], "proj", "proj", &["six"]);
    }
}
