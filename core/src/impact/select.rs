//! Selection: every change followed to the instances it affects, with the reasons.

use super::closure::{Changed, Closure, HitKind, Reach, Step, enclosing_names};
use super::diff::{BlockChange, FileDiff, How, NameChange, diff};
use super::index::{Denotes, FileKind, Index};
use crate::blocks::{DefinitionKind, FileBlocks, Mention};
use crate::source::{BlobId, Lines};
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet};

/// A file as it is now.
#[derive(Clone, Debug)]
pub struct Change {
    /// '/'-separated, relative to the source root.
    pub path: String,
    /// What became of it.
    pub after: After,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub enum After {
    /// It is gone (or renamed away).
    Deleted,
    /// It is source that was analysed.
    Source(BlobId, FileBlocks),
    /// It is compared as a whole.
    Whole(BlobId),
}

/// What to ask.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Files that may have changed; those whose content is as surveyed are passed over.
    pub changes: &'a [Change],
    /// Share of all instances above which a widely used file's change is left out; 1.0 turns that off.
    pub hotfile_threshold: f64,
    /// What one run of an instance costs, in seconds, where known: sentinels are the cheapest.
    pub costs: &'a BTreeMap<u32, f64>,
}

/// Suites smaller than this have no hotfiles.
const HOTFILE_MIN_INSTANCES: usize = 20;
/// How many sentinels stand for a hotfile's change.
const SENTINELS: usize = 3;

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Reasons and whom each affects, in order of files and lines.
    pub reasons: Vec<(Reason, RoaringBitmap)>,
    /// Changes left out as too wide.
    pub hotfiles: Vec<Hotfile>,
    /// Files whose content differs from the survey's.
    pub changed_files: Vec<String>,
}

/// A change that would select too large a share of the suite.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotfile {
    /// Its path.
    pub path: String,
    /// Share of all instances that execute its blocks in setup or run.
    pub share: f64,
    /// Instances that its change affects.
    pub affected: RoaringBitmap,
    /// The few of them that are selected in their stead.
    pub sentinels: RoaringBitmap,
}

/// Why instances are affected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Reason {
    /// The changed file; for `always` the suite file.
    pub file: String,
    /// Which rule.
    pub rule: Rule,
    /// The block that was executed or mentions the name.
    pub block: Option<String>,
    /// File of that block, where it is another one.
    pub block_file: Option<String>,
    /// The changed name.
    pub name: Option<String>,
    /// Lines of the change before.
    pub old_lines: Option<Lines>,
    /// Lines of the change now.
    pub new_lines: Option<Lines>,
    /// Statements between the change and the block, first to last.
    pub chain: Vec<Link>,
    /// Why an instance is always affected.
    pub detail: Option<String>,
}

/// One statement of a chain of mentions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Link {
    /// Where it stands.
    pub file: String,
    /// Its lines at survey time.
    pub lines: Lines,
    /// The name it mentions.
    pub mentions: String,
}

/// Rules of selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// It executed a block whose checksum differs.
    BlockChanged,
    /// It executed a block that is gone.
    BlockGone,
    /// It executed code that mentions a name whose definition differs.
    NameChanged,
    /// It executed code that mentions a name that is new.
    NameNew,
    /// It executed code that mentions a name that is gone.
    NameGone,
    /// It executed a function whose decorators or defaults differ.
    HeaderChanged,
    /// It imported a file whose statements have other effects.
    EffectChanged,
    /// It imported a file whose import now fails.
    ImportBroken,
    /// It ran a function while importing whose body differs.
    ImportBody,
    /// A special method appeared on an existing class, or left it.
    SpecialMethod,
    /// The benchmark itself, its class or what the runner reads from it.
    Benchmark,
    /// The file has parts that cannot be read.
    Unknown,
    /// A file it read as a whole differs.
    WholeFile,
    /// A module it looked for in vain appeared.
    ModuleAppeared,
    /// A directory that it listed has a new or lost file.
    DirectoryChanged,
    /// It stands for a hotfile's change.
    Sentinel,
    /// Nothing reliable is known of it.
    Always,
    /// It is new in the suite, or its parameters are.
    NewBenchmark,
}

