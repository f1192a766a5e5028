//! Python by tree-sitter: the walk from the concrete syntax to blocks, definitions and mentions.

mod assignment;
mod attribute;
mod bits;
mod call;
mod compound;
mod comprehension;
mod cursor;
mod definition;
mod expression;
mod fragment;
mod import;
mod kind;
mod literal;
mod memo;
mod operator;
mod pattern;
mod reflection;
mod scope;
mod sort;
mod splice;
mod statement;
mod string;
mod subscript;
mod suite;
mod tag;
mod with;

use super::item::{Item, lines_of, numbered, sort_mentions};
use super::names::Names;
use super::{
    Block, BlockKind, Definition, DefinitionKind, Diagnostic, FileBlocks, MODULE_ID, Mention, Name, Options, Owner,
};
use crate::fingerprint::Canon;
use crate::source::Lines;
use crate::unicode::nfkc;
use cursor::Cursor;
use fragment::Step;
use kind::{Grammar, Kind, grammar, language};
use memo::Memo;
pub(super) use memo::{Reading, analyse_again};
use scope::{Binding, Scope, ScopeKind, Use};
use std::borrow::Cow;
use std::collections::BTreeMap;
use tree_sitter::{Node, Parser, Tree};

/// Nesting beyond which a statement counts as unknown instead of risking the stack. CPython's own limit on
/// nested parentheses is 200.
const MAX_DEPTH: u32 = 400;

/// Analyses decoded source text.
pub(super) fn analyse(text: &str, options: &Options) -> FileBlocks {
    match parse(text, &[]) {
        Some(tree) => walk(text, &tree, options),
        None => unparsed(),
    }
}

/// The syntax tree of a text, or of some ranges of it. `None` where the grammar could not be loaded.
fn parse(text: &str, ranges: &[tree_sitter::Range]) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&language()).ok()?;
    parser.set_included_ranges(ranges).ok()?;
    parser.parse(plain_types(text).as_ref(), None)
}

