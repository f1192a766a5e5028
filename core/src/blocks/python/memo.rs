//! Function bodies read before, taken over where the syntax tree kept their nodes.
//!
//! A body that stands at import time gives nothing but blocks, owners and uses of names that the file has to resolve.
//! These are kept with positions relative to it; every other statement is read anew.

use super::scope::{Item, Names, Use};
use super::{Block, Mention, Name, Owner, Walker};
use crate::source::Lines;
use std::collections::BTreeMap;

/// The bodies of one tree, by the identity of their function's node: good only while that tree lives.
#[derive(Debug, Default)]
pub(in crate::blocks) struct Memo {
    before: BTreeMap<usize, Body>,
    now: BTreeMap<usize, Body>,
    /// Numbers that the names of `before` have now; of use within one body.
    numbers: Vec<Name>,
}

/// What reading one body gave.
#[derive(Debug)]
struct Body {
    depth: u32,
    checksum: u32,
    trivial: bool,
    mentions: Vec<Mention>,
    /// Blocks below: ids without the function's, lines from the body's first, numbers from the function's.
    blocks: Vec<Block>,
    owners: Vec<Owner>,
    /// By block, counted likewise.
    uses: Vec<(u32, Use)>,
    /// Every name used, in the order of first use.
    names: Vec<Name>,
}

/// Where a body's own results begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    block: u32,
    /// The body's first line.
    line: u32,
    owners: usize,
    uses: usize,
    names: usize,
    diagnostics: usize,
}

impl Memo {
    /// What this walk remembers becomes what the next one takes over.
    pub(super) fn turned(self) -> Self {
        Memo { before: self.now, ..Memo::default() }
    }
}

impl Body {
    /// Gives its names, whose texts were `texts`, the numbers that the present walk knows them by.
    fn renumber(&mut self, texts: &[String], numbers: &mut Vec<Name>, names: &mut Names) {
        numbers.resize(texts.len(), Names::EMPTY);
        let mut moved = false;
        for name in &mut self.names {
            let now = names.intern(&texts[*name as usize]);
            numbers[*name as usize] = now;
            moved |= now != *name;
            *name = now;
        }
        if moved {
            let now = |name: Name| numbers[name as usize];
            let mentions = self.blocks.iter_mut().map(|block| &mut block.mentions).chain([&mut self.mentions]);
            mentions.flatten().for_each(|mention| *mention = mention.renamed(now));
            self.uses.iter_mut().for_each(|(_, used)| *used = used.renamed(now));
        }
    }
}

impl Walker<'_> {
    /// Before the body of the function `block` is read, which starts in `line`.
    pub(super) fn mark(&self, block: u32, line: u32) -> Mark {
        Mark {
            block,
            line,
            owners: self.out.owners.len(),
            uses: self.scopes.first().map_or(0, |module| module.uses.len()),
            names: self.names.logged().len(),
            diagnostics: self.out.diagnostics.len(),
        }
    }

    /// Puts what is remembered of the function `node` where it stands now. False where nothing is: it has to be read.
    pub(super) fn take_over(&mut self, node: usize, at: Mark) -> bool {
        let Some(memo) = &mut self.memo else { return false };
        let Some(mut body) = memo.before.remove(&node).filter(|body| body.depth == self.depth) else { return false };
        body.renumber(self.texts_before, &mut memo.numbers, &mut self.names);
        let function = &mut self.out.blocks[at.block as usize];
        (function.checksum, function.trivial) = (body.checksum, body.trivial);
        function.mentions.clone_from(&body.mentions);
        let id = function.id.clone();
        self.out.blocks.extend(body.blocks.iter().map(|below| Block {
            id: [&id, below.id.as_str()].concat(),
            parent: below.parent + at.block,
            root: below.root + at.block,
            lines: moved(below.lines, |line| line + at.line),
            mentions: below.mentions.clone(),
            ..*below
        }));
        self.out.owners.extend(body.owners.iter().map(|owner| Owner {
            lines: moved(owner.lines, |line| line + at.line),
            block: owner.block + at.block,
            definition: None,
        }));
        if let Some(module) = self.scopes.first_mut() {
            module.uses.extend(body.uses.iter().map(|&(below, used)| (Item::Block(below + at.block), used)));
        }
        memo.now.insert(node, body);
        true
    }

    /// Keeps what reading the function `node` gave since `mark`, unless something in it could not be read.
    pub(super) fn remember(&mut self, node: usize, mark: Mark) {
        if self.memo.is_none() || self.out.diagnostics.len() > mark.diagnostics {
            return;
        }
        let body = self.body_since(mark);
        if let (Some(memo), Some(body)) = (&mut self.memo, body) {
            memo.now.insert(node, body);
        }
    }

    /// `None` where something reaches out of the body: then it cannot stand elsewhere.
    fn body_since(&self, mark: Mark) -> Option<Body> {
        let function = self.out.blocks.get(mark.block as usize)?;
        let block = |number: u32| number.checked_sub(mark.block);
        let below = |b: &Block| {
            Some(Block {
                id: b.id.strip_prefix(&function.id)?.to_owned(),
                parent: block(b.parent)?,
                root: block(b.root)?,
                lines: moved(b.lines, |line| line - mark.line),
                mentions: b.mentions.clone(),
                ..*b
            })
        };
        let owner = |owner: &Owner| {
            let lines = moved(owner.lines, |line| line - mark.line);
            owner.definition.is_none().then_some(Owner { lines, block: block(owner.block)?, definition: None })
        };
        let used = |&(item, used): &(Item, Use)| match item {
            Item::Block(number) => Some((block(number)?, used)),
            Item::Definition(_) => None,
        };
        let uses = self.scopes.first().map_or(&[][..], |module| &module.uses[mark.uses..]);
        Some(Body {
            depth: self.depth,
            checksum: function.checksum,
            trivial: function.trivial,
            mentions: function.mentions.clone(),
            blocks: self.out.blocks[mark.block as usize + 1..].iter().map(below).collect::<Option<_>>()?,
            owners: self.out.owners[mark.owners..].iter().map(owner).collect::<Option<_>>()?,
            uses: uses.iter().map(used).collect::<Option<_>>()?,
            names: in_order_of_first_use(&self.names.logged()[mark.names..]),
        })
    }
}

fn moved(lines: Lines, line: impl Fn(u32) -> u32) -> Lines {
    Lines { start: line(lines.start), end: line(lines.end) }
}

fn in_order_of_first_use(names: &[Name]) -> Vec<Name> {
    let mut firsts: Vec<(Name, u32)> = names.iter().copied().zip(0..).collect();
    firsts.sort_unstable();
    firsts.dedup_by_key(|&mut (name, _)| name);
    firsts.sort_unstable_by_key(|&(_, place)| place);
    firsts.into_iter().map(|(name, _)| name).collect()
}
