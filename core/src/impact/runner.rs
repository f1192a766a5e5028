//! What the benchmark runner itself looks up: benchmarks by name, and attributes of their classes and modules.

use super::closure::{Changed, Closure, HitKind};
use super::index::{Denotes, Index};
use crate::blocks::{BlockKind, DefinitionKind, FileBlocks, Mention};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;

/// Names that the runner reads from a benchmark's class, function or module.
const RUNNER_NAMES: &[&str] = &[
    "params",
    "param_names",
    "setup",
    "teardown",
    "setup_cache",
    "number",
    "repeat",
    "rounds",
    "timeout",
    "warmup_time",
    "sample_time",
    "min_run_count",
    "processes",
    "unit",
    "version",
    "pretty_name",
    "type",
    "benchmark_name",
    "goal_time",
    "__init__",
    "__new__",
];

/// Names that the runner also reads from a module, for the benchmarks of its classes.
const MODULE_NAMES: &[&str] = &["setup", "teardown", "setup_cache"];

/// Benchmarks by what the runner looks up for them.
#[derive(Clone, Debug, Default)]
pub(super) struct RunnerLookups {
    /// Instances of each benchmark.
    members: Vec<RoaringBitmap>,
    /// Benchmarks by the path of their file.
    by_file: BTreeMap<String, Vec<u32>>,
    /// Benchmarks that are methods, by the path and qualified name of their class and of the classes it inherits from.
    by_class: BTreeMap<(String, String), Vec<u32>>,
}

impl RunnerLookups {
    /// Looks at everything else of `index`, which must be complete.
    pub(super) fn new(index: &Index) -> Self {
        let mut lookups =
            RunnerLookups { members: vec![RoaringBitmap::new(); index.benchmarks.len()], ..Self::default() };
        for (number, instance) in (0..).zip(&index.instances) {
            if let Some(members) = lookups.members.get_mut(instance.benchmark as usize) {
                members.insert(number);
            }
        }
        let mut known: BTreeMap<(&str, &str), Vec<(String, String)>> = BTreeMap::new();
        for (number, benchmark) in (0..).zip(&index.benchmarks) {
            lookups.by_file.entry(benchmark.file.clone()).or_default().push(number);
            if let Some((class, _)) = benchmark.qualified.rsplit_once('.') {
                let path = benchmark.file.as_str();
                let classes = known.entry((path, class)).or_insert_with(|| index.ancestors(path, class));
                for class in classes.iter() {
                    lookups.by_class.entry(class.clone()).or_default().push(number);
                }
            }
        }
        lookups
    }

    fn of_file(&self, path: &str) -> impl Iterator<Item = u32> {
        self.by_file.get(path).into_iter().flatten().copied()
    }

    fn of_class(&self, path: &str, class: &str) -> impl Iterator<Item = u32> {
        self.by_class.get(&(path.to_owned(), class.to_owned())).into_iter().flatten().copied()
    }
}

impl Closure<'_> {
    /// The runner itself looks benchmarks up by name and reads attributes of their class and module.
    pub(super) fn runner(&mut self, changed: &Changed) {
        let lookups = &self.index.lookups;
        let name = changed.name.as_str();
        let named = |function: &str| name == function || RUNNER_NAMES.contains(&name);
        let qualified = |benchmark: u32| self.index.benchmarks[benchmark as usize].qualified.as_str();
        let found: Vec<u32> = match &changed.class {
            Some(class) => {
                let methods = lookups.of_class(&changed.path, class);
                methods.filter(|&b| qualified(b).rsplit_once('.').is_some_and(|(_, method)| named(method))).collect()
            }
            None => {
                let read = |benchmark: &u32| match qualified(*benchmark).split_once('.') {
                    None => named(qualified(*benchmark)),
                    Some((top, _)) => name == top || MODULE_NAMES.contains(&name),
                };
                lookups.of_file(&changed.path).filter(read).chain(lookups.of_class(&changed.path, name)).collect()
            }
        };
        let mut instances = RoaringBitmap::new();
        for benchmark in found {
            instances |= &lookups.members[benchmark as usize] & &changed.base;
        }
        self.hit(HitKind::Benchmark, changed, instances);
    }
}

impl Index {
    /// The class and the classes its header names, as far as the index knows them: (path, qualified name).
    fn ancestors(&self, path: &str, class: &str) -> Vec<(String, String)> {
        let mut found = vec![(path.to_owned(), class.to_owned())];
        let mut at = 0;
        while at < found.len() && found.len() < 64 {
            let (path, class) = found[at].clone();
            at += 1;
            let Some(file) = self.file(&path) else {
                continue;
            };
            let blocks = &self.files[file as usize].blocks;
            let Some(block) = blocks.find(&class) else {
                continue;
            };
            let header = blocks.definitions.iter().find(|d| d.block == Some(block) && d.kind == DefinitionKind::Header);
            for mention in header.map_or(&[][..], |d| &d.mentions) {
                for base in self.class_named(&path, blocks, *mention) {
                    if !found.contains(&base) {
                        found.push(base);
                    }
                }
            }
        }
        found
    }

    fn class_named(&self, path: &str, blocks: &FileBlocks, mention: Mention) -> Vec<(String, String)> {
        let in_module = |base: &str, name: &str| match self.denotes(base, path) {
            Denotes::Module(m) => self.module_file(&m).map(|f| (self.files[f as usize].path.clone(), name.to_owned())),
            _ => None,
        };
        match mention {
            Mention::Global(name) => {
                let text = blocks.name(name);
                if blocks.blocks.iter().any(|b| b.kind == BlockKind::Class && b.id == text) {
                    return vec![(path.to_owned(), text.to_owned())];
                }
                let imports =
                    blocks.definitions.iter().filter(|d| d.kind == DefinitionKind::Import && d.binds.contains(&name));
                imports
                    .flat_map(|d| &d.mentions)
                    .filter_map(|m| match *m {
                        Mention::Member { base, name } => in_module(blocks.name(base), blocks.name(name)),
                        _ => None,
                    })
                    .collect()
            }
            Mention::Member { base, name } => in_module(blocks.name(base), blocks.name(name)).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}