/// Selects what the changes affect.
#[must_use]
pub fn select(index: &Index, request: &Request<'_>) -> Selection {
    let mut selection = Selection::default();
    for change in request.changes {
        let mut reasons = Vec::new();
        if !FileSelection::new(index, change, request.changes).run(&mut reasons) {
            continue;
        }
        selection.changed_files.push(change.path.clone());
        match hotfile(index, change, &reasons, request) {
            Some(hotfile) => {
                let reason = Reason { rule: Rule::Sentinel, ..Reason::new(&change.path, Rule::Sentinel) };
                selection.reasons.push((reason, hotfile.sentinels.clone()));
                selection.hotfiles.push(hotfile);
            }
            None => selection.reasons.append(&mut reasons),
        }
    }
    selection.reasons.extend(always(index));
    merge(&mut selection.reasons);
    selection
}

impl Selection {
    /// All affected instances.
    #[must_use]
    pub fn affected(&self) -> RoaringBitmap {
        self.reasons.iter().fold(RoaringBitmap::new(), |all, (_, who)| all | who)
    }
}

impl Reason {
    /// A reason that names only a file and a rule.
    #[must_use]
    pub fn new(file: &str, rule: Rule) -> Self {
        Reason {
            file: file.to_owned(),
            rule,
            block: None,
            block_file: None,
            name: None,
            old_lines: None,
            new_lines: None,
            chain: Vec::new(),
            detail: None,
        }
    }
}

fn merge(reasons: &mut Vec<(Reason, RoaringBitmap)>) {
    let mut map: BTreeMap<Reason, RoaringBitmap> = BTreeMap::new();
    for (reason, who) in reasons.drain(..) {
        *map.entry(reason).or_default() |= who;
    }
    reasons.extend(map.into_iter().filter(|(_, who)| !who.is_empty()));
}

fn always(index: &Index) -> Vec<(Reason, RoaringBitmap)> {
    let known = (0..).zip(&index.instances).filter_map(|(i, instance)| {
        let detail = instance.always_affected.clone()?;
        let reason = Reason { detail: Some(detail), ..Reason::new(&instance.file, Rule::Always) };
        Some((reason, RoaringBitmap::from_iter([i])))
    });
    known.collect()
}

fn hotfile(
    index: &Index,
    change: &Change,
    reasons: &[(Reason, RoaringBitmap)],
    request: &Request<'_>,
) -> Option<Hotfile> {
    let total = index.instances.len();
    if request.hotfile_threshold >= 1.0 || total < HOTFILE_MIN_INSTANCES {
        return None;
    }
    let file = index.file(&change.path)?;
    let users = index.users(file);
    let share = users.len() as f64 / total as f64;
    let affected = reasons.iter().fold(RoaringBitmap::new(), |all, (_, who)| all | who);
    let too_wide = affected.len() as f64 / total as f64 > request.hotfile_threshold;
    if share <= request.hotfile_threshold || !too_wide {
        return None;
    }
    let cost = |i: u32| request.costs.get(&i).copied().unwrap_or(f64::INFINITY);
    let mut candidates: Vec<u32> = (&affected & &users).iter().collect();
    candidates.sort_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
    let sentinels = candidates.into_iter().take(SENTINELS).collect();
    Some(Hotfile { path: change.path.clone(), share, affected, sentinels })
}

/// The selection of one changed file.
struct FileSelection<'a> {
    index: &'a Index,
    change: &'a Change,
    all_changes: &'a [Change],
    file: Option<u32>,
    module: Option<String>,
}

type Reasons = Vec<(Reason, RoaringBitmap)>;

impl<'a> FileSelection<'a> {
    fn new(index: &'a Index, change: &'a Change, all_changes: &'a [Change]) -> Self {
        let module = index.module_of(&change.path).map(|m| m.name);
        FileSelection { index, change, all_changes, file: index.file(&change.path), module }
    }

    /// Appends reasons; false if the file is as it was surveyed.
    fn run(&self, reasons: &mut Reasons) -> bool {
        let old = self.file.map(|f| &self.index.files[f as usize]);
        let same = match (&self.change.after, old) {
            (After::Source(blob, _) | After::Whole(blob), Some(old)) => old.blob == *blob,
            (After::Deleted, None) => true,
            _ => false,
        };
        if same {
            return false;
        }
        self.directories(reasons);
        match (&self.change.after, old) {
            (After::Source(_, new), Some(old)) if old.kind == FileKind::Source => {
                self.source(&old.blocks, new, reasons)
            }
            (After::Source(_, new), None) => self.appeared(new, reasons),
            (After::Deleted, Some(old)) if old.kind == FileKind::Source => self.disappeared(&old.blocks, reasons),
            _ => {}
        }
        if let Some(file) = self.file {
            self.whole(file, reasons);
        }
        true
    }

