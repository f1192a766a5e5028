//! What differs between two analyses of a file: blocks by identity, definitions by the names they bind.

use crate::blocks::{BlockKind, Definition, DefinitionKind, FileBlocks};
use crate::source::Lines;
use std::collections::{BTreeMap, BTreeSet};

/// How something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    New,
    Gone,
    Changed,
}

/// A function block, or a branch of one, that differs.
#[derive(Clone, Debug)]
pub(super) struct BlockChange {
    /// Its number before; new blocks are seen through the name they bind.
    pub(super) old: u32,
    pub(super) how: How,
    pub(super) old_lines: Lines,
    pub(super) new_lines: Option<Lines>,
}

/// A name whose definitions differ.
#[derive(Clone, Debug)]
pub(super) struct NameChange {
    /// Qualified class it is an attribute of; `None` for the module's own names.
    pub(super) class: Option<String>,
    pub(super) name: String,
    pub(super) how: How,
    /// Old blocks in which the differing statements stand: only who ran one of them can notice.
    pub(super) scopes: BTreeSet<u32>,
    /// Functions whose header differs (old block numbers).
    pub(super) headers: BTreeSet<u32>,
    pub(super) effect: bool,
    pub(super) spreads: bool,
    /// The value is of another sort than before.
    pub(super) resorted: bool,
    pub(super) kind: DefinitionKind,
    pub(super) old_lines: Option<Lines>,
    pub(super) new_lines: Option<Lines>,
}

/// A statement with effects beyond names that differs.
#[derive(Clone, Debug)]
pub(super) struct EffectChange {
    pub(super) scope: u32,
    /// It decides what is evaluated, and does nothing else.
    pub(super) is_guard: bool,
    pub(super) old_lines: Option<Lines>,
    pub(super) new_lines: Option<Lines>,
}

/// All differences of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct FileDiff {
    pub(super) blocks: Vec<BlockChange>,
    pub(super) names: Vec<NameChange>,
    pub(super) effects: Vec<EffectChange>,
    /// Names (with their class) of functions whose annotations differ.
    pub(super) annotations: Vec<(Option<String>, String)>,
}

/// Compares two analyses of a file. An absent side is an empty file.
pub(super) fn diff(old: &FileBlocks, new: &FileBlocks) -> FileDiff {
    let mut result = FileDiff { blocks: block_changes(old, new), ..FileDiff::default() };
    let (before, after) = (by_name(old), by_name(new));
    for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (a, b) = (before.get(key).map_or(&[][..], Vec::as_slice), after.get(key).map_or(&[][..], Vec::as_slice));
        if let Some(change) = name_change(old, new, key, a, b) {
            if change.kind == DefinitionKind::Annotation {
                result.annotations.push((change.class, change.name));
            } else {
                result.names.push(change);
            }
        }
    }
    result.effects = effect_changes(old, new);
    result
}

fn block_changes(old: &FileBlocks, new: &FileBlocks) -> Vec<BlockChange> {
    let after: BTreeMap<&str, usize> = new.blocks.iter().enumerate().map(|(i, b)| (b.id.as_str(), i)).collect();
    let mut changes = Vec::new();
    for (i, block) in (0..).zip(&old.blocks) {
        let code =
            matches!(block.kind, BlockKind::Function | BlockKind::Branch | BlockKind::Class) && !old.is_import_time(i);
        if !code {
            continue;
        }
        let found = after.get(block.id.as_str()).map(|&j| &new.blocks[j]);
        let how = match found {
            None => How::Gone,
            Some(b) if b.checksum != block.checksum || b.kind != block.kind => How::Changed,
            Some(_) => continue,
        };
        changes.push(BlockChange { old: i, how, old_lines: block.lines, new_lines: found.map(|b| b.lines) });
    }
    changes
}

/// Names are told apart by the class they belong to and, for annotations, from what they annotate.
type Key = (Option<String>, String, bool);

fn by_name(file: &FileBlocks) -> BTreeMap<Key, Vec<&Definition>> {
    let mut map: BTreeMap<Key, Vec<&Definition>> = BTreeMap::new();
    for definition in &file.definitions {
        let class = file.class_of(definition.scope).map(str::to_owned);
        for &name in &definition.binds {
            let key = (class.clone(), file.name(name).to_owned(), definition.kind == DefinitionKind::Annotation);
            map.entry(key).or_default().push(definition);
        }
    }
    map
}

