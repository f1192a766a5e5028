//! Go's packages: directories, and the paths that they are imported by.

use super::change::After;
use super::closure::Closure;
use super::diff::{FileDiff, How, diff};
use super::file::FileSelection;
use super::index::Denotes;
use super::reason::{Reason, Reasons, Rule};
use crate::blocks::{DefinitionKind, FileBlocks, Mention};
use crate::source::{ModuleRoots, directory_of, is_go, is_go_test};
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet};

/// The directories of a tree that hold Go source.
#[derive(Clone, Debug, Default)]
pub(crate) struct GoPackages {
    /// Directories by the path that a `go.mod` gives them.
    by_path: BTreeMap<String, String>,
    /// Directories that no `go.mod` tells about, longest first.
    bare: Vec<String>,
    /// Paths of the modules.
    modules: Vec<String>,
}

impl GoPackages {
    /// The packages of the files at `paths`; others than Go's are passed over.
    pub(crate) fn new<'p>(roots: &ModuleRoots, paths: impl Iterator<Item = &'p str>) -> Self {
        let go = paths.filter(|path| is_go(path));
        let directories: BTreeSet<String> = go.map(|path| directory_of(path).to_owned()).collect();
        let (mut by_path, mut bare) = (BTreeMap::new(), Vec::new());
        for directory in &directories {
            match roots.go_package(directory) {
                Some(path) => drop(by_path.insert(path, directory.clone())),
                None => bare.push(directory.clone()),
            }
        }
        bare.sort_by_key(|directory| std::cmp::Reverse(directory.len()));
        GoPackages { by_path, bare, modules: roots.go_modules.values().cloned().collect() }
    }

    /// The name that the package in `directory` has in the index; no module of Python has such a one.
    pub(crate) fn name(directory: &str) -> String {
        format!("go:{directory}")
    }

    /// The directory of the package that `import` denotes, as far as can be told.
    pub(crate) fn directory(&self, import: &str) -> Option<&str> {
        if let Some(directory) = self.by_path.get(import) {
            return Some(directory);
        }
        let ends = |directory: &&String| {
            let start = import.strip_suffix(directory.as_str());
            !directory.is_empty() && start.is_some_and(|start| start.is_empty() || start.ends_with('/'))
        };
        self.bare.iter().find(ends).map(String::as_str)
    }

    pub(super) fn denotes(&self, import: &str) -> Denotes {
        if let Some(directory) = self.directory(import) {
            return Denotes::Module(Self::name(directory));
        }
        let within = |module: &String| {
            import.strip_prefix(module.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // The package at the top of a tree without `go.mod` may have any path.
        let top = self.bare.iter().any(String::is_empty);
        if top || self.modules.iter().any(within) { Denotes::Object } else { Denotes::Foreign }
    }
}

impl FileSelection<'_> {
    pub(super) fn is_go(&self) -> bool {
        is_go(&self.change.path)
    }

    /// A function without a statement has nothing that coverage could count: who mentions it may call it.
    pub(super) fn uncounted(&self, old: &FileBlocks, block: u32, closure: &mut Closure<'_>) {
        let root = &old.blocks[old.blocks[block as usize].root as usize];
        let Some(file) = self.file.filter(|_| root.trivial) else { return };
        let importers = self.index.importers(file);
        match root.id.split_once('/') {
            // A literal is known by the variable that holds it.
            Some((variable, _)) => closure.push(self.changed(None, variable, importers, false)),
            None => self.push_names(old, block, importers, false, closure),
        }
    }

    /// Packages that are linked newly start with the program: where that does anything, all who are linked with this
    /// file may notice, but those who had the package already.
    pub(super) fn newly_linked(
        &self,
        linked: &RoaringBitmap,
        old: &FileBlocks,
        new: &FileBlocks,
        reasons: &mut Reasons,
    ) {
        let mut seen = BTreeSet::new();
        let known: BTreeSet<&str> = go_imports(old).collect();
        let fresh = go_imports(new).filter(|path| !known.contains(path));
        let mut queue: Vec<(String, RoaringBitmap)> = fresh.map(|path| (path.to_owned(), linked.clone())).collect();
        if queue.is_empty() {
            return;
        }
        let packages = self.packages();
        while let Some((path, mut who)) = queue.pop() {
            let Some(directory) = packages.directory(&path) else { continue };
            self.index.go_files(directory).for_each(|file| who -= self.index.importers(file));
            if who.is_empty() || !seen.insert(directory) {
                continue;
            }
            for blocks in self.package(directory) {
                if blocks.definitions.iter().any(|definition| definition.effect) {
                    let reason = Reason { name: Some(path.clone()), ..self.reason(Rule::EffectChanged) };
                    reasons.push((reason, who.clone()));
                }
                queue.extend(go_imports(blocks).map(|path| (path.to_owned(), who.clone())));
            }
        }
    }

    /// The packages, those that are new among the changes included.
    fn packages(&self) -> GoPackages {
        let new = self.all_changes.iter().filter(|change| matches!(change.after, After::Source(..)));
        let known = self.index.files.iter().map(|file| file.path.as_str());
        GoPackages::new(&self.index.roots, known.chain(new.map(|change| change.path.as_str())))
    }

    /// The files of a package as they are now, its tests left out.
    fn package(&self, directory: &str) -> Vec<&FileBlocks> {
        let here = |path: &str| directory_of(path) == directory && is_go(path) && !is_go_test(path);
        let changed = self.all_changes.iter().filter(|change| here(&change.path));
        let mut files: Vec<&FileBlocks> = changed
            .filter_map(|change| match &change.after {
                After::Source(_, blocks) => Some(blocks),
                _ => None,
            })
            .collect();
        let untouched = |path: &str| self.all_changes.iter().all(|change| change.path != path);
        let kept = self.index.go_files(directory).map(|file| &self.index.files[file as usize]);
        files.extend(kept.filter(|file| here(&file.path) && untouched(&file.path)).map(|file| &file.blocks));
        files
    }

    /// A file that comes to a package: whoever is linked with it may mean what it declares.
    pub(super) fn joined(&self, new: &FileBlocks, reasons: &mut Reasons) {
        let is_test = is_go_test(&self.change.path);
        let mut linked = RoaringBitmap::new();
        for file in self.index.go_files(directory_of(&self.change.path)) {
            if !is_test || is_go_test(&self.index.files[file as usize].path) {
                linked |= self.index.importers(file);
            }
        }
        let nothing = FileBlocks::default_module();
        self.newly_linked(&linked, &nothing, new, reasons);
        let difference = diff(&nothing, new);
        let mut closure = Closure::new(self.index);
        for change in difference.names.iter().filter(|change| change.kind != DefinitionKind::Import) {
            if change.class.as_ref().is_some_and(|class| is_new_type(&difference, class)) {
                continue;
            }
            closure.push(self.changed(change.class.clone(), &change.name, &linked, false));
            if change.effect {
                let reason = Reason { new_lines: change.new_lines, ..self.reason(Rule::EffectChanged) };
                reasons.push((reason, linked.clone()));
            }
            if let Some(class) = change.class.as_ref().filter(|_| change.spreads) {
                closure.push(self.changed(None, class, &linked, false));
            }
        }
        closure.run();
        self.collect(&closure, &difference, reasons);
        for effect in difference.effects.iter().filter(|effect| !effect.is_guard) {
            let reason = Reason { new_lines: effect.new_lines, ..self.reason(Rule::EffectChanged) };
            reasons.push((reason, linked.clone()));
        }
    }
}

