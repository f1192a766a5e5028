//! Whom a mention belongs to, and where a node stands: what the walks of all languages share.

use super::{FileBlocks, Mention};
use crate::source::Lines;
use std::collections::BTreeMap;
use tree_sitter::Node;

/// Whom a mention belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// The code of a block.
    Block(u32),
    /// An import-time statement.
    Definition(u32),
}

impl Item {
    /// Notes that it mentions something; once is enough, but more do no harm before [`sort_mentions`].
    pub(super) fn mentions(self, mention: Mention, file: &mut FileBlocks) {
        match self {
            Item::Block(block) => file.blocks[block as usize].mentions.push(mention),
            Item::Definition(definition) => file.definitions[definition as usize].mentions.push(mention),
        }
    }
}

/// Whole lines of a node. A node that ends at the start of a line ends on the line before.
pub(super) fn lines_of(node: Node<'_>) -> Lines {
    let (start, end) = (node.start_position(), node.end_position());
    let last = if end.column == 0 && end.row > start.row { end.row } else { end.row + 1 };
    Lines { start: start.row as u32 + 1, end: last as u32 }
}

/// Each mention once, in order.
pub(super) fn sort_mentions(file: &mut FileBlocks) {
    let blocks = file.blocks.iter_mut().map(|b| &mut b.mentions);
    for mentions in blocks.chain(file.definitions.iter_mut().map(|d| &mut d.mentions)) {
        mentions.sort_unstable();
        mentions.dedup();
    }
}

/// `id`, or `id#2` and so on for the second of that name; `given` counts them.
pub(super) fn numbered(given: &mut BTreeMap<String, u32>, id: String) -> String {
    let count = given.entry(id.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { id } else { format!("{id}#{count}") }
}
