//! Putting a survey together.

use lightspeed_core::blocks::Options;
use lightspeed_core::coverage;
use lightspeed_core::impact::FileKind;
use lightspeed_core::survey;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::json::{read, write};
use crate::{Error, Index};

/// Takes source files and what each benchmark executed of them.
#[wasm_bindgen]
pub struct SurveyBuilder(survey::SurveyBuilder);

#[derive(Serialize)]
struct Located<'r> {
    known: usize,
    unknown: &'r [String],
}

#[wasm_bindgen]
impl SurveyBuilder {
    /// Nothing known yet. `options` says how files are analysed, as JSON.
    ///
    /// # Errors
    /// A text that is no options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self, Error> {
        let options: Options = read("the options", options)?;
        Ok(Self(survey::SurveyBuilder::new(options)))
    }

    /// Adds a file with its content. Returns `source` where it is followed by blocks, `whole` where as a whole.
    ///
    /// # Errors
    /// A path that is none below the source root, or was added before.
    pub fn add_file(&mut self, path: &str, bytes: &[u8]) -> Result<String, Error> {
        let kind = match self.0.add_file(path, bytes)? {
            FileKind::Source => "source",
            FileKind::Whole => "whole",
        };
        Ok(kind.to_owned())
    }

    /// Adds a benchmark by its id; returns its number.
    ///
    /// # Errors
    /// An id that is empty or was used before.
    pub fn add_benchmark(&mut self, id: &str) -> Result<u32, Error> {
        Ok(self.0.add_benchmark(id)?)
    }

    /// Says what a coverage report of a run of a benchmark says. Returns `{"known", "unknown"}`: how many of its files were added, and the
    /// paths of the others.
    ///
    /// # Errors
    /// A benchmark that was not added, a report that cannot be read.
    pub fn add_coverage(&mut self, benchmark: u32, report: &[u8]) -> Result<String, Error> {
        let located = self.0.covered(benchmark, &coverage::read(report)?)?;
        write("the files", &Located { known: located.known, unknown: &located.unknown })
    }

    /// Says that a benchmark executed these lines of a file, counted from 1.
    ///
    /// # Errors
    /// A benchmark or file that was not added.
    pub fn add_lines(&mut self, benchmark: u32, path: &str, lines: &[u32]) -> Result<(), Error> {
        Ok(self.0.executed(benchmark, path, lines)?)
    }

    /// Says that a benchmark depends on a file as a whole.
    ///
    /// # Errors
    /// A benchmark or file that was not added.
    pub fn depends_on(&mut self, benchmark: u32, path: &str) -> Result<(), Error> {
        Ok(self.0.depends_on(benchmark, path)?)
    }

    /// Says that a benchmark begins at a function of a test file.
    ///
    /// # Errors
    /// A benchmark or file that was not added, a file without such a function.
    pub fn begins_at(&mut self, benchmark: u32, path: &str, function: &str) -> Result<(), Error> {
        Ok(self.0.begins_at(benchmark, path, function)?)
    }

    /// Says that what is told of a benchmark cannot be relied on.
    ///
    /// # Errors
    /// A benchmark that was not added.
    pub fn doubt(&mut self, benchmark: u32, reason: &str) -> Result<(), Error> {
        Ok(self.0.doubt(benchmark, reason)?)
    }

    /// What is known so far, ready to be asked. More may be added afterwards, for another one.
    #[must_use]
    pub fn finish(&self) -> Index {
        Index::from(self.0.clone().finish())
    }
}
