//! What a Go benchmark is linked from, and what it reaches in test files, which Go's coverage leaves out.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use crate::blocks::{BlockKind, FileBlocks, Mention};
use crate::impact::{FileKind, GoPackages, IndexedFile, OPENED_UNIT, fits, go_imports, is_native_source};
use crate::source::{ModuleRoots, directory_of, is_go, is_go_module, is_go_test};

/// What was told of a benchmark that concerns Go.
#[derive(Clone, Debug, Default)]
pub(super) struct ToldGo {
    /// Files that coverage was told of.
    pub(super) reported: BTreeSet<u32>,
    /// Functions of test files at which it begins: file and block.
    pub(super) begins: Vec<(u32, u32)>,
}

/// What follows for one benchmark.
#[derive(Clone, Debug, Default)]
pub(super) struct Linked {
    /// Units that run when the program starts, by file.
    pub(super) import: BTreeMap<u32, RoaringBitmap>,
    /// Units that the benchmark runs or depends on, by file.
    pub(super) run: BTreeMap<u32, RoaringBitmap>,
}

/// The Go files of a survey.
pub(super) struct GoFiles<'f> {
    files: &'f [IndexedFile],
    packages: GoPackages,
    by_directory: BTreeMap<&'f str, Vec<u32>>,
}

/// The path of the module that a `go.mod` declares.
pub(super) fn module_path(content: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(content).ok()?;
    let mut lines = text.lines().map(|line| line.split("//").next().unwrap_or("").trim());
    let first = lines
        .by_ref()
        .find_map(|line| line.strip_prefix("module").filter(|rest| !rest.starts_with(char::is_alphanumeric)))?;
    let path = match first.trim() {
        "(" => lines.find(|line| !line.is_empty())?,
        path => path,
    };
    let path = path.trim_matches(['"', '`', '(', ')', ' ']);
    (!path.is_empty()).then(|| path.to_owned())
}

fn is_go_source(file: &IndexedFile) -> bool {
    file.kind == FileKind::Source && is_go(&file.path)
}

impl<'f> GoFiles<'f> {
    /// `None` where there is no Go.
    pub(super) fn new(roots: &ModuleRoots, files: &'f [IndexedFile]) -> Option<Self> {
        let mut by_directory: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (number, file) in (0..).zip(files).filter(|(_, file)| is_go_source(file)) {
            by_directory.entry(directory_of(&file.path)).or_default().push(number);
        }
        let paths = files.iter().filter(|file| is_go_source(file)).map(|file| file.path.as_str());
        (!by_directory.is_empty()).then(|| GoFiles { files, packages: GoPackages::new(roots, paths), by_directory })
    }

    /// What a benchmark is linked from, given what it executed.
    pub(super) fn linked(&self, told: &ToldGo) -> Linked {
        let mut linked = Linked::default();
        let go = |file: &u32| self.files.get(*file as usize).is_some_and(is_go_source);
        let covered: BTreeSet<&str> =
            told.reported.iter().filter(|file| go(file)).map(|file| self.directory(*file)).collect();
        let begins: BTreeSet<&str> = told.begins.iter().map(|(file, _)| self.directory(*file)).collect();
        let mut seen: BTreeSet<&str> = covered.union(&begins).copied().collect();
        let mut queue: Vec<&str> = seen.iter().copied().collect();
        while let Some(directory) = queue.pop() {
            for &number in self.by_directory.get(directory).into_iter().flatten() {
                let file = &self.files[number as usize];
                let known = told.reported.contains(&number);
                if is_go_test(&file.path) && !begins.contains(directory) && !known {
                    continue;
                }
                if !known && !is_go_test(&file.path) && has_statements(&file.blocks) {
                    if covered.contains(directory) {
                        // Its package was counted and it was not: it is built for other systems.
                        continue;
                    }
                    linked.run.entry(number).or_default().insert(OPENED_UNIT);
                }
                linked.import.insert(number, at_start(&file.blocks));
                for import in self.imported(&file.blocks) {
                    if seen.insert(import) {
                        queue.push(import);
                    }
                }
                self.embedded(number, &mut linked);
            }
        }
        self.beside(&seen, &mut linked);
        for directory in begins {
            self.reached(directory, &told.begins, &mut linked);
        }
        linked
    }