    fn reason(&self, rule: Rule) -> Reason {
        Reason::new(&self.change.path, rule)
    }

    /// Files read as data, and files of a kind that has no blocks.
    fn whole(&self, file: u32, reasons: &mut Reasons) {
        if self.index.files[file as usize].kind == FileKind::Whole || matches!(self.change.after, After::Whole(_)) {
            reasons.push((self.reason(Rule::WholeFile), self.index.importers(file).clone()));
        } else {
            let unit = crate::impact::OPENED_UNIT;
            reasons.push((self.reason(Rule::WholeFile), self.index.touching(file, unit)));
        }
    }

    /// Who listed a directory notices files that come and go.
    fn directories(&self, reasons: &mut Reasons) {
        if self.file.is_some() && !matches!(self.change.after, After::Deleted) {
            return;
        }
        let parent = self.change.path.rsplit_once('/').map_or("", |(dir, _)| dir);
        for listed in self.index.listed.iter().filter(|o| o.name == parent) {
            reasons.push((self.reason(Rule::DirectoryChanged), listed.instances.clone()));
        }
    }

    fn source(&self, old: &FileBlocks, new: &FileBlocks, reasons: &mut Reasons) {
        let Some(file) = self.file else { return };
        let broken = new.diagnostics.first().or(old.diagnostics.first());
        if let Some(diagnostic) = broken {
            let reason = Reason {
                new_lines: Some(diagnostic.lines),
                detail: Some(diagnostic.message.clone()),
                ..self.reason(Rule::Unknown)
            };
            reasons.push((reason, self.index.importers(file).clone()));
            return;
        }
        let difference = diff(old, new);
        let mut closure = Closure::new(self.index);
        let mut bodies = Vec::new();
        self.blocks(file, old, &difference, &mut closure, &mut bodies, reasons);
        self.names(file, old, &difference, &mut closure, reasons);
        for effect in &difference.effects {
            let reason =
                Reason { old_lines: effect.old_lines, new_lines: effect.new_lines, ..self.reason(Rule::EffectChanged) };
            reasons.push((reason, self.index.touching(file, effect.scope)));
        }
        self.annotations(file, old, &difference, reasons);
        closure.run();
        self.unexplained_bodies(file, old, &bodies, &closure, reasons);
        self.collect(&closure, &difference, reasons);
        let gone: Vec<&NameChange> =
            difference.names.iter().filter(|n| n.how == How::Gone && n.class.is_none()).collect();
        self.broken_imports(&gone, false, reasons);
    }

    /// Function bodies and their branches.
    fn blocks(
        &self,
        file: u32,
        old: &FileBlocks,
        d: &FileDiff,
        closure: &mut Closure<'_>,
        bodies: &mut Vec<BlockChange>,
        reasons: &mut Reasons,
    ) {
        for change in &d.blocks {
            let rule = if change.how == How::Gone { Rule::BlockGone } else { Rule::BlockChanged };
            let block = &old.blocks[change.old as usize];
            let reason = Reason {
                block: Some(block.id.clone()),
                old_lines: Some(change.old_lines),
                new_lines: change.new_lines,
                ..self.reason(rule)
            };
            reasons.push((reason, self.index.executing(file, change.old)));
            let root = &old.blocks[block.root as usize];
            let at_import = self.index.importing(file, change.old);
            if !at_import.is_empty() {
                closure.evaluated(file, change.old, &at_import, None);
                bodies.push(change.clone());
            } else if self.index.touching(file, block.root).is_empty() {
                // Nobody was seen to run it: it may still run where no tracer sees, compiled or passed on by a definition.
                let importers = self.index.importers(file);
                if root.opaque {
                    self.push_names(old, change.old, importers, false, closure);
                }
                closure.evaluated(file, change.old, importers, None);
            }
        }
    }

    fn push_names(
        &self,
        old: &FileBlocks,
        block: u32,
        base: &RoaringBitmap,
        evaluation: bool,
        closure: &mut Closure<'_>,
    ) {
        for (class, name) in enclosing_names(old, block) {
            closure.push(self.changed(class, &name, base, evaluation));
        }
    }

    fn changed(&self, class: Option<String>, name: &str, base: &RoaringBitmap, evaluation: bool) -> Changed {
        Changed {
            path: self.change.path.clone(),
            module: self.module.clone(),
            class,
            name: name.to_owned(),
            evaluation,
            reach: Reach::Any,
            is_module: false,
            base: base.clone(),
            via: None,
        }
    }

