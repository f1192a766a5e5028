//! A coverage report: which lines of which files ran, whatever tool says so.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::{cobertura, coverage_py, go, lcov, llvm};

/// Which lines ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Executed lines, counted from 1, by path as the tool wrote it; none where the tool says that none ran.
    pub files: BTreeMap<String, BTreeSet<u32>>,
}

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// lcov's tracefile (`SF:`, `DA:`), which gcov, coverage.py, llvm-cov and others write too.
    Lcov,
    /// Cobertura's XML.
    Cobertura,
    /// `coverage json`.
    CoveragePy,
    /// Go's cover profile (`mode: set`).
    GoCover,
    /// `llvm-cov export`.
    LlvmCov,
}

/// Why a report cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoverageError {
    /// Nothing known.
    #[error(
        "it is no coverage report that is known: LCOV, Cobertura XML, coverage.py JSON, a Go cover profile, llvm-cov JSON"
    )]
    Unknown,
    /// coverage.py's own database, which needs SQLite.
    #[error("it is coverage.py's own database: open it as such, or run `coverage json`")]
    Database,
    /// Not text.
    #[error("it is not UTF-8 at byte {0}")]
    NotText(usize),
    /// A line that the format does not know.
    #[error("line {line} is not {format}: {text}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// The format's name.
        format: &'static str,
        /// The line, or its beginning.
        text: String,
    },
    /// A document that is broken, or is not what its beginning says.
    #[error("it is not {format}: {problem}")]
    Document {
        /// The format's name.
        format: &'static str,
        /// What is wrong.
        problem: String,
    },
}

impl CoverageError {
    /// Its name in other languages: that of the variant.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "Unknown",
            Self::Database => "Database",
            Self::NotText(_) => "NotText",
            Self::Line { .. } => "Line",
            Self::Document { .. } => "Document",
        }
    }
}

/// The format of a report, as far as its beginning tells.
#[must_use]
pub fn format_of(bytes: &[u8]) -> Option<Format> {
    format(text_of(bytes).ok()?)
}

/// Reads a report, whatever its format.
///
/// # Errors
/// No known format, or one that is broken. A report of which only a part could be read is an error: what is missing
/// would count as not executed.
pub fn read(bytes: &[u8]) -> Result<Report, CoverageError> {
    if bytes.starts_with(b"SQLite format 3\0") {
        return Err(CoverageError::Database);
    }
    let text = text_of(bytes)?;
    read_text(text, format(text).ok_or(CoverageError::Unknown)?)
}

/// Reads a report of a known format.
///
/// # Errors
/// As [`read`].
pub fn read_as(bytes: &[u8], format: Format) -> Result<Report, CoverageError> {
    read_text(text_of(bytes)?, format)
}

fn text_of(bytes: &[u8]) -> Result<&str, CoverageError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| CoverageError::NotText(error.valid_up_to()))
}

fn read_text(text: &str, format: Format) -> Result<Report, CoverageError> {
    match format {
        Format::Lcov => lcov::read(text),
        Format::Cobertura => cobertura::read(text),
        Format::CoveragePy => coverage_py::read(text),
        Format::GoCover => go::read(text),
        Format::LlvmCov => llvm::read(text),
    }
}

/// The format that a text begins like.
fn format(text: &str) -> Option<Format> {
    let text = text.trim_start();
    let starts = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if starts(&["mode:"]) {
        Some(Format::GoCover)
    } else if starts(&["TN:", "SF:", "VER:", "#"]) {
        Some(Format::Lcov)
    } else if starts(&["<"]) {
        Some(Format::Cobertura)
    } else if starts(&["{"]) {
        // Both name themselves, and neither knows the other's field.
        Some(if text.contains("\"llvm.coverage.json.export\"") { Format::LlvmCov } else { Format::CoveragePy })
    } else {
        None
    }
}

impl Report {
    /// Notes a file, and lines of it that ran.
    pub(super) fn add(&mut self, file: &str, lines: impl IntoIterator<Item = u32>) {
        match self.files.get_mut(file) {
            Some(known) => known.extend(lines),
            None => drop(self.files.insert(file.to_owned(), lines.into_iter().collect())),
        }
    }
}

/// More lines than any file has: a number beyond is a broken one.
pub const MOST_LINES: u32 = 10_000_000;

/// A line's number as a tool wrote it; some write 0 where they mean none. `Err` for a number that no line has.
pub(super) fn line_number(number: f64) -> Result<Option<u32>, &'static str> {
    if number == 0.0 {
        Ok(None)
    } else if number.fract() == 0.0 && number > 0.0 && number <= f64::from(MOST_LINES) {
        Ok(Some(number as u32))
    } else {
        Err("a number of a line is none")
    }
}

/// How many lines the ranges of a report may still hold: a short text could otherwise take all memory.
pub(super) struct Room(u64);

impl Room {
    /// A report that long never holds more, however often it repeats itself.
    pub(super) fn of(text: &str) -> Self {
        Room(u64::from(MOST_LINES) + text.len() as u64)
    }

    /// The range, if there is room for it.
    pub(super) fn take(&mut self, first: u32, last: u32) -> Result<RangeInclusive<u32>, &'static str> {
        let lines = u64::from(last.saturating_sub(first)) + 1;
        self.0 = self.0.checked_sub(lines).ok_or("its ranges hold more lines than any sources")?;
        Ok(first..=last)
    }
}

pub(super) fn bad_line(format: &'static str, line: usize, text: &str) -> CoverageError {
    CoverageError::Line { line, format, text: text.chars().take(80).collect() }
}

pub(super) fn bad_document(format: &'static str, problem: impl ToString) -> CoverageError {
    CoverageError::Document { format, problem: problem.to_string() }
}
