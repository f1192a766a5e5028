//! Coverage that another tool reports: which files of the tree its paths mean.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lightspeed_core::coverage::Report;
use lightspeed_core::impact::is_native_source;

use crate::suite::Coverage;
use crate::tree::list_files;

/// What a report says of the files below `root`. `bases` are the directories that relative paths may start from.
///
/// Files without a line that ran are left out; sources of compiled languages that the report does not mention at all (headers
/// without code of their own) may be part of any that it does, and count as opened. An empty result says that no path of
/// the report could be found.
pub(super) fn located(report: &Report, root: &Path, bases: &[PathBuf]) -> Coverage {
    let mut coverage = Coverage::default();
    let mut mentioned = BTreeSet::new();
    for (name, lines) in &report.files {
        let Some(path) = locate(name, root, bases) else { continue };
        if !lines.is_empty() {
            let known = coverage.files.entry(path.to_string_lossy().into_owned()).or_default();
            known.push((0, String::new(), lines.iter().copied().collect()));
        }
        mentioned.insert(path);
    }
    let native = |path: &Path| is_native_source(&path.to_string_lossy());
    if mentioned.iter().any(|path| native(path)) {
        let silent = list_files(root).unwrap_or_default().into_iter().filter(|path| native(path));
        let silent = silent.filter(|path| !mentioned.contains(path));
        coverage.opened = silent.map(|path| path.to_string_lossy().into_owned()).collect();
    }
    coverage
}

/// The file below `root` that a tool's path means: as it stands, else below one of `bases`, else without some of its leading parts, as
/// where it begins with the name of a module or was written on another machine.
fn locate(name: &str, root: &Path, bases: &[PathBuf]) -> Option<PathBuf> {
    let given = Path::new(name);
    let inside = |path: PathBuf| path.canonicalize().ok().filter(|path| path.is_file() && path.starts_with(root));
    let below = |rest: &Path| bases.iter().find_map(|base| inside(base.join(rest)));
    if let Some(found) = below(given) {
        return Some(found);
    }
    let parts: Vec<_> = given.components().collect();
    (1..parts.len()).find_map(|first| below(&parts[first..].iter().collect::<PathBuf>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightspeed_core::coverage::read;

    #[test]
    fn paths_are_found_however_a_tool_writes_them() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for file in ["pkg/a.go", "pkg/b.go", "src/x.c", "src/x.h"] {
            std::fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
            std::fs::write(root.join(file), "").unwrap();
        }
        let bases = [root.clone()];
        let go =
            read(b"mode: set\nexample.org/mod/pkg/a.go:1.1,2.2 1 1\nexample.org/mod/pkg/b.go:1.1,2.2 1 0\n").unwrap();
        let found = located(&go, &root, &bases);
        assert_eq!(found.files.keys().collect::<Vec<_>>(), [&root.join("pkg/a.go").to_string_lossy().into_owned()]);
        let c = read(format!("SF:{}\nDA:1,1\nend_of_record\n", root.join("src/x.c").display()).as_bytes()).unwrap();
        let found = located(&c, &root, &bases);
        assert_eq!((found.files.len(), found.opened), (1, vec![root.join("src/x.h").to_string_lossy().into_owned()]));
        let elsewhere = read(b"SF:/usr/include/stdio.h\nDA:1,1\nend_of_record\n").unwrap();
        assert_eq!(located(&elsewhere, &root, &bases), Coverage::default());
    }
}