/// What makes two definitions the same: where they stand and their form.
fn identity<'f>(file: &'f FileBlocks, d: &Definition) -> (&'f str, DefinitionKind, u32) {
    (file.blocks[d.scope as usize].id.as_str(), d.kind, d.checksum)
}

fn name_change(
    old: &FileBlocks,
    new: &FileBlocks,
    key: &Key,
    a: &[&Definition],
    b: &[&Definition],
) -> Option<NameChange> {
    let before: Vec<_> = a.iter().map(|d| identity(old, d)).collect();
    let after: Vec<_> = b.iter().map(|d| identity(new, d)).collect();
    if before == after {
        return None;
    }
    // The same statements in another order, or one of them once more: none stands out, so all count.
    let moved = before.iter().all(|id| after.contains(id)) && after.iter().all(|id| before.contains(id));
    let mut change = NameChange {
        class: key.0.clone(),
        name: key.1.clone(),
        how: if a.is_empty() {
            How::New
        } else if b.is_empty() {
            How::Gone
        } else {
            How::Changed
        },
        scopes: BTreeSet::new(),
        headers: BTreeSet::new(),
        effect: false,
        spreads: false,
        resorted: false,
        kind: if key.2 { DefinitionKind::Annotation } else { DefinitionKind::Binding },
        old_lines: None,
        new_lines: None,
    };
    let (mut old_sorts, mut new_sorts) = (BTreeSet::new(), BTreeSet::new());
    for (d, id) in a.iter().zip(&before) {
        if moved || !after.contains(id) {
            change.add(old, d);
            change.old_lines.get_or_insert(d.lines);
            change.headers.extend(d.block.filter(|_| d.kind == DefinitionKind::Header));
            change.scopes.insert(d.scope);
            old_sorts.insert((d.kind, d.sort));
        }
    }
    for (d, id) in b.iter().zip(&after) {
        if moved || !before.contains(id) {
            change.add(new, d);
            change.new_lines.get_or_insert(d.lines);
            change.scopes.insert(old_scope(old, new, d.scope));
            new_sorts.insert((d.kind, d.sort));
        }
    }
    if a.iter().chain(b).all(|d| d.kind == DefinitionKind::Import) {
        change.kind = DefinitionKind::Import;
    }
    change.resorted = !old_sorts.is_empty() && !new_sorts.is_empty() && old_sorts != new_sorts;
    Some(change)
}

impl NameChange {
    fn add(&mut self, file: &FileBlocks, d: &Definition) {
        self.effect |= d.effect;
        let class_is_opaque = file.blocks[file.blocks[d.scope as usize].root as usize].opaque;
        self.spreads |= d.spreads || class_is_opaque;
    }
}

/// The old block that a new statement's block corresponds to, or the nearest around it that existed.
fn old_scope(old: &FileBlocks, new: &FileBlocks, mut scope: u32) -> u32 {
    loop {
        let block = &new.blocks[scope as usize];
        if let Some(found) = old.find(&block.id) {
            return found;
        }
        if scope == 0 {
            return 0;
        }
        scope = block.parent;
    }
}

fn effect_changes(old: &FileBlocks, new: &FileBlocks) -> Vec<EffectChange> {
    let nameless = |file: &FileBlocks| -> Vec<Definition> {
        let keep = |d: &&Definition| d.binds.is_empty() && d.kind != DefinitionKind::Import;
        file.definitions.iter().filter(keep).cloned().collect()
    };
    let (a, b) = (nameless(old), nameless(new));
    let before: Vec<_> = a.iter().map(|d| identity(old, d)).collect();
    let after: Vec<_> = b.iter().map(|d| identity(new, d)).collect();
    if before == after {
        return Vec::new();
    }
    let gone = a.iter().zip(&before).filter(|(_, id)| !after.contains(id));
    let come = b.iter().zip(&after).filter(|(_, id)| !before.contains(id));
    let mut changes: Vec<EffectChange> = gone
        .map(|(d, _)| EffectChange {
            scope: d.scope,
            is_guard: d.kind == DefinitionKind::Guard,
            old_lines: Some(d.lines),
            new_lines: None,
        })
        .chain(come.map(|(d, _)| EffectChange {
            scope: old_scope(old, new, d.scope),
            is_guard: d.kind == DefinitionKind::Guard,
            old_lines: None,
            new_lines: Some(d.lines),
        }))
        .collect();
    if changes.is_empty() {
        // The same statements in another order.
        changes.push(EffectChange { scope: 0, is_guard: false, old_lines: None, new_lines: None });
    }
    changes
}
