//! What reading one statement did to the walk, so that it can be done again elsewhere without reading.
//!
//! A fragment holds positions and numbers as they were when its statement was read; doing it again counts them from
//! where the walk then is.

use super::scope::{Binding, Use};
use super::{Block, BlockKind, Definition, Mention, Name, Owner, Walker};
use crate::blocks::item::Item;
use crate::fingerprint::Canon;
use crate::source::Lines;

/// How far a walk is, in everything that reading a statement adds to.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    /// The block around.
    around: u32,
    line: u32,
    blocks: u32,
    definitions: u32,
    owners: usize,
    form: usize,
    module_mentions: usize,
    module_uses: usize,
    /// Uses of the innermost scope, if that is not the module's.
    own_uses: usize,
    exports: usize,
    names: usize,
    steps: usize,
    ordinals: Vec<(&'static str, u32)>,
}

/// What reading a statement between two marks gave.
#[derive(Debug, Default)]
pub(super) struct Fragment {
    at: Mark,
    blocks: Vec<Block>,
    definitions: Vec<Definition>,
    owners: Vec<Owner>,
    form: Canon,
    module_mentions: Vec<Mention>,
    module_uses: Vec<(Item, Use)>,
    own_uses: Vec<(Item, Use)>,
    exports: Vec<Name>,
    /// In the order of first use.
    names: Vec<Name>,
    steps: Vec<(Name, Step)>,
    /// Ordinals of the block around that it took.
    ordinals: Vec<(&'static str, u32)>,
}

/// What a statement does with a name of the scope that it stands in, in the order of doing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Binds it.
    Bound(Binding),
    /// Asks whether it is bound to something that is no import: the answer decides what the statement changes.
    Asked(bool),
}

impl Fragment {
    /// The id of its first block, a class's own where the statement is a class; and the last line of that block where
    /// the statement stands in `line`.
    pub(super) fn first_block(&self, line: u32) -> Option<(&str, u32)> {
        self.blocks.first().map(|block| (block.id.as_str(), block.lines.end - self.at.line + line))
    }
}

impl Walker<'_> {
    /// The walk before a statement that starts in `line`.
    pub(super) fn mark(&self, line: u32) -> Mark {
        Mark {
            around: self.block,
            line,
            blocks: self.out.blocks.len() as u32,
            definitions: self.out.definitions.len() as u32,
            owners: self.out.owners.len(),
            form: self.canon.len(),
            module_mentions: self.out.blocks.first().map_or(0, |module| module.mentions.len()),
            module_uses: self.scopes.first().map_or(0, |module| module.uses.len()),
            own_uses: self.scopes.last().map_or(0, |own| own.uses.len()),
            exports: self.out.exports.as_ref().map_or(0, Vec::len),
            names: self.names.logged().len(),
            steps: self.memo.as_ref().map_or(0, |memo| memo.steps.len()),
            ordinals: self.ordinals_here(),
        }
    }

    /// What was read since `at`; `None` where that reaches out to something it does not stand in.
    pub(super) fn fragment_since(&self, at: Mark) -> Option<Fragment> {
        let innermost = self.scopes.len().checked_sub(1)?;
        let steps = &self.memo.as_ref()?.steps[at.steps..];
        let fragment = Fragment {
            blocks: self.out.blocks[at.blocks as usize..].to_vec(),
            definitions: self.out.definitions[at.definitions as usize..].to_vec(),
            owners: self.out.owners[at.owners..].to_vec(),
            form: self.canon.copy_from(at.form),
            module_mentions: self.out.blocks.first()?.mentions[at.module_mentions..].to_vec(),
            module_uses: self.scopes.first()?.uses[at.module_uses..].to_vec(),
            own_uses: if innermost > 0 { self.scopes[innermost].uses[at.own_uses..].to_vec() } else { Vec::new() },
            exports: self.out.exports.as_ref().map_or(Vec::new(), |exports| exports[at.exports..].to_vec()),
            names: self.names.first_uses(at.names),
            steps: steps.iter().filter(|step| step.0 == innermost).map(|&(_, name, step)| (name, step)).collect(),
            ordinals: self.ordinals_here().into_iter().filter(|taken| !at.ordinals.contains(taken)).collect(),
            at,
        };
        fragment.is_closed().then_some(fragment)
    }

    /// Does what reading the statement of `fragment` in `line` would do here. False where it would do something else.
    pub(super) fn replay(&mut self, fragment: &Fragment, line: u32) -> bool {
        let now = self.mark(line);
        let moved = Moved { from: &fragment.at, to: &now };
        let fits = self.ordinals_continue(fragment, &now) && self.ids_continue(fragment) && self.steps_again(fragment);
        self.out.blocks.extend(fragment.blocks.iter().map(|block| moved.block_of(block)));
        self.out.definitions.extend(fragment.definitions.iter().map(|definition| moved.definition_of(definition)));
        self.out.owners.extend(fragment.owners.iter().map(|owner| Owner {
            lines: moved.lines(owner.lines),
            block: moved.block(owner.block),
            definition: owner.definition.map(|definition| moved.definition(definition)),
        }));
        self.canon.append(&fragment.form);
        if let Some(module) = self.out.blocks.first_mut() {
            module.mentions.extend(&fragment.module_mentions);
        }
        let again = |&(item, used): &(Item, Use)| (moved.item(item), used);
        if let Some(module) = self.scopes.first_mut() {
            module.uses.extend(fragment.module_uses.iter().map(again));
        }
        if let Some(own) = self.scopes.last_mut() {
            own.uses.extend(fragment.own_uses.iter().map(again));
        }
        if !fragment.exports.is_empty() {
            self.out.exports.get_or_insert_default().extend(&fragment.exports);
        }
        self.names.use_again(&fragment.names);
        fits
    }

    /// Whether every compound statement gets the ordinal that its id says.
    fn ordinals_continue(&mut self, fragment: &Fragment, now: &Mark) -> bool {
        let count = |mark: &Mark, kind| mark.ordinals.iter().find(|taken| taken.0 == kind).map_or(0, |taken| taken.1);
        let same = fragment.ordinals.iter().all(|&(kind, _)| count(&fragment.at, kind) == count(now, kind));
        self.ordinals.extend(fragment.ordinals.iter().map(|&(kind, taken)| ((self.block, kind), taken)));
        same
    }

    /// Whether every function and class gets the id that it had.
    fn ids_continue(&mut self, fragment: &Fragment) -> bool {
        let mut named = fragment.blocks.iter().filter(|block| block.kind != BlockKind::Branch);
        named.all(|block| self.unique(without_count(&block.id).to_owned()) == block.id)
    }

    /// Whether every question about a name of this scope has the answer that it had.
    fn steps_again(&mut self, fragment: &Fragment) -> bool {
        let mut same = true;
        for &(name, step) in &fragment.steps {
            match step {
                Step::Bound(binding) => self.bind(name, binding),
                Step::Asked(answer) => same &= self.is_rebound(name) == answer,
            }
        }
        same
    }

    fn ordinals_here(&self) -> Vec<(&'static str, u32)> {
        let here = self.ordinals.range((self.block, "")..(self.block + 1, ""));
        here.map(|(&(_, kind), &taken)| (kind, taken)).collect()
    }
}