    fn directory(&self, file: u32) -> &'f str {
        self.files.get(file as usize).map_or("", |file| directory_of(&file.path))
    }

    /// Directories of the packages that a file imports.
    fn imported(&self, blocks: &FileBlocks) -> Vec<&'f str> {
        let directories = go_imports(blocks).filter_map(|path| self.packages.directory(path));
        directories.filter_map(|directory| self.by_directory.get_key_value(directory).map(|(key, _)| *key)).collect()
    }

    /// Files that are built into a package and are no Go: assembly, C and its headers; and the `go.mod` that it belongs to.
    fn beside(&self, directories: &BTreeSet<&str>, linked: &mut Linked) {
        for (number, file) in (0..).zip(self.files).filter(|(_, file)| file.kind == FileKind::Whole) {
            let directory = directory_of(&file.path);
            let inside = |package: &&str| {
                package
                    .strip_prefix(directory)
                    .is_some_and(|rest| directory.is_empty() || rest.is_empty() || rest.starts_with('/'))
            };
            let is_mod = is_go_module(&file.path) && directories.iter().any(inside);
            if is_mod || directories.contains(directory) && is_native_source(&file.path) {
                linked.run.entry(number).or_default().insert(0);
            }
        }
    }

    /// Files that a package embeds.
    fn embedded(&self, number: u32, linked: &mut Linked) {
        let (blocks, directory) = (&self.files[number as usize].blocks, self.directory(number));
        let texts = blocks.definitions.iter().flat_map(|definition| &definition.mentions);
        let patterns: Vec<String> = texts
            .filter_map(|mention| match *mention {
                Mention::Text(text) => Some(blocks.name(text).trim_start_matches("all:").to_owned()),
                _ => None,
            })
            .flat_map(|pattern| [pattern.clone(), format!("{pattern}/**")])
            .map(|pattern| if directory.is_empty() { pattern } else { format!("{directory}/{pattern}") })
            .collect();
        if patterns.is_empty() {
            return;
        }
        for (number, file) in (0..).zip(self.files).filter(|(_, file)| fits(patterns.iter(), &file.path)) {
            let unit = if file.kind == FileKind::Source { OPENED_UNIT } else { 0 };
            linked.run.entry(number).or_default().insert(unit);
        }
    }

    /// What the functions at which a benchmark begins may reach in the test files of a directory: by names, and all
    /// methods of the types that are named. `init` and `TestMain` run before each.
    fn reached(&self, directory: &str, begins: &[(u32, u32)], linked: &mut Linked) {
        let files: Vec<u32> = self.by_directory.get(directory).into_iter().flatten().copied().collect();
        let files: Vec<u32> = files.into_iter().filter(|file| is_go_test(&self.files[*file as usize].path)).collect();
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let mut roots: Vec<(u32, u32)> = begins.iter().copied().filter(|(file, _)| files.contains(file)).collect();
        let mut fresh: Vec<&str> = vec!["TestMain", "_"];
        for &file in &files {
            let blocks = &self.files[file as usize].blocks;
            let starts = |id: &str| id == "init" || id.starts_with("init#");
            roots.extend(
                (0..).zip(&blocks.blocks).filter(|(_, block)| starts(&block.id)).map(|(number, _)| (file, number)),
            );
            for definition in blocks.definitions.iter().filter(|definition| definition.effect) {
                fresh.extend(named(blocks, &definition.mentions));
                fresh.extend(definition.binds.iter().map(|&name| blocks.name(name)));
            }
        }
        let mut ran: BTreeSet<(u32, u32)> = BTreeSet::new();
        loop {
            for (file, root) in std::mem::take(&mut roots) {
                let blocks = &self.files[file as usize].blocks;
                for (number, block) in (0..).zip(&blocks.blocks).filter(|(_, block)| block.root == root) {
                    if ran.insert((file, number)) {
                        fresh.extend(named(blocks, &block.mentions));
                    }
                }
            }
            let new: BTreeSet<&str> =
                std::mem::take(&mut fresh).into_iter().filter(|name| names.insert(name)).collect();
            if new.is_empty() {
                break;
            }
            for &file in &files {
                let blocks = &self.files[file as usize].blocks;
                for definition in &blocks.definitions {
                    if definition.binds.iter().any(|&name| new.contains(blocks.name(name))) {
                        fresh.extend(named(blocks, &definition.mentions));
                    }
                }
                let wanted = (0..).zip(&blocks.blocks).filter(|(_, block)| {
                    let mut parts = block.id.split(['#', '/']).next().unwrap_or("").split('.');
                    block.kind == BlockKind::Function && parts.any(|part| new.contains(part))
                });
                roots.extend(wanted.map(|(number, _)| (file, number)));
            }
        }
        for (file, block) in ran {
            linked.run.entry(file).or_default().insert(block);
        }
    }
}

/// Whether coverage counts anything in a file.
fn has_statements(blocks: &FileBlocks) -> bool {
    blocks.blocks.iter().any(|block| block.kind == BlockKind::Function && !block.trivial)
}

/// Units of a file that the start of the program evaluates.
fn at_start(blocks: &FileBlocks) -> RoaringBitmap {
    (0..blocks.blocks.len() as u32).filter(|&block| blocks.is_import_time(block)).collect()
}

fn named<'b>(blocks: &'b FileBlocks, mentions: &'b [Mention]) -> impl Iterator<Item = &'b str> {
    mentions.iter().filter_map(|mention| match *mention {
        Mention::Global(name) | Mention::Attribute(name) | Mention::Member { name, .. } => Some(blocks.name(name)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::module_path;

    #[test]
    fn modules_are_named_in_go_mod() {
        for (text, path) in [
            ("module example.com/m\n\ngo 1.24\n", Some("example.com/m")),
            ("// about\nmodule \"example.com/m\" // why\n", Some("example.com/m")),
            ("module (\n\texample.com/m\n)\n", Some("example.com/m")),
            ("modules x\n", None),
            ("", None),
        ] {
            assert_eq!(module_path(text.as_bytes()).as_deref(), path, "{text}");
        }
    }
}
