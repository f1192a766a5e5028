//! From changed names to affected instances: mentions, closed over import-time definitions.

use super::index::{Denotes, Index};
use crate::blocks::{ANY_MODULE, BlockKind, DefinitionKind, FileBlocks, Mention, Name, OWN_MODULE};
use crate::source::Lines;
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, VecDeque};

/// A name whose value may have changed, for the instances in `base`.
#[derive(Clone, Debug)]
pub(super) struct Changed {
    /// Path of the file that binds it.
    pub(super) path: String,
    /// Its module, if it is one.
    pub(super) module: Option<String>,
    /// Qualified class, for attributes.
    pub(super) class: Option<String>,
    pub(super) name: String,
    /// Only evaluation at import changed (the body of a function that ran then): running code sees it through definitions.
    pub(super) evaluation: bool,
    pub(super) reach: Reach,
    /// The name is that of a module in its package.
    pub(super) is_module: bool,
    pub(super) base: RoaringBitmap,
    /// How this change came about: index into [`Closure::trail`].
    pub(super) via: Option<usize>,
}

/// Through what a changed name can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Through anything that mentions it.
    Any,
    /// The module is new: only through code that names the module.
    NewModule,
    /// Only `__all__` changed: through star imports.
    Star,
}

/// One step of an explanation: this code was evaluated again because it mentions that name.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) file: u32,
    pub(super) lines: Lines,
    pub(super) via: Option<usize>,
}

/// What running code sees of the changes.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) kind: HitKind,
    pub(super) name: String,
    pub(super) instances: RoaringBitmap,
    pub(super) via: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HitKind {
    /// A block that was executed mentions the name.
    Mention { file: u32, block: u32 },
    /// A function whose header was evaluated again was executed.
    Header { file: u32, block: u32 },
    /// A statement with effects was evaluated again.
    Effect { file: u32, definition: u32 },
    /// The benchmark itself, or something the runner reads from it.
    Benchmark,
}

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

/// Which mentions of a file are worth a look for one changed name: most files do not know the name at all.
struct Wanted {
    name: Option<Name>,
}

impl Wanted {
    fn of(blocks: &FileBlocks, text: &str) -> Option<Self> {
        let name = (0..).zip(&blocks.names).find(|(_, n)| *n == text).map(|(i, _)| i);
        (name.is_some() || blocks.reaches_beyond_names()).then_some(Wanted { name })
    }

    fn could_be(&self, mention: Mention) -> bool {
        match mention {
            Mention::Global(name) | Mention::Attribute(name) | Mention::Text(name) | Mention::Member { name, .. } => {
                Some(name) == self.name
            }
            Mention::Computed { .. } => true,
        }
    }
}

/// The running state of one closure.
pub(super) struct Closure<'i> {
    index: &'i Index,
    queue: VecDeque<Changed>,
    seen: BTreeMap<(String, Option<String>, String, bool), RoaringBitmap>,
    pub(super) trail: Vec<Step>,
    pub(super) hits: Vec<Hit>,
}

impl<'i> Closure<'i> {
    pub(super) fn new(index: &'i Index) -> Self {
        Closure { index, queue: VecDeque::new(), seen: BTreeMap::new(), trail: Vec::new(), hits: Vec::new() }
    }

    /// Adds a changed name; instances that were known to see it are not followed again.
    pub(super) fn push(&mut self, mut changed: Changed) {
        let key = (changed.path.clone(), changed.class.clone(), changed.name.clone(), changed.evaluation);
        let seen = self.seen.entry(key).or_default();
        changed.base -= &*seen;
        if !changed.base.is_empty() {
            *seen |= &changed.base;
            self.queue.push_back(changed);
        }
    }

    /// Follows all changes to their end.
    pub(super) fn run(&mut self) {
        while let Some(changed) = self.queue.pop_front() {
            self.runner(&changed);
            for file in 0..self.index.files.len() as u32 {
                self.file(file, &changed);
            }
        }
    }

    fn file(&mut self, file: u32, changed: &Changed) {
        let index = self.index;
        let path = &index.files[file as usize].path;
        let blocks = &index.files[file as usize].blocks;
        let Some(wanted) = Wanted::of(blocks, &changed.name) else {
            return;
        };
        let importers = &changed.base & index.importers(file);
        if importers.is_empty() {
            return;
        }
        for (b, block) in (0..).zip(&blocks.blocks) {
            if self.any_matches(path, blocks, &block.mentions, &wanted, changed) {
                self.block(file, b, changed, &importers);
            }
        }
        for (d, definition) in (0..).zip(&blocks.definitions) {
            if self.any_matches(path, blocks, &definition.mentions, &wanted, changed) {
                self.definition(file, d, changed, &importers);
            } else if definition.kind == DefinitionKind::Star {
                self.star(file, d, changed, &importers);
            }
        }
    }

