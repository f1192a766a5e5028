//! A source under edit: after each change only what it touched is read again.

use super::python::{self, Reading};
use super::{FileBlocks, Options, decoded};

/// A Python source that changes, with its analysis: for editors and resident sessions.
///
/// After [`Document::update`] the analysis is the same as [`super::analyse_python`]'s. Where neither the version before
/// nor this one has errors, only the statements that differ are parsed and read, those of a class by themselves.
#[derive(Debug)]
pub struct Document {
    options: Options,
    blocks: FileBlocks,
    /// The last version without errors.
    reading: Option<Reading>,
}

impl Document {
    /// Reads a source.
    #[must_use]
    pub fn new(bytes: &[u8], options: Options) -> Self {
        let mut document = Document { options, blocks: FileBlocks::default(), reading: None };
        document.update(bytes);
        document
    }

    /// Reads the source as it is now, whatever was done to it.
    pub fn update(&mut self, bytes: &[u8]) {
        self.blocks = match decoded(bytes, crate::source::decode_python) {
            Ok(text) => python::analyse_again(&text, &self.options, &mut self.reading),
            Err(unknown) => *unknown,
        };
    }

    /// The analysis.
    #[must_use]
    pub fn blocks(&self) -> &FileBlocks {
        &self.blocks
    }
}
