//! A source file as a tree of blocks, its import-time definitions, and the names that each mentions.
//!
//! Analysis does not fail: bad input gives what could be read plus diagnostics.

mod codec;
#[cfg(feature = "parse")]
mod document;
#[cfg(feature = "go")]
mod go;
#[cfg(feature = "parse")]
mod item;
#[cfg(feature = "parse")]
mod names;
#[cfg(feature = "parse")]
mod python;

pub use codec::{CodecError, decode, encode};
#[cfg(feature = "parse")]
pub use document::Document;

#[cfg(feature = "parse")]
use crate::source::Language;
use crate::source::Lines;
use serde::{Deserialize, Serialize};

/// Index into [`FileBlocks::names`].
pub type Name = u32;

/// What the analysis of one file found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileBlocks {
    /// Blocks in order of their first line; `blocks[0]` is the module. Parents precede children.
    pub blocks: Vec<Block>,
    /// Import-time statements in source order.
    pub definitions: Vec<Definition>,
    /// Strings that [`Name`] indexes: identifiers and dotted module paths.
    pub names: Vec<String>,
    /// What `__all__` lists, where it is written as literals.
    pub exports: Option<Vec<Name>>,
    /// Which statements run where; needed to read coverage, not kept in the database.
    #[serde(skip)]
    pub owners: Vec<Owner>,
    /// What could not be read. Not empty means: parts of the file are unknown, and unknown means affected.
    pub diagnostics: Vec<Diagnostic>,
}

/// A unit of code that is executed or not: a module, class or function body, or a branch suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Qualified name inside the file, branches below it: `Class.method/if[0].else/for[1]`.
    pub id: String,
    /// What kind of block.
    pub kind: BlockKind,
    /// The block it stands in; the module is its own parent.
    pub parent: u32,
    /// The module, class or function whose code object runs this block (itself unless a branch).
    pub root: u32,
    /// From the first decorator or line of the suite to its last line.
    pub lines: Lines,
    /// CRC32 of the canonical form of its own statements.
    pub checksum: u32,
    /// Names that its code mentions, sorted.
    pub mentions: Vec<Mention>,
    /// True where the suite is nothing but `pass`, `continue`, `break` or a constant: interpreters may
    /// optimise such lines away, so the block counts as executed whenever its parent is.
    pub trivial: bool,
    /// True for a function or class under a decorator that is not known to keep the body's behaviour.
    pub opaque: bool,
}

/// Kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// The file's own statements.
    Module,
    /// A class body.
    Class,
    /// A function body.
    Function,
    /// A suite that its statement may skip.
    Branch,
}

/// One import-time statement: what it binds and what it mentions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// The block it stands in (module, class, or a branch of one).
    pub scope: u32,
    /// What kind of statement.
    pub kind: DefinitionKind,
    /// For headers and annotations: the function or class block.
    pub block: Option<u32>,
    /// Names it binds in its scope, sorted.
    pub binds: Vec<Name>,
    /// Names it mentions, sorted.
    pub mentions: Vec<Mention>,
    /// CRC32 of its canonical form.
    pub checksum: u32,
    /// Where it stands.
    pub lines: Lines,
    /// Whether a failing import inside is caught (`try: … except ImportError:`).
    pub guarded: bool,
    /// Whether evaluating it may change more than the names it binds.
    pub effect: bool,
    /// Whether it changes the class around it, not only the attribute it binds.
    pub spreads: bool,
    /// The sort of value that it assigns, as far as its syntax shows; equal for values of one sort, 0 if it assigns none.
    pub sort: u32,
    /// Whether it does more with the values that it mentions than to pass them on: one of another sort may let it raise.
    pub operates: bool,
}

/// Kinds of definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DefinitionKind {
    /// `import`, `from … import`.
    Import,
    /// `from … import *`.
    Star,
    /// Assignment, `del`, type alias, bare annotation in a class.
    Binding,
    /// Decorators and defaults of a function; decorators, bases and keywords of a class.
    Header,
    /// Annotations of a function's signature.
    Annotation,
    /// The test, subject or handler types of a compound statement.
    Guard,
    /// Any other statement.
    Effect,
}

