//! Analyses as bytes that outlive a process: a version, then postcard.

use super::FileBlocks;
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
    /// Whether every number in it points at something.
    fn is_consistent(&self) -> bool {
        let block = |b: u32| (b as usize) < self.blocks.len();
        let up = |(i, b): (usize, &super::Block)| {
            b.parent as usize <= i && b.root as usize <= i && (i == 0 || (b.parent as usize) < i)
        };
        !self.blocks.is_empty()
            && self.blocks.iter().enumerate().all(up)
            && self.definitions.iter().all(|d| block(d.scope) && d.block.is_none_or(block))
    }
}
