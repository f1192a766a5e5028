//! What became of a file.

use crate::blocks::{FileBlocks, analyse};
use crate::impact::{After, Change, FileKind, Index};
use crate::source::{BlobId, Language, blob_id, is_source};

/// What became of the file at `path`, relative to the source root, whose content is `bytes` now; `None` says that it is gone.
/// Answers `None` where nothing changed.
#[must_use]
pub fn change(index: &Index, path: &str, bytes: Option<&[u8]>) -> Option<Change> {
    change_by(index, path, bytes, |bytes| {
        analyse(Language::of(path).unwrap_or(Language::Python), bytes, &index.options)
    })
}

/// As [`change`], for those who analyse source in their own way, with the index's options.
#[must_use]
pub fn change_by(
    index: &Index,
    path: &str,
    bytes: Option<&[u8]>,
    analyse: impl FnOnce(&[u8]) -> FileBlocks,
) -> Option<Change> {
    let known = index.file(path).map(|number| &index.files[number as usize]);
    let after = match bytes {
        None => {
            known?;
            After::Deleted
        }
        Some(bytes) => {
            let blob = blob_id(bytes);
            if known.is_some_and(|known| known.blob == blob) {
                return None;
            }
            let source = is_source(path) && known.is_none_or(|known| known.kind == FileKind::Source);
            if source { After::Source(blob, analyse(bytes)) } else { After::Whole(blob) }
        }
    };
    Some(Change { path: path.to_owned(), after })
}

/// A file's content, how it is compared, and what it is made of.
pub(super) fn analysed(path: &str, bytes: &[u8], options: &crate::blocks::Options) -> (BlobId, FileKind, FileBlocks) {
    let blob = blob_id(bytes);
    if let Some(language) = Language::of(path).filter(|language| language.is_read()) {
        return (blob, FileKind::Source, analyse(language, bytes, options));
    }
    (blob, FileKind::Whole, FileBlocks::default_module())
}
