//! Go by tree-sitter: the walk from the concrete syntax to blocks, definitions and mentions.
//!
//! The form of a node is its kind and its children; what layout, grouping and spelling do not change is written
//! by hand. Names are resolved as they come: in Go a local name is declared before it is used.

mod declaration;
mod expression;
mod function;
mod import;
mod kind;
mod literal;
mod made;
mod scope;
mod signature;
mod statement;
mod tag;

use super::item::{Item, lines_of, numbered, sort_mentions};
use super::names::Names;
use super::{BlockKind, DefinitionKind, Diagnostic, FileBlocks, MODULE_ID, Mention, Name, Owner};
use crate::fingerprint::Canon;
use crate::source::Lines;
use kind::{Fields, Grammar, Kind, grammar, language};
use scope::Scopes;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use tree_sitter::{Node, Parser, TreeCursor};

/// Nesting beyond which an expression counts as unknown instead of risking the stack.
const MAX_DEPTH: u32 = 400;

/// Analyses source text.
pub(super) fn analyse(text: &str) -> FileBlocks {
    let mut parser = Parser::new();
    // The grammar wants a line's end after a declaration in parentheses, even at the end of the file.
    let ended = if text.ends_with('\n') { Cow::Borrowed(text) } else { Cow::Owned(format!("{text}\n")) };
    let tree = parser.set_language(&language()).ok().and_then(|()| parser.parse(ended.as_bytes(), None));
    let Some(mut tree) = tree else {
        return FileBlocks::unknown(Lines { start: 1, end: 1 }, "the grammar could not be loaded".to_owned());
    };
    if tree.root_node().has_error()
        && let Cow::Owned(plain) = made::plain_calls(&ended)
    {
        tree = parser.parse(plain, None).unwrap_or(tree);
    }
    let mut walker = Walker::new(text);
    walker.file(&mut tree.walk());
    walker.finish()
}

/// State of the walk over one file.
struct Walker<'s> {
    text: &'s str,
    grammar: &'static Grammar,
    names: Names,
    scopes: Scopes,
    /// Names of parameters of the signature under construction.
    parameters: Vec<Name>,
    /// Paths of imports by the names that they go by here; two paths of one name cannot be told apart.
    imports: BTreeMap<Name, Vec<Name>>,
    out: FileBlocks,
    /// The form under construction.
    canon: Canon,
    /// Whom mentions belong to now.
    item: Item,
    /// The block that statements belong to now.
    block: u32,
    /// Parts of the open blocks that belong to blocks below them, innermost last.
    gaps: Vec<Vec<Lines>>,
    /// Blocks of types, which hold their methods.
    classes: BTreeMap<String, u32>,
    /// How often each id was given.
    ids: BTreeMap<String, u32>,
    /// How many statements of a kind a block has.
    ordinals: BTreeMap<(u32, &'static str), u32>,
    /// The comments since the last declaration.
    comments: Vec<&'s str>,
    /// The form is what other code sees of a signature: without names of parameters, without mentions.
    outline: bool,
    /// What the constant under construction counts by `iota`.
    counts: bool,
    /// Functions of the module that the variable under construction calls.
    calls: Vec<String>,
    /// The variable under construction, and how many function literals its value has so far.
    variable: (String, u32),
    /// Variables and what their values call: functions, or types that the file declares.
    initialised: Vec<(u32, Vec<String>)>,
    /// The types of the file.
    types: BTreeSet<String>,
    /// How many variables were initialised by calling a function.
    called: BTreeMap<String, u32>,
    depth: u32,
}

impl<'s> Walker<'s> {
    fn new(text: &'s str) -> Self {
        Walker {
            text,
            grammar: grammar(),
            names: Names::new(),
            scopes: Scopes::default(),
            parameters: Vec::new(),
            imports: BTreeMap::new(),
            out: FileBlocks::default(),
            canon: Canon::default(),
            item: Item::Block(0),
            block: 0,
            gaps: Vec::new(),
            classes: BTreeMap::new(),
            ids: BTreeMap::new(),
            ordinals: BTreeMap::new(),
            comments: Vec::new(),
            outline: false,
            counts: false,
            calls: Vec::new(),
            variable: (String::new(), 0),
            initialised: Vec::new(),
            types: BTreeSet::new(),
            called: BTreeMap::new(),
            depth: 0,
        }
    }

    fn finish(mut self) -> FileBlocks {
        sort_mentions(&mut self.out);
        (self.out.names, _) = self.names.in_order_of_use();
        self.out
    }