/// A name that code mentions, as far as one file can resolve it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Mention {
    /// A global (or builtin) name of the file itself.
    Global(Name),
    /// An attribute of a base that this file does not know.
    Attribute(Name),
    /// `name` of the module or object that `base` names (a dotted reference, relative ones with their dots).
    Member {
        /// Dotted reference as imported, `.core` or `pkg.core`.
        base: Name,
        /// The attribute.
        name: Name,
    },
    /// A string constant that could be a name.
    Text(Name),
    /// An attribute whose name is computed: it starts and ends with these texts.
    Computed {
        /// Dotted reference of the object asked, the empty string if unknown, [`ANY_MODULE`] where a module is imported by a computed name.
        base: Name,
        /// Known start, may be the empty string.
        prefix: Name,
        /// Known end, may be the empty string.
        suffix: Name,
    },
}

/// Lines that a block's own statement covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The statement's own lines, without nested blocks.
    pub lines: Lines,
    /// The block it belongs to.
    pub block: u32,
    /// The definition it is, if any.
    pub definition: Option<u32>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where.
    pub lines: Lines,
    /// What, in words.
    pub message: String,
}

/// How to analyse.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Count docstrings as code (they are ignored by default).
    pub docstrings: bool,
    /// Decorators known to keep a function's behaviour to its name, beside the built-in list;
    /// dotted names as written (`mylib.cached`) or their last part.
    pub pure_decorators: Vec<String>,
}

/// Larger sources are not analysed: their syntax tree takes up to a hundred times their size in memory.
#[cfg(feature = "parse")]
const MOST_BYTES: usize = 8 << 20;

/// The analysis of source bytes. A file of more than 8 MiB is unknown as a whole, and so is one of a language that this
/// build does not read.
#[cfg(feature = "parse")]
#[must_use]
pub fn analyse(language: Language, bytes: &[u8], options: &Options) -> FileBlocks {
    match language {
        Language::Python => analyse_python(bytes, options),
        #[cfg(feature = "go")]
        Language::Go => {
            decoded(bytes, crate::source::decode_go).map_or_else(|unknown| *unknown, |text| go::analyse(&text))
        }
        #[cfg(not(feature = "go"))]
        Language::Go => FileBlocks::unknown(Lines { start: 1, end: 1 }, "this build does not read Go".to_owned()),
    }
}

/// The analysis of Python source bytes, as [`analyse`] gives it.
#[cfg(feature = "parse")]
#[must_use]
pub fn analyse_python(bytes: &[u8], options: &Options) -> FileBlocks {
    match decoded(bytes, crate::source::decode_python) {
        Ok(text) => python::analyse(&text, options),
        Err(unknown) => *unknown,
    }
}

/// The text of a source, or what stands for one that cannot be read.
#[cfg(feature = "parse")]
fn decoded<'s>(
    bytes: &'s [u8],
    decode: impl FnOnce(&'s [u8]) -> Result<std::borrow::Cow<'s, str>, String>,
) -> Result<std::borrow::Cow<'s, str>, Box<FileBlocks>> {
    let decoded = match bytes.len() {
        0..=MOST_BYTES => decode(bytes),
        size => Err(format!("{} MiB of source, which is too much to analyse", size >> 20)),
    };
    decoded.map_err(|message| {
        let last = u32::try_from(bytes.iter().filter(|&&b| b == b'\n').count()).unwrap_or(u32::MAX);
        Box::new(FileBlocks::unknown(Lines { start: 1, end: last.saturating_add(1) }, message))
    })
}

