//! What source files are made of (docs/schemas/blocks.json).

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::blocks::{Block, BlockKind, Definition, DefinitionKind, Diagnostic, FileBlocks};
use crate::source::{Lines, blob_id};

/// Name and version of the document.
pub const BLOCKS_SCHEMA: &str = "lightspeed.blocks/1";

/// The document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlocksReport {
    schema: Cow<'static, str>,
    /// Each file, in the order in which they were named.
    pub files: Vec<FileReport>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// The file, as it was named.
    pub path: String,
    /// The id that git gives its content.
    pub blob: String,
    /// In the order of their first lines; the first is the module.
    pub blocks: Vec<BlockReport>,
    /// Statements that run while the file is imported.
    pub definitions: Vec<DefinitionReport>,
    /// What could not be read.
    pub diagnostics: Vec<DiagnosticReport>,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockReport {
    /// Path of the file, `::`, identity inside the file.
    pub id: String,
    /// What kind of block.
    pub kind: BlockKind,
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, included.
    pub end_line: u32,
    /// CRC-32 of the canonical form, eight hex digits.
    pub checksum: String,
}

/// One import-time statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionReport {
    /// Id of the block that it stands in.
    pub scope: String,
    /// What kind of statement.
    pub kind: DefinitionKind,
    /// Names that it binds.
    pub binds: Vec<String>,
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, included.
    pub end_line: u32,
    /// CRC-32 of the canonical form, eight hex digits.
    pub checksum: String,
}

/// What could not be read; whatever depends on it counts as affected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosticReport {
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, included.
    pub end_line: u32,
    /// What is wrong.
    pub message: String,
}

impl BlocksReport {
    /// The document of these files.
    pub fn new(files: Vec<FileReport>) -> Self {
        Self { schema: Cow::Borrowed(BLOCKS_SCHEMA), files }
    }
}

impl FileReport {
    /// What was `found` in the file called `path`, whose content is `bytes`.
    pub fn new(path: &str, bytes: &[u8], found: &FileBlocks) -> Self {
        let id = |index: u32| {
            let inside = found.blocks.get(index as usize).map_or("", |block| &block.id);
            format!("{path}::{inside}")
        };
        let definition = |definition: &Definition| {
            let Lines { start: start_line, end: end_line } = definition.lines;
            DefinitionReport {
                scope: id(definition.scope),
                kind: definition.kind,
                binds: definition.binds.iter().map(|name| found.name(*name).to_owned()).collect(),
                start_line,
                end_line,
                checksum: hex(definition.checksum),
            }
        };
        let block = |(index, block): (u32, &Block)| {
            let Lines { start: start_line, end: end_line } = block.lines;
            BlockReport { id: id(index), kind: block.kind, start_line, end_line, checksum: hex(block.checksum) }
        };
        let diagnostic = |diagnostic: &Diagnostic| {
            let Lines { start: start_line, end: end_line } = diagnostic.lines;
            DiagnosticReport { start_line, end_line, message: diagnostic.message.clone() }
        };
        Self {
            path: path.to_owned(),
            blob: blob_id(bytes).to_string(),
            blocks: (0..).zip(&found.blocks).map(block).collect(),
            definitions: found.definitions.iter().map(definition).collect(),
            diagnostics: found.diagnostics.iter().map(diagnostic).collect(),
        }
    }
}

fn hex(checksum: u32) -> String {
    format!("{checksum:08x}")
}