    fn fields(&self) -> &'static Fields {
        &self.grammar.fields
    }

    fn kind_of(&self, node: Node<'_>) -> Kind {
        self.grammar.kind_of(node)
    }

    fn node_text(&self, node: Node<'_>) -> &'s str {
        // The tree may be of a text with one more line end.
        let range = node.byte_range();
        self.text.get(range.start..range.end.min(self.text.len())).unwrap_or("")
    }

    /// The child in a field.
    fn child<'t>(&self, node: Node<'t>, field: u16) -> Option<Node<'t>> {
        node.child_by_field_id(field)
    }

    /// The first named child that is no comment.
    fn first<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut walk = node.walk();
        node.named_children(&mut walk).find(|child| self.kind_of(*child) != Kind::Comment)
    }

    /// An expression without the parentheses around it.
    fn bare<'t>(&self, mut node: Node<'t>) -> Node<'t> {
        while self.kind_of(node) == Kind::Parenthesized
            && let Some(inner) = self.first(node)
        {
            node = inner;
        }
        node
    }

    /// The name that a node declares; none for a blank.
    fn local_name(&mut self, node: Node<'_>) -> Option<Name> {
        let text = self.node_text(node);
        (text != "_").then(|| self.names.intern(text))
    }

    /// The children in a field.
    fn children_in<'t>(&self, node: Node<'t>, field: u16) -> Vec<Node<'t>> {
        let mut walk = node.walk();
        match std::num::NonZeroU16::new(field) {
            Some(field) => node.children_by_field_id(field, &mut walk).collect(),
            None => Vec::new(),
        }
    }

    /// Visits the children, comments left out; `visit` leaves the cursor where it was.
    fn each<'t>(&mut self, c: &mut TreeCursor<'t>, mut visit: impl FnMut(&mut Self, &mut TreeCursor<'t>, Kind)) {
        if !c.goto_first_child() {
            return;
        }
        loop {
            let kind = self.kind_of(c.node());
            if kind != Kind::Comment {
                visit(self, c, kind);
            }
            if !c.goto_next_sibling() {
                break;
            }
        }
        c.goto_parent();
    }

    /// Adds a block below the current one.
    fn push_block(&mut self, id: String, kind: BlockKind, lines: Lines) -> u32 {
        self.out.push_block(self.block, id, kind, lines)
    }

    /// `id`, or `id#2` and so on for the second of that name.
    fn unique(&mut self, id: String) -> String {
        numbered(&mut self.ids, id)
    }

    /// The id of the next `kind` statement of the current block.
    fn branch_id(&mut self, kind: &'static str) -> String {
        let count = self.ordinals.entry((self.block, kind)).or_insert(0);
        *count += 1;
        format!("{}/{kind}[{}]", self.out.blocks[self.block as usize].id, *count - 1)
    }

    /// Runs `f`, which writes the form of `block`; its code covers `own` lines.
    fn within(&mut self, block: u32, own: Option<Lines>, f: impl FnOnce(&mut Self)) {
        let outer = (std::mem::replace(&mut self.block, block), std::mem::replace(&mut self.item, Item::Block(block)));
        self.gaps.push(Vec::new());
        let start = self.canon.len();
        f(self);
        self.out.blocks[block as usize].checksum = self.canon.checksum_from(start);
        self.canon.truncate(start);
        let gaps = self.gaps.pop().unwrap_or_default();
        self.own(own, &gaps);
        (self.block, self.item) = outer;
    }

    /// Notes that the current block's own code covers `lines` but for the gaps, which are in order.
    fn own(&mut self, lines: Option<Lines>, gaps: &[Lines]) {
        let Some(Lines { mut start, end }) = lines else { return };
        let past = Lines { start: end + 1, end: end + 1 };
        for gap in gaps.iter().chain([&past]) {
            if gap.start > start {
                let lines = Lines { start, end: gap.start - 1 };
                self.out.owners.push(Owner { lines, block: self.block, definition: None });
            }
            start = start.max(gap.end + 1);
        }
    }

    /// Adds a definition of the current block whose form, mentions and bindings are what `f` writes and returns.
    fn define(&mut self, kind: DefinitionKind, lines: Lines, f: impl FnOnce(&mut Self) -> Vec<Name>) -> u32 {
        let index = self.out.push_definition(self.block, kind, lines);
        let outer = std::mem::replace(&mut self.item, Item::Definition(index));
        let start = self.canon.len();
        let mut binds = f(self);
        binds.sort_unstable();
        binds.dedup();
        let definition = &mut self.out.definitions[index as usize];
        definition.binds = binds;
        definition.checksum = self.canon.checksum_from(start);
        self.canon.truncate(start);
        self.item = outer;
        index
    }

    fn mention(&mut self, mention: Mention) {
        if !self.outline {
            self.item.mentions(mention, &mut self.out);
        }
    }

    /// Runs `f` one level deeper; too deep, and the node is unknown.
    fn nested(&mut self, c: &mut TreeCursor<'_>, f: impl FnOnce(&mut Self, &mut TreeCursor<'_>)) {
        if self.depth >= MAX_DEPTH {
            self.unknown(c.node(), "nesting too deep to follow");
            return;
        }
        self.depth += 1;
        f(self, c);
        self.depth -= 1;
    }

    /// Records a node that cannot be read; its text stands for it.
    fn unknown(&mut self, node: Node<'_>, what: &str) {
        let lines = lines_of(node);
        let text = self.node_text(node);
        self.canon.text(tag::UNKNOWN, text.as_bytes());
        if self.out.diagnostics.last().is_none_or(|last| last.lines != lines) {
            self.out.diagnostics.push(Diagnostic { lines, message: what.to_owned() });
        }
    }
}

/// The field that the node is in its parent; 0 if none.
fn field_of(c: &TreeCursor<'_>) -> u16 {
    c.field_id().map_or(0, Into::into)
}

#[cfg(test)]
mod tests;