impl Mention {
    /// The same with other numbers for its names.
    #[must_use]
    pub fn renamed(self, name: impl Fn(Name) -> Name) -> Self {
        match self {
            Mention::Global(n) => Mention::Global(name(n)),
            Mention::Attribute(n) => Mention::Attribute(name(n)),
            Mention::Text(n) => Mention::Text(name(n)),
            Mention::Member { base, name: n } => Mention::Member { base: name(base), name: name(n) },
            Mention::Computed { base, prefix, suffix } => {
                Mention::Computed { base: name(base), prefix: name(prefix), suffix: name(suffix) }
            }
        }
    }
}

impl FileBlocks {
    /// A file of which nothing is known but that it exists.
    #[must_use]
    pub fn unknown(lines: Lines, message: String) -> Self {
        let mut file = FileBlocks { diagnostics: vec![Diagnostic { lines, message }], ..Self::default() };
        file.push_block(0, MODULE_ID.to_owned(), BlockKind::Module, lines);
        file
    }

    /// Adds a block that stands in `parent`, of which nothing else is known yet; the module comes first.
    fn push_block(&mut self, parent: u32, id: String, kind: BlockKind, lines: Lines) -> u32 {
        let index = self.blocks.len() as u32;
        let root = if kind == BlockKind::Branch { self.blocks[parent as usize].root } else { index };
        let parent = if index == 0 { 0 } else { parent };
        let (checksum, mentions) = (0, Vec::new());
        self.blocks.push(Block { id, kind, parent, root, lines, checksum, mentions, trivial: false, opaque: false });
        index
    }

    /// Adds a definition that stands in `scope`, of which nothing else is known yet.
    #[cfg(feature = "parse")]
    fn push_definition(&mut self, scope: u32, kind: DefinitionKind, lines: Lines) -> u32 {
        let index = self.definitions.len() as u32;
        self.definitions.push(Definition {
            scope,
            kind,
            block: None,
            binds: Vec::new(),
            mentions: Vec::new(),
            checksum: 0,
            lines,
            guarded: false,
            effect: kind == DefinitionKind::Effect,
            spreads: false,
            sort: 0,
            operates: false,
        });
        index
    }

    /// A file without statements.
    #[must_use]
    pub fn default_module() -> Self {
        FileBlocks { diagnostics: Vec::new(), ..Self::unknown(Lines { start: 1, end: 1 }, String::new()) }
    }

    /// The text of a name.
    #[must_use]
    pub fn name(&self, name: Name) -> &str {
        self.names.get(name as usize).map_or("", String::as_str)
    }

    /// The block with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u32> {
        self.blocks.iter().position(|b| b.id == id).and_then(|i| u32::try_from(i).ok())
    }

    /// Whether a block runs while its file is imported (module, its classes, and their branches).
    #[must_use]
    pub fn is_import_time(&self, mut block: u32) -> bool {
        loop {
            let b = &self.blocks[self.blocks[block as usize].root as usize];
            match b.kind {
                BlockKind::Module => return true,
                BlockKind::Class => block = b.parent,
                BlockKind::Function | BlockKind::Branch => return false,
            }
        }
    }

    /// Whether the file uses computed attribute names or star imports: then names that it never spells concern it.
    #[must_use]
    pub fn reaches_beyond_names(&self) -> bool {
        self.definitions.iter().any(|d| d.kind == DefinitionKind::Star)
            || self
                .blocks
                .iter()
                .map(|b| &b.mentions)
                .chain(self.definitions.iter().map(|d| &d.mentions))
                .flatten()
                .any(|m| matches!(m, Mention::Computed { .. }))
    }

    /// Qualified name of the innermost class around `block` (itself included), if any.
    #[must_use]
    pub fn class_of(&self, block: u32) -> Option<&str> {
        let root = &self.blocks[self.blocks[block as usize].root as usize];
        (root.kind == BlockKind::Class).then_some(root.id.as_str())
    }
}

/// Base of a [`Mention::Computed`] that may denote any module.
pub const ANY_MODULE: &str = "*";
/// Base of a [`Mention::Computed`] that is the file's own module (`globals()`, `eval`).
pub const OWN_MODULE: &str = ".";

/// Id of the module block.
pub const MODULE_ID: &str = "<module>";
