//! The dependency index: which instance executed what, phase by phase.

use super::go::GoPackages;
use super::native::Extensions;
use super::postings::NamePostings;
use super::runner::RunnerLookups;
use super::select::Policy;
use crate::blocks::{FileBlocks, Options};
use crate::source::{BlobId, ModuleName, ModuleRoots, directory_of, is_go, resolve_module};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;

/// When code ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// While the benchmark's file was imported.
    Import = 0,
    /// In `setup` and `setup_cache`.
    Setup = 1,
    /// In the benchmark itself and its teardown.
    Run = 2,
}

/// How a file is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// By blocks.
    Source,
    /// As a whole: data, templates, compiled modules.
    Whole,
}

/// A file that some instance depends on.
#[derive(Clone, Debug)]
pub struct IndexedFile {
    /// '/'-separated, relative to the source root.
    pub path: String,
    /// Its content at survey time.
    pub blob: BlobId,
    /// How it is compared.
    pub kind: FileKind,
    /// Its analysis at survey time; empty for whole files.
    pub blocks: FileBlocks,
}

impl Benchmark {
    /// The benchmark `name` of a suite's `file`, which is relative to the suite's directory; that one is `suite_dir`, relative
    /// to the source root, where it is another one.
    #[must_use]
    pub fn of_suite(name: &str, file: &str, suite_dir: Option<&str>) -> Self {
        let module = file.trim_end_matches(".py").replace('/', ".");
        let module = module.strip_suffix(".__init__").unwrap_or(&module);
        let inside = name.strip_prefix(module).and_then(|rest| rest.strip_prefix('.'));
        let last_two = || name.rmatch_indices('.').nth(1).map_or(name, |(at, _)| &name[at + 1..]);
        let directory = suite_dir.filter(|directory| !matches!(*directory, "" | "."));
        Benchmark {
            name: name.to_owned(),
            file: directory.map_or_else(|| file.to_owned(), |directory| format!("{directory}/{file}")),
            qualified: inside.unwrap_or_else(last_two).to_owned(),
        }
    }
}

/// Instances that executed the same units of a file in the same phase.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    /// Index into the files.
    pub file: u32,
    /// When.
    pub phase: Phase,
    /// Unit numbers (see [`crate::coverage::LineMap`]); `{0}` for whole files.
    pub units: RoaringBitmap,
    /// Instance numbers.
    pub instances: RoaringBitmap,
}

/// A benchmark of the suite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Benchmark {
    /// Its name.
    pub name: String,
    /// Path of the suite file that defines it.
    pub file: String,
    /// Name inside that file: `Class.method` or `function`.
    pub qualified: String,
}

/// A benchmark instance: a benchmark and one parameter combination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Index into the benchmarks.
    pub benchmark: u32,
    /// The combination; `None` for a benchmark without parameters.
    pub param: Option<u32>,
    /// Why nothing is known of it, if so.
    pub always_affected: Option<String>,
}

/// Something an instance looked for: a module that was not there, a directory's content.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Dotted module name, or a directory's path.
    pub name: String,
    /// Who looked.
    pub instances: RoaringBitmap,
}

/// The rows of a survey.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Where module names come from.
    pub roots: ModuleRoots,
    /// How the files were analysed.
    pub options: Options,
    /// What compiled modules are built from, where their names do not tell.
    pub extensions: Extensions,
    /// The finest policy that what is known here carries.
    pub finest: Policy,
    /// Files, numbered.
    pub files: Vec<IndexedFile>,
    /// Benchmarks, numbered.
    pub benchmarks: Vec<Benchmark>,
    /// Instances, numbered.
    pub instances: Vec<Instance>,
    /// Who executed what.
    pub executions: Vec<Execution>,
    /// Imports that were tried and failed.
    pub failed_imports: Vec<Observed>,
    /// Directories whose content was listed.
    pub listed: Vec<Observed>,
}

