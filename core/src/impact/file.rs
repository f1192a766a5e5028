//! One changed file, followed to the instances that it affects.

use super::change::{After, Change};
use super::closure::{Changed, Closure, Reach, enclosing_names};
use super::diff::{BlockChange, FileDiff, How, NameChange, diff};
use super::explain::qualified;
use super::go::is_new_type;
use super::index::{FileKind, Index};
use super::reason::{Reason, Reasons, Rule};
use super::select::{Policy, Request};
use crate::blocks::{DefinitionKind, FileBlocks, Mention};
use roaring::RoaringBitmap;
use std::collections::BTreeSet;

/// The selection of one changed file.
pub(super) struct FileSelection<'a> {
    pub(super) index: &'a Index,
    pub(super) change: &'a Change,
    pub(super) all_changes: &'a [Change],
    policy: Policy,
    pub(super) file: Option<u32>,
    pub(super) module: Option<String>,
}

impl<'a> FileSelection<'a> {
    pub(super) fn new(index: &'a Index, change: &'a Change, request: &Request<'a>) -> Self {
        let module = index.module_name(&change.path);
        let Request { changes: all_changes, policy, .. } = *request;
        FileSelection { index, change, all_changes, policy, file: index.file(&change.path), module }
    }

    /// Appends reasons; false if the file is as it was surveyed.
    pub(super) fn run(&self, reasons: &mut Reasons) -> bool {
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
            (After::Source(_, new), None) if self.is_go() => self.joined(new, reasons),
            (After::Source(_, new), None) => self.appeared(new, reasons),
            (After::Deleted, Some(old)) if old.kind == FileKind::Source => self.disappeared(&old.blocks, reasons),
            _ => {}
        }
        self.native(reasons);
        if let Some(file) = self.file {
            self.whole(file, reasons);
            if self.policy == Policy::File {
                reasons.push((self.reason(Rule::FileChanged), self.index.importers(file).clone()));
            }
        }
        true
    }

    pub(super) fn reason(&self, rule: Rule) -> Reason {
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
        if self.policy != Policy::Precise && self.runs_at_import(file, &difference) {
            reasons.push((self.reason(Rule::ImportTime), self.index.importers(file).clone()));
        }
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
        if self.is_go() {
            self.newly_linked(self.index.importers(file), old, new, reasons);
            // What is missing does not compile.
            return;
        }
        let gone: Vec<&NameChange> =
            difference.names.iter().filter(|n| n.how == How::Gone && n.class.is_none()).collect();
        self.broken_imports(&gone, false, reasons);
        let gone: Vec<&NameChange> = difference.names.iter().filter(|n| n.how == How::Gone).collect();
        self.broken_names(file, &gone, new, reasons);
    }

    /// Whether anything differs that is evaluated while the file is imported.
    fn runs_at_import(&self, file: u32, d: &FileDiff) -> bool {
        let bodies = || d.blocks.iter().any(|block| !self.index.importing(file, block.old).is_empty());
        !d.names.is_empty() || !d.effects.is_empty() || !d.annotations.is_empty() || bodies()
    }

    /// Function bodies and their branches.
    pub(super) fn blocks(
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
            } else if self.is_go() {
                self.uncounted(old, change.old, closure);
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

    pub(super) fn push_names(
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

    pub(super) fn changed(&self, class: Option<String>, name: &str, base: &RoaringBitmap, evaluation: bool) -> Changed {
        Changed {
            path: self.change.path.clone(),
            module: self.module.clone(),
            class,
            name: name.to_owned(),
            evaluation,
            resorted: false,
            reach: Reach::Any,
            is_module: false,
            base: base.clone(),
            via: None,
        }
    }

    fn names(&self, file: u32, old: &FileBlocks, d: &FileDiff, closure: &mut Closure<'_>, reasons: &mut Reasons) {
        // Members of a new class are reached through its name, which is among the changes itself.
        let reachable = |change: &&NameChange| {
            let known = |class: &String| old.find(class).is_some() || self.is_go() && !is_new_type(d, class);
            change.class.as_ref().is_none_or(known)
        };
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
            let changed = self.changed(change.class.clone(), &change.name, &base, false);
            let reach = if self.is_go() && change.kind == DefinitionKind::Import { Reach::File } else { Reach::Any };
            closure.push(Changed { resorted: change.resorted, reach, ..changed });
            let Some(class) = change.class.as_ref().filter(|_| change.spreads) else { continue };
            match old.find(class) {
                Some(block) => self.push_names(old, block, &base, false, closure),
                // Methods may stand in other files than their type.
                None if self.is_go() => closure.push(self.changed(None, class, &base, false)),
                None => {}
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
            let readers: BTreeSet<u32> = READERS.iter().flat_map(|name| self.index.names.spelling(name)).collect();
            for f in readers {
                let blocks = &self.index.files[f as usize].blocks;
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
}