/// Paths of the packages that a file imports.
pub(crate) fn go_imports(blocks: &FileBlocks) -> impl Iterator<Item = &str> {
    let importing = [DefinitionKind::Import, DefinitionKind::Star, DefinitionKind::Effect];
    let definitions = blocks.definitions.iter().filter(move |definition| importing.contains(&definition.kind));
    definitions.flat_map(|definition| &definition.mentions).filter_map(|mention| match *mention {
        Mention::Member { base, name } if matches!(blocks.name(name), "" | "*") => Some(blocks.name(base)),
        _ => None,
    })
}

/// Whether the file declares a type that it did not.
pub(super) fn is_new_type(difference: &FileDiff, class: &str) -> bool {
    difference.names.iter().any(|n| n.class.is_none() && n.name == class && n.how == How::New)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_denote_directories() {
        let paths = ["a.go", "sub/b.go", "tools/gen/c.go", "tools/gen/deep/d.go", "x.py"];
        let mut roots = ModuleRoots::default();
        let bare = GoPackages::new(&roots, paths.into_iter());
        assert_eq!(bare.directory("example.com/m/sub"), Some("sub"));
        assert_eq!(bare.directory("example.com/m/tools/gen/deep"), Some("tools/gen/deep"));
        assert_eq!(bare.directory("subsub"), None);
        assert_eq!(bare.denotes("example.com/m"), Denotes::Object, "perhaps the top");

        roots.go_modules =
            [("".into(), "example.com/m".into()), ("tools/gen".into(), "other.org/gen/v2".into())].into();
        let known = GoPackages::new(&roots, paths.into_iter());
        assert_eq!(known.directory("example.com/m"), Some(""));
        assert_eq!(known.directory("example.com/m/sub"), Some("sub"));
        assert_eq!(known.directory("other.org/gen/v2/deep"), Some("tools/gen/deep"));
        assert_eq!(known.directory("tools/gen"), None);
        assert_eq!(known.denotes("fmt"), Denotes::Foreign);
        assert_eq!(known.denotes("example.com/mm"), Denotes::Foreign);
        assert_eq!(known.denotes("example.com/m/new"), Denotes::Object);
    }
}