    fn names(&self, file: u32, old: &FileBlocks, d: &FileDiff, closure: &mut Closure<'_>, reasons: &mut Reasons) {
        // Members of a new class are reached through its name, which is among the changes itself.
        let reachable = |change: &&NameChange| change.class.as_ref().is_none_or(|class| old.find(class).is_some());
        for change in d.names.iter().filter(reachable) {
            let base =
                change.scopes.iter().fold(RoaringBitmap::new(), |all, &scope| all | self.index.touching(file, scope));
            let lines = |rule| Reason {
                name: Some(qualified(change)),
                old_lines: change.old_lines,
                new_lines: change.new_lines,
                ..self.reason(rule)
            };
            if change.effect {
                reasons.push((lines(Rule::EffectChanged), base.clone()));
            }
            for &header in &change.headers {
                let reason =
                    Reason { block: Some(old.blocks[header as usize].id.clone()), ..lines(Rule::HeaderChanged) };
                reasons.push((reason, &base & self.index.executing(file, header)));
            }
            if self.is_special(old, change) {
                reasons.push((lines(Rule::SpecialMethod), base.clone()));
            }
            if change.class.is_none() && change.name == "__all__" {
                self.exports(file, &base, closure);
            }
            closure.push(self.changed(change.class.clone(), &change.name, &base, false));
            if change.spreads
                && let Some(class) = &change.class
                && let Some(block) = old.find(class)
            {
                self.push_names(old, block, &base, false, closure);
            }
        }
    }

    /// A special method that comes to or leaves an existing class, or a special attribute of it that changes:
    /// instances travel, so whoever imported the file may meet it. Likewise a module's `__getattr__`.
    fn is_special(&self, old: &FileBlocks, change: &NameChange) -> bool {
        let dunder = change.name.len() > 4 && change.name.starts_with("__") && change.name.ends_with("__");
        if !dunder || matches!(change.name.as_str(), "__doc__" | "__module__" | "__annotations__") {
            return false;
        }
        match &change.class {
            Some(class) => old.find(class).is_some() && (change.how != How::Changed || change.headers.is_empty()),
            None => {
                matches!(change.name.as_str(), "__getattr__" | "__dir__" | "__path__")
                    && (change.how != How::Changed || change.headers.is_empty())
            }
        }
    }

    /// `__all__` differs: those who mention the names that came or went are affected through stars.
    fn exports(&self, file: u32, base: &RoaringBitmap, closure: &mut Closure<'_>) {
        let list = |blocks: &FileBlocks| -> BTreeSet<String> {
            blocks.exports.iter().flatten().map(|&n| blocks.name(n).to_owned()).collect()
        };
        let before = list(&self.index.files[file as usize].blocks);
        let After::Source(_, new) = &self.change.after else {
            return;
        };
        for name in before.symmetric_difference(&list(new)) {
            // Only who reads the star sees a difference: the module's own functions do not.
            closure.push(Changed { reach: Reach::Star, ..self.changed(None, name, base, false) });
        }
    }

    /// Annotations matter only to code that reads them.
    fn annotations(&self, file: u32, old: &FileBlocks, d: &FileDiff, reasons: &mut Reasons) {
        const READERS: &[&str] =
            &["__annotations__", "get_type_hints", "signature", "get_annotations", "getfullargspec", "__signature__"];
        for (class, name) in &d.annotations {
            let id = class.as_ref().map_or(name.clone(), |c| format!("{c}.{name}"));
            let block = old.find(&id);
            let opaque = block.is_some_and(|b| {
                old.blocks[b as usize].opaque || old.blocks[old.blocks[b as usize].parent as usize].opaque
            });
            let mut who = RoaringBitmap::new();
            for (f, source) in (0..).zip(&self.index.files) {
                let blocks = &source.blocks;
                for (b, candidate) in (0..).zip(&blocks.blocks) {
                    let reads = candidate.mentions.iter().any(|m| match *m {
                        Mention::Attribute(n) | Mention::Global(n) | Mention::Member { name: n, .. } => {
                            READERS.contains(&blocks.name(n))
                        }
                        _ => false,
                    });
                    if reads {
                        who |= self.index.touching(f, b);
                    }
                }
            }
            if opaque {
                who |= self.index.importers(file);
            }
            let reason = Reason { name: Some(id), ..self.reason(Rule::NameChanged) };
            reasons.push((reason, &who & self.index.importers(file)));
        }
    }

