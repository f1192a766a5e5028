//! Modules that come and go, and imports that break with them.

use super::change::After;
use super::closure::{Changed, Closure, Reach};
use super::diff::{How, NameChange, diff};
use super::file::FileSelection;
use super::index::Denotes;
use super::reason::{Link, Reason, Reasons, Rule};
use crate::blocks::{DefinitionKind, FileBlocks, Mention};
use roaring::RoaringBitmap;
use std::collections::BTreeSet;

impl FileSelection<'_> {
    /// A file that was not there when surveyed.
    pub(super) fn appeared(&self, new: &FileBlocks, reasons: &mut Reasons) {
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

    pub(super) fn disappeared(&self, old: &FileBlocks, reasons: &mut Reasons) {
        let Some(file) = self.file else { return };
        let importers = self.index.importers(file);
        let empty = FileBlocks::default_module();
        let difference = diff(old, &empty);
        let mut closure = Closure::new(self.index);
        self.blocks(file, old, &difference, &mut closure, &mut Vec::new(), reasons);
        for change in &difference.names {
            closure.push(self.changed(change.class.clone(), &change.name, importers, false));
            if self.is_go() && change.effect {
                let reason = Reason { old_lines: change.old_lines, ..self.reason(Rule::EffectChanged) };
                reasons.push((reason, importers.clone()));
            }
        }
        if let Some(module) = self.module.as_ref().filter(|_| !self.is_go()) {
            closure.push(self.module_itself(module, How::Gone, importers));
        }
        for effect in difference.effects.iter().filter(|effect| !self.is_go() || !effect.is_guard) {
            let reason = Reason { old_lines: effect.old_lines, ..self.reason(Rule::EffectChanged) };
            reasons.push((reason, self.index.touching(file, effect.scope)));
        }
        closure.run();
        self.collect(&closure, &difference, reasons);
        if self.is_go() {
            return;
        }
        let gone: Vec<&NameChange> = difference.names.iter().filter(|n| n.class.is_none()).collect();
        self.broken_imports(&gone, true, reasons);
    }

    /// Imports of names that are gone fail: unless guarded, all who import that file fail with them.
    pub(super) fn broken_imports(&self, gone: &[&NameChange], module_gone: bool, reasons: &mut Reasons) {
        let Some(module) = &self.module else { return };
        let (parent, last) = module.rsplit_once('.').unwrap_or(("", module));
        let replaced = module_gone && self.module_replaced(module);
        let names = gone.iter().map(|change| change.name.as_str()).chain(module_gone.then_some(last));
        let importers: BTreeSet<u32> = names.flat_map(|name| self.index.names.spelling(name)).collect();
        for f in importers {
            let source = &self.index.files[f as usize];
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

    /// Names that are gone, and that something left in the file asks for while it is imported: the import fails.
    pub(super) fn broken_names(&self, file: u32, gone: &[&NameChange], new: &FileBlocks, reasons: &mut Reasons) {
        let old = &self.index.files[file as usize].blocks;
        if new.definitions.iter().any(|definition| definition.kind == DefinitionKind::Star) {
            return;
        }
        let lazy = new.definitions.iter().flat_map(|definition| &definition.mentions).any(|mention| {
            matches!(*mention, Mention::Member { base, name }
                if new.name(base) == "__future__" && new.name(name) == "annotations")
        });
        for definition in &new.definitions {
            if definition.kind == DefinitionKind::Import || (lazy && definition.kind == DefinitionKind::Annotation) {
                continue;
            }
            let class = new.class_of(definition.scope);
            let asked = definition.mentions.iter().find_map(|mention| match *mention {
                Mention::Global(name) => {
                    let missing = |change: &&&NameChange| {
                        change.name == new.name(name) && (change.class.is_none() || change.class.as_deref() == class)
                    };
                    gone.iter().find(missing)
                }
                _ => None,
            });
            let Some(change) = asked else { continue };
            let before =
                old.definitions.iter().find(|d| d.checksum == definition.checksum && d.kind == definition.kind);
            let link = before.map(|definition| Link {
                file: self.change.path.clone(),
                lines: definition.lines,
                mentions: change.name.clone(),
            });
            let reason = Reason {
                name: Some(change.name.clone()),
                old_lines: change.old_lines,
                new_lines: change.new_lines,
                chain: link.into_iter().collect(),
                ..self.reason(Rule::ImportBroken)
            };
            reasons.push((reason, self.index.importers(file).clone()));
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
}