/// The text as the grammar is to read it, of the same length: with another name for `type` wherever that is called, indexed or asked
/// for an attribute. To the grammar `type(x).y = z` is an alias, as `type x = y` is one.
fn plain_types(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let is_name = |&(start, word): &(usize, &str)| {
        let alone = start == 0 || !is_part(&bytes[start - 1]);
        let next = bytes[start + word.len()..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        alone && matches!(next, Some(b'(' | b'[' | b'.'))
    };
    let mut plain = Cow::Borrowed(text);
    for (start, word) in text.match_indices("type").filter(is_name) {
        plain.to_mut().replace_range(start..start + word.len(), "typ_");
    }
    plain
}

/// What stands for a file without a tree.
fn unparsed() -> FileBlocks {
    FileBlocks::unknown(Lines { start: 1, end: 1 }, "the grammar could not be loaded".to_owned())
}

/// The analysis of a tree.
fn walk(text: &str, tree: &Tree, options: &Options) -> FileBlocks {
    let mut walker = Walker::new(text, grammar(), options);
    walker.module(&mut Cursor::new(tree, walker.grammar));
    walker.finish().0
}

/// State of the walk over one file.
struct Walker<'s> {
    text: &'s str,
    grammar: &'static Grammar,
    options: &'s Options,
    names: Names,
    scopes: Vec<Scope>,
    /// Closed scopes, whose memory the next ones take.
    spare_scopes: Vec<Scope>,
    out: FileBlocks,
    /// The form under construction.
    canon: Canon,
    /// Whom mentions belong to now.
    item: Item,
    /// The block that statements belong to now.
    block: u32,
    /// Names bound by the definition under construction.
    binds: Vec<Name>,
    /// The definition under construction reaches further than the names it binds.
    effect: bool,
    /// The definition under construction changes the class around it.
    spreads: bool,
    /// The definition under construction computes with the values that it mentions.
    operates: bool,
    /// The statement under construction assigns `__all__`: its strings are exports, not mentions.
    exporting: bool,
    /// Where annotations of a signature go.
    annotation: Option<u32>,
    /// Inside `try: … except ImportError:` (or wider).
    guarded: bool,
    /// The class around is one whose statements reach further than their names (metaclass, Enum).
    class_effect: bool,
    /// How often each id was given.
    ids: BTreeMap<String, u32>,
    /// How many compound statements of a kind a block has.
    ordinals: BTreeMap<(u32, &'static str), u32>,
    /// Emptied and taken by the string literal that is being read.
    string_buffer: Vec<u8>,
    /// Start of the expression whose star is already written (see [`Walker::is_starred_chain`]).
    hoisted: Option<usize>,
    /// The `as` of the item of a `with` that the grammar hangs too deep (see [`Walker::leaning_alias`]).
    leaning: Option<usize>,
    depth: u32,
    has_error: bool,
    memo: Option<Memo>,
}

impl<'s> Walker<'s> {
    fn new(text: &'s str, grammar: &'static Grammar, options: &'s Options) -> Self {
        Walker {
            text,
            grammar,
            options,
            names: Names::new(),
            scopes: vec![Scope::new(ScopeKind::Module)],
            spare_scopes: Vec::new(),
            out: FileBlocks::default(),
            canon: Canon::default(),
            item: Item::Block(0),
            block: 0,
            binds: Vec::new(),
            effect: false,
            spreads: false,
            operates: false,
            exporting: false,
            annotation: None,
            guarded: false,
            class_effect: false,
            ids: BTreeMap::new(),
            ordinals: BTreeMap::new(),
            string_buffer: Vec::new(),
            hoisted: None,
            leaning: None,
            depth: 0,
            has_error: false,
            memo: None,
        }
    }

    fn module(&mut self, c: &mut Cursor<'_>) {
        let root = c.node();
        self.has_error = root.has_error();
        let end = (root.end_position().row + usize::from(!self.text.ends_with('\n'))) as u32;
        self.push_block(MODULE_ID.to_owned(), BlockKind::Module, Lines { start: 1, end });
        if c.kind() == Kind::Error {
            self.unknown(root, "a syntax error");
        }
        self.out.blocks[0].checksum = self.checksum_of(|w| {
            w.suite(c, true);
        });
    }

    /// The analysis; where statements were remembered, these and the names that they go by.
    fn finish(mut self) -> (FileBlocks, Option<(Memo, Names)>) {
        if let Some(scope) = self.scopes.pop() {
            scope::close(&scope, &mut [], &mut self.names, &mut self.out);
        }
        let (texts, numbers) = self.names.in_order_of_use();
        if let Some(numbers) = numbers {
            renumber(&mut self.out, |name| numbers[name as usize]);
        }
        sort_mentions(&mut self.out);
        if self.has_error && self.out.diagnostics.is_empty() {
            self.out.diagnostics.push(Diagnostic { lines: self.out.blocks[0].lines, message: "a syntax error".into() });
        }
        self.out.names = texts;
        fold_order(&mut self.out);
        (self.out, self.memo.map(|memo| (memo, self.names)))
    }

    /// Adds a block below the current one and returns its index.
    fn push_block(&mut self, id: String, kind: BlockKind, lines: Lines) -> u32 {
        self.out.push_block(self.block, id, kind, lines)
    }

    /// `id`, or `id#2` and so on for the second of that name.
    fn unique(&mut self, id: String) -> String {
        numbered(&mut self.ids, id)
    }

    /// Ordinal of the next `kind` statement of the current block.
    fn ordinal(&mut self, kind: &'static str) -> u32 {
        let count = self.ordinals.entry((self.block, kind)).or_insert(0);
        *count += 1;
        *count - 1
    }

    /// Whether statements here are definitions: a module, a class, or a branch of one, run by the import.
    fn import_time(&self) -> bool {
        self.out.is_import_time(self.block)
    }

    /// The id that names nested functions and classes hang on: the root's, or nothing for the module.
    fn qualified(&self, name: &str) -> String {
        let root = &self.out.blocks[self.out.blocks[self.block as usize].root as usize];
        if root.kind == BlockKind::Module { name.to_owned() } else { format!("{}.{name}", root.id) }
    }

    /// Runs `f`, which writes at the end of `form` instead of the form under construction.
    fn writing_to(&mut self, form: &mut Canon, f: impl FnOnce(&mut Self)) {
        std::mem::swap(&mut self.canon, form);
        f(self);
        std::mem::swap(&mut self.canon, form);
    }

    /// The checksum of what `f` writes, none of which goes into the form around.
    fn checksum_of(&mut self, f: impl FnOnce(&mut Self)) -> u32 {
        let start = self.canon.len();
        f(self);
        let checksum = self.canon.checksum_from(start);
        self.canon.truncate(start);
        checksum
    }

    fn with_item(&mut self, item: Item, f: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.item, item);
        f(self);
        self.item = outer;
    }

    /// Reserves a definition in the current block; its fields are set by [`Walker::define`].
    fn reserve_definition(&mut self, kind: DefinitionKind, lines: Lines) -> u32 {
        let index = self.out.push_definition(self.block, kind, lines);
        let definition = &mut self.out.definitions[index as usize];
        definition.guarded = self.guarded;
        definition.effect |= self.class_effect;
        index
    }

    /// Runs `f` as the body of a definition: its form, mentions and bindings go there, its checksum to the block.
    fn define(&mut self, kind: DefinitionKind, lines: Lines, f: impl FnOnce(&mut Self)) -> u32 {
        let index = self.reserve_definition(kind, lines);
        let outer_binds = std::mem::take(&mut self.binds);
        (self.effect, self.spreads, self.operates) = (false, false, false);
        let start = self.canon.len();
        self.with_item(Item::Definition(index), f);
        let mut binds = std::mem::replace(&mut self.binds, outer_binds);
        binds.sort_unstable();
        binds.dedup();
        let definition = &mut self.out.definitions[index as usize];
        definition.binds = binds;
        definition.checksum = self.canon.checksum_from(start);
        definition.effect |= self.effect;
        definition.spreads |= self.spreads;
        definition.operates |= self.operates;
        self.own(lines, Some(index));
        index
    }

    /// Notes that the current block's own code covers `lines`.
    fn own(&mut self, lines: Lines, definition: Option<u32>) {
        self.out.owners.push(Owner { lines, block: self.block, definition });
    }

    fn kind_of(&self, node: Node<'_>) -> Kind {
        self.grammar.kind_of(node)
    }

    fn node_text(&self, node: Node<'_>) -> &'s str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// Whether a `for` or `with` begins with `async`.
    fn is_async(&self, node: Node<'_>) -> bool {
        self.node_text(node).starts_with("async")
    }

    /// Visits the children that matter: no comments, no continuation marks.
    fn each(&mut self, c: &mut Cursor<'_>, mut f: impl FnMut(&mut Self, &mut Cursor<'_>, Kind)) {
        c.each(|c| {
            let kind = c.kind();
            f(self, c, kind);
        });
    }

    /// Runs `f` one level deeper; too deep, and the node is unknown.
    fn nested(&mut self, c: &mut Cursor<'_>, f: impl FnOnce(&mut Self, &mut Cursor<'_>)) {
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
        if self.out.diagnostics.last().is_none_or(|d| d.lines != lines) {
            self.out.diagnostics.push(Diagnostic { lines, message: what.to_owned() });
        }
    }

    fn scope(&mut self) -> Option<&mut Scope> {
        self.scopes.last_mut()
    }

    fn push_scope(&mut self, kind: ScopeKind) {
        let mut scope = self.spare_scopes.pop().unwrap_or_else(|| Scope::new(kind));
        scope.reuse(kind);
        self.scopes.push(scope);
    }

    fn pop_scope(&mut self) {
        if let Some(scope) = self.scopes.pop() {
            scope::close(&scope, &mut self.scopes, &mut self.names, &mut self.out);
            self.spare_scopes.push(scope);
        }
    }

    fn use_name(&mut self, used: Use) {
        let item = self.item;
        if let Some(scope) = self.scope() {
            scope.uses.push((item, used));
        }
    }

    fn mention(&mut self, mention: Mention) {
        self.item.mentions(mention, &mut self.out);
    }

    /// Binds a name in the innermost scope that statements bind in.
    fn bind(&mut self, name: Name, binding: Binding) {
        if let Some(innermost) = self.scopes.len().checked_sub(1) {
            self.bind_in(innermost, name, binding);
        }
    }

    fn bind_in(&mut self, at: usize, name: Name, binding: Binding) {
        let scope = &mut self.scopes[at];
        scope.bind(name, binding);
        if matches!(scope.kind, ScopeKind::Module | ScopeKind::Class) {
            self.binds.push(name);
            self.note(at, name, Step::Bound(binding));
        }
    }

    /// Interned text of an identifier node; non-ASCII names by NFKC, as Python compares them.
    fn identifier(&mut self, node: Node<'_>) -> Name {
        let text = self.node_text(node);
        if text.is_ascii() {
            return self.names.intern(text);
        }
        self.names.intern(&nfkc(text))
    }

    fn emit_name(&mut self, tag: u8, name: Name) {
        let text = self.names.text(name);
        self.canon.text(tag, text.as_bytes());
    }
}