impl Fragment {
    /// Whether it counts nothing but its own blocks and definitions, the block around and the module.
    fn is_closed(&self) -> bool {
        let block = |number: u32| number >= self.at.blocks || number == self.at.around || number == 0;
        let definition = |number: u32| number >= self.at.definitions;
        let used = |&(item, _): &(Item, Use)| match item {
            Item::Block(number) => block(number),
            Item::Definition(number) => definition(number),
        };
        self.blocks.iter().all(|b| block(b.parent) && block(b.root))
            && self.definitions.iter().all(|d| block(d.scope) && d.block.is_none_or(block))
            && self.owners.iter().all(|owner| block(owner.block) && owner.definition.is_none_or(definition))
            && self.module_uses.iter().chain(&self.own_uses).all(used)
    }
}

/// From where something was read to where it stands now.
#[derive(Clone, Copy)]
struct Moved<'m> {
    from: &'m Mark,
    to: &'m Mark,
}

impl Moved<'_> {
    fn block(self, number: u32) -> u32 {
        match number {
            own if own >= self.from.blocks => own - self.from.blocks + self.to.blocks,
            around if around == self.from.around => self.to.around,
            module => module,
        }
    }

    fn definition(self, number: u32) -> u32 {
        number - self.from.definitions + self.to.definitions
    }

    fn item(self, item: Item) -> Item {
        match item {
            Item::Block(number) => Item::Block(self.block(number)),
            Item::Definition(number) => Item::Definition(self.definition(number)),
        }
    }

    fn lines(self, lines: Lines) -> Lines {
        let line = |line: u32| line - self.from.line + self.to.line;
        Lines { start: line(lines.start), end: line(lines.end) }
    }

    fn block_of(self, block: &Block) -> Block {
        Block {
            id: block.id.clone(),
            parent: self.block(block.parent),
            root: self.block(block.root),
            lines: self.lines(block.lines),
            mentions: block.mentions.clone(),
            ..*block
        }
    }

    fn definition_of(self, definition: &Definition) -> Definition {
        Definition {
            scope: self.block(definition.scope),
            block: definition.block.map(|block| self.block(block)),
            binds: definition.binds.clone(),
            mentions: definition.mentions.clone(),
            lines: self.lines(definition.lines),
            ..*definition
        }
    }
}

/// An id without the `#2` of the second of that name.
fn without_count(id: &str) -> &str {
    match id.rsplit_once('#') {
        Some((name, count)) if count.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => id,
    }
}