    fn block(&mut self, file: u32, block: u32, changed: &Changed, importers: &RoaringBitmap) {
        let index = self.index;
        if !changed.evaluation {
            let instances = importers & index.executing(file, block);
            self.hit(HitKind::Mention { file, block }, changed, instances);
        }
        let at_import = importers & index.importing(file, block);
        if !at_import.is_empty() {
            let lines = index.files[file as usize].blocks.blocks[block as usize].lines;
            let via = Some(self.step(changed, file, lines));
            self.evaluated(file, block, &at_import, via);
        }
    }

    /// The body of `block` ran while importing and does something else now: what was evaluated through it changed.
    pub(super) fn evaluated(&mut self, file: u32, block: u32, base: &RoaringBitmap, via: Option<usize>) {
        let index = self.index;
        let source = &index.files[file as usize];
        for (class, name) in enclosing_names(&source.blocks, block) {
            self.push(Changed {
                path: source.path.clone(),
                module: index.module_of(&source.path).map(|m| m.name),
                class,
                name,
                evaluation: true,
                reach: Reach::Any,
                is_module: false,
                base: base.clone(),
                via,
            });
        }
    }

    fn definition(&mut self, file: u32, number: u32, changed: &Changed, importers: &RoaringBitmap) {
        let index = self.index;
        let blocks = &index.files[file as usize].blocks;
        let definition = &blocks.definitions[number as usize];
        if definition.kind == DefinitionKind::Annotation {
            return;
        }
        let base = importers & index.touching(file, definition.scope);
        if !changed.evaluation {
            // Code inside the statement (a lambda) that ran in setup or run.
            let unit = blocks.blocks.len() as u32 + number;
            let ran = &base & index.executing(file, unit);
            self.hit(HitKind::Effect { file, definition: number }, changed, ran);
        }
        if base.is_empty() {
            return;
        }
        let via = Some(self.step(changed, file, definition.lines));
        if definition.effect {
            self.hits.push(Hit {
                kind: HitKind::Effect { file, definition: number },
                name: changed.name.clone(),
                instances: base.clone(),
                via: changed.via,
            });
        }
        if let Some(block) = definition.block.filter(|_| definition.kind == DefinitionKind::Header) {
            let instances = &base & index.executing(file, block);
            self.hit(HitKind::Header { file, block }, changed, instances);
        }
        let class = blocks.class_of(definition.scope).map(str::to_owned);
        let spreads =
            definition.spreads || blocks.blocks[blocks.blocks[definition.scope as usize].root as usize].opaque;
        for &name in &definition.binds {
            self.push_bound(file, class.clone(), blocks.name(name), &base, via);
        }
        if spreads && class.is_some() {
            for (class, name) in enclosing_names(blocks, definition.scope) {
                self.push_bound(file, class, &name, &base, via);
            }
        }
    }

    fn star(&mut self, file: u32, number: u32, changed: &Changed, importers: &RoaringBitmap) {
        let index = self.index;
        let source = &index.files[file as usize];
        let definition = &source.blocks.definitions[number as usize];
        let from_here = definition.mentions.iter().any(|m| match *m {
            Mention::Member { base, name } if source.blocks.name(name) == "*" => {
                matches!(index.denotes(source.blocks.name(base), &source.path), Denotes::Module(m) | Denotes::Inside(m) if Some(&m) == changed.module.as_ref())
            }
            _ => false,
        });
        if !from_here || changed.class.is_some() || !self.exported(changed) {
            return;
        }
        let base = importers & index.touching(file, definition.scope);
        if !base.is_empty() {
            let via = Some(self.step(changed, file, definition.lines));
            self.push_bound(file, None, &changed.name, &base, via);
        }
    }

    /// Whether `from module import *` carries the name.
    fn exported(&self, changed: &Changed) -> bool {
        if changed.reach == Reach::Star {
            return true;
        }
        let exports = self.index.file(&changed.path).map(|f| &self.index.files[f as usize].blocks);
        match exports.and_then(|b| b.exports.as_ref().map(|e| (b, e))) {
            // A name may have just been added to `__all__`, so the old list alone does not exclude it.
            Some((blocks, list)) => {
                !changed.name.starts_with('_') || list.iter().any(|&n| blocks.name(n) == changed.name)
            }
            None => !changed.name.starts_with('_'),
        }
    }

    fn push_bound(&mut self, file: u32, class: Option<String>, name: &str, base: &RoaringBitmap, via: Option<usize>) {
        let source = &self.index.files[file as usize];
        let module = self.index.module_of(&source.path).map(|m| m.name);
        self.push(Changed {
            path: source.path.clone(),
            module,
            class,
            name: name.to_owned(),
            evaluation: false,
            reach: Reach::Any,
            is_module: false,
            base: base.clone(),
            via,
        });
    }

