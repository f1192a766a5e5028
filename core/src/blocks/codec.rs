//! Analyses as bytes that outlive a process: a version, then postcard.

use super::{BlockKind, FileBlocks, Mention, Name};
use crate::fingerprint::VERSION;

/// Why an analysis cannot be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Made by another version of the analysis; its checksums mean something else.
    #[error(
        "the survey was made with analysis version {found}, this release has {VERSION}: run `lightspeed init --force`"
    )]
    Version {
        /// The version found.
        found: u32,
    },
    /// Not an analysis.
    #[error("a stored analysis is damaged: run `lightspeed init --force`")]
    Damaged,
}

/// Writes an analysis. What only reading coverage needs ([`FileBlocks::owners`]) is left out.
#[must_use]
pub fn encode(blocks: &FileBlocks) -> Vec<u8> {
    let mut bytes = VERSION.to_le_bytes().to_vec();
    // Writing to memory cannot fail; an empty body is refused by `decode`.
    bytes.extend(postcard::to_allocvec(blocks).unwrap_or_default());
    bytes
}

/// Reads an analysis back.
///
/// # Errors
/// Another version, or bytes that are no analysis.
pub fn decode(bytes: &[u8]) -> Result<FileBlocks, CodecError> {
    let (version, body) = bytes.split_first_chunk::<4>().ok_or(CodecError::Damaged)?;
    let found = u32::from_le_bytes(*version);
    if found != VERSION {
        return Err(CodecError::Version { found });
    }
    let blocks: FileBlocks = postcard::from_bytes(body).map_err(|_| CodecError::Damaged)?;
    if blocks.is_consistent() { Ok(blocks) } else { Err(CodecError::Damaged) }
}

impl FileBlocks {
    /// Whether every number in it points at something, and every way up ends at the module.
    fn is_consistent(&self) -> bool {
        let block = |b: u32| (b as usize) < self.blocks.len();
        let up = |(i, b): (usize, &super::Block)| {
            let root = self.blocks.get(b.root as usize).map(|root| root.root);
            b.root as usize <= i && root == Some(b.root) && (i == 0 || (b.parent as usize) < i)
        };
        self.blocks.first().is_some_and(|b| b.kind == BlockKind::Module && b.parent == 0)
            && self.blocks.iter().enumerate().all(up)
            && self.blocks.iter().all(|b| self.knows(&b.mentions))
            && self.exports.iter().flatten().all(|&n| self.has(n))
            && self.definitions.iter().all(|d| {
                block(d.scope)
                    && d.block.is_none_or(block)
                    && d.binds.iter().all(|&n| self.has(n))
                    && self.knows(&d.mentions)
            })
    }

    fn has(&self, name: Name) -> bool {
        (name as usize) < self.names.len()
    }

    fn knows(&self, mentions: &[Mention]) -> bool {
        mentions.iter().all(|mention| match *mention {
            Mention::Global(n) | Mention::Attribute(n) | Mention::Text(n) => self.has(n),
            Mention::Member { base, name } => self.has(base) && self.has(name),
            Mention::Computed { base, prefix, suffix } => self.has(base) && self.has(prefix) && self.has(suffix),
        })
    }
}