    /// Bodies that ran at import and that no definition is known to have called: all who ran them are affected.
    fn unexplained_bodies(
        &self,
        file: u32,
        old: &FileBlocks,
        bodies: &[BlockChange],
        closure: &Closure<'_>,
        reasons: &mut Reasons,
    ) {
        for body in bodies {
            let names: BTreeSet<String> = enclosing_names(old, body.old).into_iter().map(|(_, n)| n).collect();
            let explained = closure.trail.iter().any(|step| names.contains(&step.name))
                || closure.hits.iter().any(|h| names.contains(&h.name));
            if !explained {
                let reason = Reason {
                    block: Some(old.blocks[body.old as usize].id.clone()),
                    old_lines: Some(body.old_lines),
                    new_lines: body.new_lines,
                    ..self.reason(Rule::ImportBody)
                };
                reasons.push((reason, self.index.importing(file, body.old)));
            }
        }
    }

    /// A file that was not there when surveyed.
    fn appeared(&self, new: &FileBlocks, reasons: &mut Reasons) {
        let Some(module) = &self.module else { return };
        let everyone = self.index.everyone();
        let shadowed =
            self.index.module_file(module).filter(|&f| self.index.files[f as usize].path != self.change.path);
        if let Some(file) = shadowed {
            reasons.push((self.reason(Rule::ModuleAppeared), self.index.importers(file).clone()));
        }
        let mut closure = Closure::new(self.index);
        let difference = diff(&FileBlocks::default_module(), new);
        let names = difference.names.iter().filter(|n| n.class.is_none()).map(|n| n.name.as_str());
        for name in names {
            closure.push(Changed { reach: Reach::NewModule, ..self.changed(None, name, &everyone, false) });
        }
        closure.push(self.module_itself(module, How::New, &everyone));
        closure.run();
        let explained = !closure.hits.is_empty() || !closure.trail.is_empty();
        self.collect(&closure, &difference, reasons);
        for failed in self.index.failed_imports.iter().filter(|o| o.name == *module && !explained) {
            reasons.push((self.reason(Rule::ModuleAppeared), failed.instances.clone()));
        }
    }

    /// The module as a name of the package it stands in.
    fn module_itself(&self, module: &str, how: How, base: &RoaringBitmap) -> Changed {
        let (parent, last) = module.rsplit_once('.').unwrap_or(("", module));
        Changed {
            // No file binds it: the path is one that no global mention can come from.
            path: format!("{}/", self.change.path),
            module: Some(parent.to_owned()),
            reach: if how == How::New { Reach::NewModule } else { Reach::Any },
            ..self.changed(None, last, base, false)
        }
    }

    fn disappeared(&self, old: &FileBlocks, reasons: &mut Reasons) {
        let Some(file) = self.file else { return };
        let importers = self.index.importers(file);
        let empty = FileBlocks::default_module();
        let difference = diff(old, &empty);
        let mut closure = Closure::new(self.index);
        self.blocks(file, old, &difference, &mut closure, &mut Vec::new(), reasons);
        for change in &difference.names {
            closure.push(self.changed(change.class.clone(), &change.name, importers, false));
        }
        if let Some(module) = &self.module {
            closure.push(self.module_itself(module, How::Gone, importers));
        }
        for effect in &difference.effects {
            let reason = Reason { old_lines: effect.old_lines, ..self.reason(Rule::EffectChanged) };
            reasons.push((reason, self.index.touching(file, effect.scope)));
        }
        closure.run();
        self.collect(&closure, &difference, reasons);
        let gone: Vec<&NameChange> = difference.names.iter().filter(|n| n.class.is_none()).collect();
        self.broken_imports(&gone, true, reasons);
    }