    fn step(&mut self, changed: &Changed, file: u32, lines: Lines) -> usize {
        self.trail.push(Step { name: changed.name.clone(), file, lines, via: changed.via });
        self.trail.len() - 1
    }

    fn hit(&mut self, kind: HitKind, changed: &Changed, instances: RoaringBitmap) {
        if !instances.is_empty() {
            self.hits.push(Hit { kind, name: changed.name.clone(), instances, via: changed.via });
        }
    }

    fn any_matches(
        &self,
        path: &str,
        blocks: &FileBlocks,
        mentions: &[Mention],
        wanted: &Wanted,
        changed: &Changed,
    ) -> bool {
        let mut any_module = None;
        mentions.iter().any(|m| {
            if !wanted.could_be(*m) {
                return false;
            }
            // Code that imports by a computed name and reads computed attributes may read them of any module.
            let imports = || {
                mentions.iter().any(|m| matches!(*m, Mention::Computed { base, .. } if blocks.name(base) == ANY_MODULE))
            };
            let imports = matches!(m, Mention::Computed { .. }) && *any_module.get_or_insert_with(imports);
            self.matches(path, blocks, *m, imports, changed)
        })
    }

    fn matches(&self, path: &str, blocks: &FileBlocks, mention: Mention, imports: bool, changed: &Changed) -> bool {
        let is = |name| blocks.name(name) == changed.name;
        if changed.reach == Reach::Star {
            return false;
        }
        let new_module = changed.reach == Reach::NewModule;
        match mention {
            Mention::Global(name) => changed.class.is_none() && is(name) && path == changed.path,
            Mention::Attribute(name) => !new_module && is(name),
            Mention::Text(name) => is(name),
            Mention::Member { base, name } => is(name) && self.member(blocks.name(base), path, changed),
            Mention::Computed { base, prefix, suffix } => {
                let fits = changed.name.starts_with(blocks.name(prefix))
                    && changed.name.ends_with(blocks.name(suffix))
                    && !(changed.name.starts_with("__") && changed.name.ends_with("__"));
                fits && !changed.evaluation && self.computed(blocks.name(base), path, imports, changed)
            }
        }
    }

    fn member(&self, base: &str, path: &str, changed: &Changed) -> bool {
        match self.index.denotes(base, path) {
            Denotes::Module(m) => changed.class.is_none() && changed.module.as_ref() == Some(&m),
            Denotes::Inside(m) if changed.reach == Reach::NewModule => changed.module.as_ref() == Some(&m),
            Denotes::Inside(m) => {
                changed.class.is_some() || changed.module.as_ref().is_none_or(|c| *c == m || !self.is_package_path(&m))
            }
            Denotes::Foreign => false,
            Denotes::Object => changed.reach != Reach::NewModule,
        }
    }

    /// Whether the dotted name could only be a module path: each of its parents is a module and it is not an
    /// object that one of them binds.
    fn is_package_path(&self, dotted: &str) -> bool {
        let Some((parent, last)) = dotted.rsplit_once('.') else {
            return true;
        };
        let Some(file) = self.index.module_file(parent) else {
            return false;
        };
        let blocks = &self.index.files[file as usize].blocks;
        !blocks.definitions.iter().any(|d| d.binds.iter().any(|&n| blocks.name(n) == last))
    }

    fn computed(&self, base: &str, path: &str, imports: bool, changed: &Changed) -> bool {
        match base {
            ANY_MODULE => changed.is_module,
            _ if changed.reach == Reach::NewModule => false,
            "" => changed.class.is_some() || imports,
            OWN_MODULE => changed.class.is_none() && changed.path == path,
            _ => match self.index.denotes(base, path) {
                Denotes::Module(m) => changed.class.is_none() && changed.module.as_ref() == Some(&m),
                Denotes::Foreign => false,
                Denotes::Inside(_) | Denotes::Object => changed.class.is_some(),
            },
        }
    }

    /// The runner itself looks benchmarks up by name and reads attributes of their class and module.
    fn runner(&mut self, changed: &Changed) {
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

/// The names through which a block's body is reached: its own and those of the functions and classes around it.
pub(super) fn enclosing_names(blocks: &FileBlocks, block: u32) -> Vec<(Option<String>, String)> {
    let mut names = Vec::new();
    let mut at = blocks.blocks[block as usize].root;
    while at != 0 {
        let b = &blocks.blocks[at as usize];
        let outer = blocks.blocks[b.parent as usize].root;
        let last = b.id.rsplit('.').next().unwrap_or("").split('#').next().unwrap_or("");
        let around = &blocks.blocks[outer as usize];
        let class = (around.kind == BlockKind::Class).then(|| around.id.clone());
        if around.kind != BlockKind::Function {
            names.push((class, last.to_owned()));
        }
        at = outer;
    }
    names
}
