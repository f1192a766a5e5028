//! What the benchmark runner itself looks up: benchmarks by name, and attributes of their classes and modules.

use super::closure::{Changed, Closure, HitKind};
use super::index::Denotes;
use crate::blocks::{BlockKind, DefinitionKind, FileBlocks, Mention};
use roaring::RoaringBitmap;

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

impl Closure<'_> {
    /// The runner itself looks benchmarks up by name and reads attributes of their class and module.
    pub(super) fn runner(&mut self, changed: &Changed) {
        let mut instances = RoaringBitmap::new();
        for i in &changed.base {
            let instance = &self.index.instances[i as usize];
            let (class, function) = match instance.qualified.rsplit_once('.') {
                Some((class, function)) => (Some(class), function),
                None => (None, instance.qualified.as_str()),
            };
            let named = changed.name == function || RUNNER_NAMES.contains(&changed.name.as_str());
            let hit = match (&changed.class, class) {
                (None, None) => changed.path == instance.file && named,
                (None, Some(class)) => {
                    let top = class.split('.').next().unwrap_or(class);
                    changed.path == instance.file
                        && (changed.name == top
                            || matches!(changed.name.as_str(), "setup" | "teardown" | "setup_cache"))
                        || self
                            .ancestors(&instance.file, class)
                            .iter()
                            .any(|(p, c)| *p == changed.path && *c == changed.name)
                }
                (Some(changed_class), Some(class)) => {
                    named
                        && self
                            .ancestors(&instance.file, class)
                            .iter()
                            .any(|(p, c)| *p == changed.path && c == changed_class)
                }
                (Some(_), None) => false,
            };
            if hit {
                instances.insert(i);
            }
        }
        self.hit(HitKind::Benchmark, changed, instances);
    }

    /// The class and the classes its header names, as far as the index knows them: (path, qualified name).
    fn ancestors(&self, path: &str, class: &str) -> Vec<(String, String)> {
        let mut found = vec![(path.to_owned(), class.to_owned())];
        let mut at = 0;
        while at < found.len() && found.len() < 64 {
            let (path, class) = found[at].clone();
            at += 1;
            let Some(file) = self.index.file(&path) else {
                continue;
            };
            let blocks = &self.index.files[file as usize].blocks;
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
        let in_module = |base: &str, name: &str| match self.index.denotes(base, path) {
            Denotes::Module(m) => {
                self.index.module_file(&m).map(|f| (self.index.files[f as usize].path.clone(), name.to_owned()))
            }
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