    /// Imports of names that are gone fail: unless guarded, all who import that file fail with them.
    fn broken_imports(&self, gone: &[&NameChange], module_gone: bool, reasons: &mut Reasons) {
        let Some(module) = &self.module else { return };
        let (parent, last) = module.rsplit_once('.').unwrap_or(("", module));
        let replaced = module_gone && self.module_replaced(module);
        for (f, source) in (0..).zip(&self.index.files) {
            let now = self.all_changes.iter().find(|c| c.path == source.path).map(|c| &c.after);
            for definition in &source.blocks.definitions {
                if definition.guarded || !matches!(definition.kind, DefinitionKind::Import | DefinitionKind::Star) {
                    continue;
                }
                let fails = definition.mentions.iter().any(|m| {
                    let Mention::Member { base, name } = *m else {
                        return false;
                    };
                    let (base, name) = (source.blocks.name(base), source.blocks.name(name));
                    let denoted = match self.index.denotes(base, &source.path) {
                        Denotes::Module(m) | Denotes::Inside(m) => m,
                        _ => return false,
                    };
                    denoted == *module
                        && gone.iter().any(|g| g.name == name)
                        && !replaced
                        && self.index.module_file(&format!("{module}.{name}")).is_none()
                        || module_gone && !replaced && denoted == parent && name == last
                });
                let still_there = match now {
                    Some(After::Source(_, blocks)) => blocks
                        .definitions
                        .iter()
                        .any(|d| d.checksum == definition.checksum && d.kind == definition.kind),
                    Some(_) => false,
                    None => true,
                };
                if fails && still_there {
                    let reason = Reason {
                        chain: vec![Link {
                            file: source.path.clone(),
                            lines: definition.lines,
                            mentions: module.clone(),
                        }],
                        ..self.reason(Rule::ImportBroken)
                    };
                    reasons.push((reason, self.index.touching(f, definition.scope)));
                }
            }
        }
    }

    /// Whether another changed file provides the same module now (`m.py` became `m/__init__.py`).
    fn module_replaced(&self, module: &str) -> bool {
        self.all_changes.iter().any(|c| {
            matches!(c.after, After::Source(..))
                && c.path != self.change.path
                && self.index.module_of(&c.path).is_some_and(|m| m.name == *module)
        })
    }

    fn collect(&self, closure: &Closure<'_>, d: &FileDiff, reasons: &mut Reasons) {
        for hit in &closure.hits {
            let origin = closure.origin(hit.via, &hit.name);
            let change = d.names.iter().find(|n| n.name == origin);
            let rule = match (&hit.kind, change.map(|c| c.how)) {
                (HitKind::Benchmark, _) => Rule::Benchmark,
                (HitKind::Header { .. }, _) => Rule::HeaderChanged,
                (HitKind::Effect { .. }, _) => Rule::EffectChanged,
                (HitKind::Mention { .. }, Some(How::New)) => Rule::NameNew,
                (HitKind::Mention { .. }, Some(How::Gone)) => Rule::NameGone,
                (HitKind::Mention { .. }, _) => Rule::NameChanged,
            };
            let (block, block_file) = match hit.kind {
                HitKind::Mention { file, block } | HitKind::Header { file, block } => {
                    let source = &self.index.files[file as usize];
                    (Some(source.blocks.blocks[block as usize].id.clone()), Some(source.path.clone()))
                }
                HitKind::Effect { file, .. } => (None, Some(self.index.files[file as usize].path.clone())),
                HitKind::Benchmark => (None, None),
            };
            let reason = Reason {
                block,
                block_file: block_file.filter(|f| *f != self.change.path),
                name: Some(change.map_or_else(|| origin.to_owned(), qualified)),
                old_lines: change.and_then(|c| c.old_lines),
                new_lines: change.and_then(|c| c.new_lines),
                chain: self.chain(closure, hit.via),
                ..self.reason(rule)
            };
            reasons.push((reason, hit.instances.clone()));
        }
    }

    fn chain(&self, closure: &Closure<'_>, via: Option<usize>) -> Vec<Link> {
        let link = |step: &Step| {
            let source = &self.index.files[step.file as usize];
            Link { file: source.path.clone(), lines: step.lines, mentions: step.name.clone() }
        };
        let mut links: Vec<Link> = closure.steps(via).map(link).collect();
        links.reverse();
        links
    }
}

impl Closure<'_> {
    /// Steps from the last to the first.
    fn steps(&self, via: Option<usize>) -> impl Iterator<Item = &Step> {
        std::iter::successors(via.and_then(|i| self.trail.get(i)), |step| step.via.and_then(|i| self.trail.get(i)))
    }

    /// The changed name at the start of a chain.
    fn origin<'s>(&'s self, via: Option<usize>, name: &'s str) -> &'s str {
        self.steps(via).last().map_or(name, |step| &step.name)
    }
}

fn qualified(change: &NameChange) -> String {
    change.class.as_ref().map_or_else(|| change.name.clone(), |class| format!("{class}.{}", change.name))
}
