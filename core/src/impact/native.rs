//! Compiled modules, and the sources that they are built from.

use super::file::FileSelection;
use super::index::{FileKind, Index};
use super::reason::{Reason, Reasons, Rule};
use std::collections::BTreeSet;

/// Patterns of sources by compiled module: its path relative to the source root, without what follows the first dot of
/// its file name (`pkg/_core` for `pkg/_core.cpython-313-x86_64-linux-gnu.so`). The patterns are relative to the source
/// root too; `*` stays inside a directory, `**` does not.
pub type Extensions = std::collections::BTreeMap<String, Vec<String>>;

/// Suffixes of compiled modules.
const COMPILED: &[&str] = &["so", "pyd", "dylib", "dll"];
/// Suffixes of sources that give a module of their own.
const UNITS: &[&str] =
    &["pyx", "c", "cc", "cpp", "cxx", "cu", "f", "f90", "f95", "for", "rs", "m", "mm", "zig", "s", "S", "asm"];
/// Suffixes of sources that others include.
const INCLUDED: &[&str] = &["pxd", "pxi", "h", "hh", "hpp", "hxx", "cuh", "inc", "tpp"];

/// Whether a file is the source of something compiled.
#[must_use]
pub fn is_native_source(path: &str) -> bool {
    suffix(path).is_some_and(|suffix| UNITS.contains(&suffix) || INCLUDED.contains(&suffix))
}

/// Whether a path fits one of the patterns of [`Extensions`].
#[must_use]
pub fn fits<'p>(mut patterns: impl Iterator<Item = &'p String>, path: &str) -> bool {
    patterns.any(|pattern| fast_glob::glob_match(pattern, path))
}

impl Index {
    /// Compiled modules that `path` is a source of: as the configuration says; else the one of the same name beside it
    /// (not for headers, which others include); else all in the nearest directory around that holds any.
    #[must_use]
    pub fn built_from(&self, path: &str) -> Vec<u32> {
        let named = self.extensions.iter().filter(|(_, patterns)| fits(patterns.iter(), path));
        let named: BTreeSet<&str> = named.map(|(module, _)| module.as_str()).collect();
        if !named.is_empty() {
            return self.compiled(|module| named.contains(module));
        }
        if !is_native_source(path) {
            return Vec::new();
        }
        let twin = self.compiled(|module| module == stem(path));
        if !twin.is_empty() && !suffix(path).is_some_and(|suffix| INCLUDED.contains(&suffix)) {
            return twin;
        }
        let mut directory = path;
        while let Some((parent, _)) = directory.rsplit_once('/') {
            directory = parent;
            let below = self.compiled(|module| module.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/')));
            if !below.is_empty() {
                return below;
            }
        }
        self.compiled(|_| true)
    }

    fn compiled(&self, wanted: impl Fn(&str) -> bool) -> Vec<u32> {
        let is_compiled = |path: &str| suffix(path).is_some_and(|suffix| COMPILED.contains(&suffix));
        let files = (0..).zip(&self.files).filter(|(_, file)| file.kind == FileKind::Whole && is_compiled(&file.path));
        files.filter(|(_, file)| wanted(stem(&file.path))).map(|(number, _)| number).collect()
    }
}

impl FileSelection<'_> {
    /// Who uses a compiled module depends on what it is built from.
    pub(super) fn native(&self, reasons: &mut Reasons) {
        for file in self.index.built_from(&self.change.path) {
            let compiled = &self.index.files[file as usize];
            let reason = Reason { name: Some(compiled.path.clone()), ..self.reason(Rule::BuiltFrom) };
            reasons.push((reason, self.index.importers(file).clone()));
        }
    }
}

fn suffix(path: &str) -> Option<&str> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map(|(_, suffix)| suffix)
}

/// The path without what follows the first dot of the file name.
fn stem(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    path[name..].find('.').map_or(path, |dot| &path[..name + dot])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::FileBlocks;
    use crate::impact::{IndexedFile, Survey};

    fn built_from(extensions: &[(&str, &str)], path: &str) -> Vec<String> {
        let files =
            ["pkg/_core.cpython-313-x86_64-linux-gnu.so", "pkg/sub/fast.abi3.so", "pkg/data.bin", "other/x.pyd"];
        let file = |path: &&str| IndexedFile {
            path: (*path).to_owned(),
            blob: Default::default(),
            kind: FileKind::Whole,
            blocks: FileBlocks::default_module(),
        };
        let extensions =
            extensions.iter().map(|(module, pattern)| ((*module).to_owned(), vec![(*pattern).to_owned()])).collect();
        let survey = Survey { files: files.iter().map(file).collect(), extensions, ..Survey::default() };
        let index = Index::new(survey);
        index.built_from(path).into_iter().map(|file| index.files[file as usize].path.clone()).collect()
    }

    #[test]
    fn a_source_belongs_to_the_module_of_its_name() {
        assert_eq!(built_from(&[], "pkg/_core.pyx"), ["pkg/_core.cpython-313-x86_64-linux-gnu.so"]);
        assert_eq!(built_from(&[], "pkg/sub/fast.c"), ["pkg/sub/fast.abi3.so"]);
    }

    #[test]
    fn others_belong_to_the_nearest_modules_around() {
        assert_eq!(built_from(&[], "pkg/sub/helper.c"), ["pkg/sub/fast.abi3.so"]);
        assert_eq!(built_from(&[], "pkg/util/deep/helper.h").len(), 2);
        assert_eq!(built_from(&[], "pkg/_core.pxd").len(), 2, "a header is included by others");
        assert_eq!(built_from(&[], "../src/lib.rs").len(), 3);
        assert_eq!(built_from(&[], "pkg/data.txt"), [""; 0]);
    }

    #[test]
    fn the_configuration_goes_first() {
        let extensions = [("pkg/sub/fast", "../src/**/*.c"), ("other/x", "pkg/tables/*.txt")];
        assert_eq!(built_from(&extensions, "../src/a/b.c"), ["pkg/sub/fast.abi3.so"]);
        assert_eq!(built_from(&extensions, "pkg/tables/t.txt"), ["other/x.pyd"]);
        assert_eq!(built_from(&extensions, "../src/a/b.h").len(), 3);
    }
}
