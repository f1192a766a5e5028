//! A source under edit: after each change only what it touched is read again.

use super::python::{self, Memo};
use super::{FileBlocks, Options, decoded};
use tree_sitter::{InputEdit, Point, Tree};

/// A Python source with its syntax tree and its analysis. For editors and resident sessions: the analysis after
/// [`Document::update`] is the same as [`super::analyse_python`]'s, in a fraction of the time. Takes up to a hundred times
/// the source's size in memory.
#[derive(Debug)]
pub struct Document {
    options: Options,
    text: String,
    /// None where the source cannot be read or has a syntax error: the next version is then read as a whole.
    tree: Option<Tree>,
    memo: Memo,
    blocks: FileBlocks,
}

impl Document {
    /// Reads a source.
    #[must_use]
    pub fn new(bytes: &[u8], options: Options) -> Self {
        let blocks = FileBlocks::default();
        let mut document = Document { options, text: String::new(), tree: None, memo: Memo::default(), blocks };
        document.read(bytes);
        document
    }

    /// Reads the source as it is now, whatever was done to it.
    pub fn update(&mut self, bytes: &[u8]) {
        if self.tree.is_none() || self.text.as_bytes() != bytes {
            self.read(bytes);
        }
    }

    /// The analysis.
    #[must_use]
    pub fn blocks(&self) -> &FileBlocks {
        &self.blocks
    }

    fn read(&mut self, bytes: &[u8]) {
        // The tree before must outlive the walk: only then do equal node identities mean equal nodes.
        let before = self.tree.take();
        let memo = std::mem::take(&mut self.memo);
        let text = match decoded(bytes) {
            Ok(text) => text,
            Err(unknown) => {
                self.blocks = *unknown;
                return;
            }
        };
        let edited = before.as_ref().map(|tree| edited(tree, &self.text, &text));
        let tree = match python::parse(&text, edited.as_ref()) {
            // Recovery from an error may depend on what was there before.
            Some(tree) if edited.is_some() && tree.root_node().has_error() => python::parse(&text, None),
            tree => tree,
        };
        let Some(tree) = tree else {
            self.blocks = python::unparsed();
            return;
        };
        let texts = std::mem::take(&mut self.blocks.names);
        let memo = if before.is_some() { memo } else { Memo::default() };
        (self.blocks, self.memo) = python::walk_again(&text, &tree, &self.options, memo, &texts);
        self.tree = (!tree.root_node().has_error()).then_some(tree);
        self.text = text.into_owned();
    }
}

/// The tree of `before` with its places moved as the change to `after` moved them.
fn edited(tree: &Tree, before: &str, after: &str) -> Tree {
    let same = |a: &mut dyn Iterator<Item = (u8, u8)>| a.take_while(|(x, y)| x == y).count();
    let mut start = same(&mut before.bytes().zip(after.bytes()));
    while !before.is_char_boundary(start) || !after.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = same(
        &mut before.as_bytes()[start..].iter().rev().copied().zip(after.as_bytes()[start..].iter().rev().copied()),
    );
    while !before.is_char_boundary(before.len() - end) || !after.is_char_boundary(after.len() - end) {
        end -= 1;
    }
    let mut tree = tree.clone();
    tree.edit(&InputEdit {
        start_byte: start,
        old_end_byte: before.len() - end,
        new_end_byte: after.len() - end,
        start_position: point(before, start),
        old_end_position: point(before, before.len() - end),
        new_end_position: point(after, after.len() - end),
    });
    tree
}

fn point(text: &str, byte: usize) -> Point {
    let before = &text.as_bytes()[..byte];
    let row = before.iter().filter(|&&b| b == b'\n').count();
    let column = byte - before.iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1);
    Point { row, column }
}