/// All that a survey found, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Where module names come from.
    pub roots: ModuleRoots,
    /// How the files were analysed. A change must be analysed likewise.
    pub options: Options,
    /// What compiled modules are built from, where their names do not tell.
    pub extensions: Extensions,
    /// The finest policy that what is known here carries.
    pub finest: Policy,
    /// Files, numbered.
    pub files: Vec<IndexedFile>,
    /// Benchmarks, numbered.
    pub benchmarks: Vec<Benchmark>,
    /// Instances, numbered.
    pub instances: Vec<Instance>,
    /// Imports that were tried and failed.
    pub failed_imports: Vec<Observed>,
    /// Directories whose content was listed.
    pub listed: Vec<Observed>,
    /// Instances of which nothing reliable is known.
    pub(super) doubtful: RoaringBitmap,
    pub(super) names: NamePostings,
    pub(super) lookups: RunnerLookups,
    executions: Vec<Vec<Execution>>,
    importers: Vec<RoaringBitmap>,
    by_path: BTreeMap<String, u32>,
    modules: BTreeMap<String, u32>,
    packages: Vec<String>,
    go: GoPackages,
}

impl Index {
    /// Builds the index from the survey's rows. Rows that name a file or benchmark that is not there are passed over.
    #[must_use]
    pub fn new(survey: Survey) -> Self {
        let Survey { files, executions, .. } = survey;
        let mut index = Index {
            roots: survey.roots,
            options: survey.options,
            extensions: survey.extensions,
            finest: survey.finest,
            benchmarks: survey.benchmarks,
            instances: survey.instances,
            failed_imports: survey.failed_imports,
            listed: survey.listed,
            ..Index::default()
        };
        for (i, file) in (0..).zip(&files) {
            index.by_path.insert(file.path.clone(), i);
            if let Some(module) = index.roots.module_of(&file.path).filter(|_| file.kind == FileKind::Source) {
                index.packages.extend(module.name.split('.').next().map(str::to_owned));
                index.modules.insert(module.name, i);
            }
        }
        index.packages.sort_unstable();
        index.packages.dedup();
        index.go = GoPackages::new(&index.roots, files.iter().map(|file| file.path.as_str()));
        index.importers = vec![RoaringBitmap::new(); files.len()];
        index.executions = vec![Vec::new(); files.len()];
        index.files = files;
        for execution in executions {
            let file = execution.file as usize;
            if let Some(rows) = index.executions.get_mut(file) {
                index.importers[file] |= &execution.instances;
                rows.push(execution);
            }
        }
        let doubtful = (0..).zip(&index.instances).filter(|(_, instance)| instance.always_affected.is_some());
        index.doubtful = doubtful.map(|(number, _)| number).collect();
        index.names = NamePostings::new(&index);
        index.lookups = RunnerLookups::new(&index);
        index
    }

    /// The survey's rows again, to be kept.
    #[must_use]
    pub fn survey(&self) -> Survey {
        Survey {
            roots: self.roots.clone(),
            options: self.options.clone(),
            extensions: self.extensions.clone(),
            finest: self.finest,
            files: self.files.clone(),
            benchmarks: self.benchmarks.clone(),
            instances: self.instances.clone(),
            executions: self.rows().cloned().collect(),
            failed_imports: self.failed_imports.clone(),
            listed: self.listed.clone(),
        }
    }

    /// The id of an instance: its benchmark's name, with `-K` for combination K of parameters.
    #[must_use]
    pub fn id(&self, instance: u32) -> String {
        let instance = &self.instances[instance as usize];
        let name = self.benchmarks.get(instance.benchmark as usize).map_or("", |b| b.name.as_str());
        instance.param.map_or_else(|| name.to_owned(), |param| format!("{name}-{param}"))
    }