/// Gives every name of a file another number.
fn renumber(file: &mut FileBlocks, number: impl Fn(Name) -> Name) {
    let blocks = file.blocks.iter_mut().map(|b| &mut b.mentions);
    for mentions in blocks.chain(file.definitions.iter_mut().map(|d| &mut d.mentions)) {
        mentions.iter_mut().for_each(|mention| *mention = mention.renamed(&number));
    }
    for definition in &mut file.definitions {
        definition.binds.iter_mut().for_each(|name| *name = number(*name));
        definition.binds.sort_unstable();
    }
    file.exports.iter_mut().flatten().for_each(|name| *name = number(*name));
}

/// Makes the order of statements count where it can matter: a definition that mentions a name its scope binds
/// carries which of those bindings, and how many, came before it.
fn fold_order(file: &mut FileBlocks) {
    let names = &file.names;
    let mut bound: BTreeMap<(u32, Name), u32> = BTreeMap::new();
    for definition in &mut file.definitions {
        let root = file.blocks[definition.scope as usize].root;
        // By text: the order of interned names is that of first use, which moves with unrelated code.
        let mut before: Vec<(&str, u32)> = Vec::new();
        for mention in &definition.mentions {
            if let Mention::Global(name) = *mention
                && let Some(&count) = bound.get(&(root, name)).filter(|&&count| count > 0)
                && definition.kind != DefinitionKind::Annotation
            {
                before.push((&names[name as usize], count));
            }
        }
        if !before.is_empty() {
            before.sort_unstable();
            let mut hash = crate::checksum::Hasher::new();
            hash.update(&definition.checksum.to_le_bytes());
            for (name, count) in before {
                hash.update(&(name.len() as u32).to_le_bytes());
                hash.update(name.as_bytes());
                hash.update(&count.to_le_bytes());
            }
            definition.checksum = hash.finalize();
        }
        if definition.kind != DefinitionKind::Annotation {
            for &name in &definition.binds {
                *bound.entry((root, name)).or_insert(0) += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests;
