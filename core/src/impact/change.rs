//! A file as it is now.

use crate::blocks::FileBlocks;
use crate::source::BlobId;

/// A file as it is now.
#[derive(Clone, Debug)]
pub struct Change {
    /// '/'-separated, relative to the source root.
    pub path: String,
    /// What became of it.
    pub after: After,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub enum After {
    /// It is gone (or renamed away).
    Deleted,
    /// It is source that was analysed.
    Source(BlobId, FileBlocks),
    /// It is compared as a whole.
    Whole(BlobId),
}