    /// The number of the file with this path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<u32> {
        self.by_path.get(path).copied()
    }

    /// The file that this module was imported from.
    #[must_use]
    pub fn module_file(&self, module: &str) -> Option<u32> {
        self.modules.get(module).copied()
    }

    /// The module name of a path; files outside every root have none.
    #[must_use]
    pub fn module_of(&self, path: &str) -> Option<ModuleName> {
        self.roots.module_of(path)
    }

    /// The name under which other files know what a file binds: Python's module, or Go's package.
    pub(super) fn module_name(&self, path: &str) -> Option<String> {
        if is_go(path) {
            return Some(GoPackages::name(directory_of(path)));
        }
        self.module_of(path).map(|module| module.name)
    }

    /// The files of the Go package in `directory`.
    pub(super) fn go_files(&self, directory: &str) -> impl Iterator<Item = u32> {
        let inside = self.by_path.range(directory.to_owned()..).take_while(|(path, _)| path.starts_with(directory));
        let here = inside.filter(|(path, _)| directory_of(path) == directory && is_go(path));
        here.map(|(_, file)| *file).collect::<Vec<_>>().into_iter()
    }

    /// All instances.
    #[must_use]
    pub fn everyone(&self) -> RoaringBitmap {
        let mut all = RoaringBitmap::new();
        all.insert_range(0..self.instances.len() as u32);
        all
    }

    /// Instances that depend on the file in any way.
    #[must_use]
    pub fn importers(&self, file: u32) -> &RoaringBitmap {
        &self.importers[file as usize]
    }

    /// Instances that executed anything of the file in setup or run.
    #[must_use]
    pub fn users(&self, file: u32) -> RoaringBitmap {
        self.rows_in(file)
            .filter(|r| r.phase != Phase::Import)
            .fold(RoaringBitmap::new(), |all, row| all | &row.instances)
    }

    /// Instances that executed `unit` in setup or run.
    #[must_use]
    pub fn executing(&self, file: u32, unit: u32) -> RoaringBitmap {
        self.who(file, unit, |phase| phase != Phase::Import)
    }

    /// Instances whose import executed `unit`.
    #[must_use]
    pub fn importing(&self, file: u32, unit: u32) -> RoaringBitmap {
        self.who(file, unit, |phase| phase == Phase::Import)
    }

    /// Instances that executed `unit` at any time.
    #[must_use]
    pub fn touching(&self, file: u32, unit: u32) -> RoaringBitmap {
        self.who(file, unit, |_| true)
    }

    /// All rows: who executed what.
    pub fn rows(&self) -> impl Iterator<Item = &Execution> {
        self.executions.iter().flatten()
    }

    /// The instance's own rows: file, phase and units.
    pub fn rows_of(&self, instance: u32) -> impl Iterator<Item = &Execution> {
        self.rows().filter(move |row| row.instances.contains(instance))
    }

    fn who(&self, file: u32, unit: u32, phase: impl Fn(Phase) -> bool) -> RoaringBitmap {
        self.rows_in(file)
            .filter(|r| phase(r.phase) && r.units.contains(unit))
            .fold(RoaringBitmap::new(), |all, row| all | &row.instances)
    }

    /// The rows of a file.
    pub fn rows_in(&self, file: u32) -> impl Iterator<Item = &Execution> {
        self.executions.get(file as usize).into_iter().flatten()
    }

    /// What a dotted reference written in `from` denotes, as far as the index can tell.
    pub(super) fn denotes(&self, reference: &str, from: &str) -> Denotes {
        if is_go(from) {
            return self.go.denotes(reference);
        }
        let module = self.module_of(from).unwrap_or(ModuleName { name: String::new(), is_package: false });
        let Some(name) = resolve_module(reference, &module) else {
            return Denotes::Object;
        };
        let top = name.split('.').next().unwrap_or("");
        if self.modules.contains_key(&name) {
            Denotes::Module(name)
        } else if self.packages.iter().any(|p| p == top) {
            Denotes::Inside(name)
        } else {
            Denotes::Foreign
        }
    }
}

/// What a dotted reference denotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Denotes {
    /// A module of the index.
    Module(String),
    /// Something below our packages: an object, or a module that does not exist (yet).
    Inside(String),
    /// Something of another package: no change of ours reaches it.
    Foreign,
    /// Cannot be told.
    Object,
}

/// Units of an old analysis in the numbers of a new one: blocks by identity, definitions by place and form. Units
/// that are gone are left out; whoever executed them is affected by the change.
#[must_use]
pub fn renumber(units: &RoaringBitmap, old: &FileBlocks, new: &FileBlocks) -> RoaringBitmap {
    let blocks: BTreeMap<&str, u32> = (0..).zip(&new.blocks).map(|(i, b)| (b.id.as_str(), i)).collect();
    let definition = |number: u32| {
        let d = old.definitions.get(number as usize)?;
        let scope = *blocks.get(old.blocks[d.scope as usize].id.as_str())?;
        let same = |n: &crate::blocks::Definition| n.scope == scope && n.kind == d.kind && n.checksum == d.checksum;
        Some(new.blocks.len() as u32 + new.definitions.iter().position(same)? as u32)
    };
    let number = |unit: u32| match old.blocks.get(unit as usize) {
        Some(block) => blocks.get(block.id.as_str()).copied(),
        None if unit == super::OPENED_UNIT => Some(unit),
        None => definition(unit - old.blocks.len() as u32),
    };
    units.iter().filter_map(number).collect()
}
