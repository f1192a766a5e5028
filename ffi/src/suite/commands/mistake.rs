//! A mistake in a configuration: where it is, and a sentence about it.

use std::ops::Range;
use std::path::Path;

use crate::suite::SuiteError;

/// How alike a known name must be to be meant, from 0 to 1.
const LEAST_LIKENESS: f64 = 0.6;
/// What the reader calls things, and what a person who writes TOML does.
const TERMS: [(&str, &str); 5] = [
    ("expected i64", "expected a whole number"),
    ("expected f64", "expected a number"),
    ("expected a string", "expected text in quotes"),
    ("expected a sequence", "expected a list in brackets"),
    ("expected a map", "expected a table"),
];

/// What is wrong, and at which bytes of the text.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) span: Range<usize>,
    pub(super) problem: String,
}

impl Mistake {
    pub(super) fn new(span: Range<usize>, problem: impl Into<String>) -> Self {
        Mistake { span, problem: problem.into() }
    }

    /// The mistake with the line and column of its first byte.
    pub(super) fn locate(self, text: &str, path: &Path) -> SuiteError {
        let (line, column) = place(text, self.span.start);
        SuiteError::Config { path: path.to_owned(), line, column, problem: one_line(&self.problem) }
    }
}

impl From<toml::de::Error> for Mistake {
    fn from(error: toml::de::Error) -> Self {
        Mistake::new(error.span().unwrap_or_default(), sentence(error.message()))
    }
}

/// The line and the column, in characters, of a byte; both from 1.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let is_first_of_character = |byte: &&u8| **byte & 0xC0 != 0x80;
    (line, before[start..].iter().filter(is_first_of_character).count() + 1)
}

/// The reader's message, as far as it does not say what to do.
fn sentence(message: &str) -> String {
    if let Some(name) = between(message, "missing field `", "`") {
        return format!("{name:?} is missing: add it");
    }
    let unknown = ["unknown field `", "unknown variant `"].iter().find_map(|start| message.strip_prefix(start));
    if let Some((name, known)) = unknown.and_then(|rest| rest.rsplit_once("`, expected ")) {
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        return not_known(name, &known);
    }
    TERMS.iter().fold(message.to_owned(), |message, (theirs, ours)| message.replace(theirs, ours))
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.strip_prefix(start)?.strip_suffix(end)
}

/// Says which of the known names may be meant.
fn not_known(name: &str, known: &[&str]) -> String {
    let likeness = |known: &&&str| strsim::normalized_damerau_levenshtein(name, known);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|nearest| likeness(nearest) >= LEAST_LIKENESS) {
        Some(nearest) => format!("{name:?} is not known here: did you mean {nearest:?}?"),
        None => format!("{name:?} is not known here: what may stand here is {}", known.join(", ")),
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}
