//! From changed names to affected instances: mentions, closed over import-time definitions.

use super::index::{Denotes, Index};
use super::mention::Wanted;
use crate::blocks::{BlockKind, DefinitionKind, FileBlocks, Mention};
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
    /// Its value may be of another sort: whatever computes with it while importing may raise.
    pub(super) resorted: bool,
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
    /// An import of Go: its name is the file's own.
    File,
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
    /// A statement that computes with a value of another sort may raise, and the import of its file with it.
    Broken { file: u32 },
    /// The benchmark itself, or something the runner reads from it.
    Benchmark,
}

/// The running state of one closure.
pub(super) struct Closure<'i> {
    pub(super) index: &'i Index,
    queue: VecDeque<Changed>,
    seen: BTreeMap<(String, Option<String>, String, bool, bool), RoaringBitmap>,
    pub(super) trail: Vec<Step>,
    pub(super) hits: Vec<Hit>,
}

impl<'i> Closure<'i> {
    pub(super) fn new(index: &'i Index) -> Self {
        Closure { index, queue: VecDeque::new(), seen: BTreeMap::new(), trail: Vec::new(), hits: Vec::new() }
    }

    /// Adds a changed name; instances that were known to see it are not followed again.
    pub(super) fn push(&mut self, mut changed: Changed) {
        let how = (changed.evaluation, changed.resorted);
        let key = (changed.path.clone(), changed.class.clone(), changed.name.clone(), how.0, how.1);
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
            for file in self.index.names.files(&changed, self.index.file(&changed.path)) {
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
            if changed.resorted {
                self.hit(HitKind::Broken { file }, changed, at_import.clone());
            }
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
                module: index.module_name(&source.path),
                class,
                name,
                evaluation: true,
                resorted: false,
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
        if changed.resorted && definition.operates {
            self.hit(HitKind::Broken { file }, changed, base.clone());
        }
        if let Some(block) = definition.block.filter(|_| definition.kind == DefinitionKind::Header) {
            let instances = &base & index.executing(file, block);
            self.hit(HitKind::Header { file, block }, changed, instances);
        }
        let class = blocks.class_of(definition.scope).map(str::to_owned);
        let spreads =
            definition.spreads || blocks.blocks[blocks.blocks[definition.scope as usize].root as usize].opaque;
        let resorted = changed.resorted && matches!(definition.kind, DefinitionKind::Binding | DefinitionKind::Import);
        for &name in &definition.binds {
            self.push_bound(file, class.clone(), blocks.name(name), (&base, resorted), via);
        }
        if spreads && class.is_some() {
            for (class, name) in enclosing_names(blocks, definition.scope) {
                self.push_bound(file, class, &name, (&base, false), via);
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
            self.push_bound(file, None, &changed.name, (&base, changed.resorted), via);
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

    fn push_bound(
        &mut self,
        file: u32,
        class: Option<String>,
        name: &str,
        (base, resorted): (&RoaringBitmap, bool),
        via: Option<usize>,
    ) {
        let source = &self.index.files[file as usize];
        let module = self.index.module_name(&source.path);
        self.push(Changed {
            path: source.path.clone(),
            module,
            class,
            name: name.to_owned(),
            evaluation: false,
            resorted,
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

    pub(super) fn hit(&mut self, kind: HitKind, changed: &Changed, instances: RoaringBitmap) {
        if !instances.is_empty() {
            self.hits.push(Hit { kind, name: changed.name.clone(), instances, via: changed.via });
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
