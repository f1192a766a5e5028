//! A mistake in a configuration: where it is, and a sentence about it.

use std::ops::Range;
use std::path::Path;

use crate::suite::SuiteError;

/// How alike a known name must be to be meant, from 0 to 1.
const LEAST_LIKENESS: f64 = 0.6;
/// What the reader calls things, and what a person who writes TOML does.
const TERMS: [(&str, &str); 8] = [
    ("map", "a table"),
    ("sequence", "a list"),
    ("i64", "a whole number"),
    ("f64", "a number"),
    ("a string", "text in quotes"),
    ("a sequence", "a list in brackets"),
    ("a map", "a table"),
    ("a boolean", "true or false"),
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

    /// What the parser says about text that is not TOML.
    pub(super) fn of_syntax(error: &toml::de::Error) -> Self {
        Mistake::new(error.span().unwrap_or_default(), format!("this is not TOML: {}", error.message()))
    }

    /// What the reader says about values that do not belong where they are.
    pub(super) fn of_value(error: &toml::de::Error) -> Self {
        Mistake::new(error.span().unwrap_or_default(), sentence(error.message()))
    }
}

/// The line and the column, in characters, of a byte; both from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let is_first_of_character = |byte: &&u8| **byte & 0xC0 != 0x80;
    (line, before[start..].iter().filter(is_first_of_character).count() + 1)
}

/// Whether a character may end a line, or do something else than be seen.
pub(super) fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// The reader's message as a sentence that says what to do.
fn sentence(message: &str) -> String {
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return format!("{name:?} is missing: add it");
    }
    let after = |starts: [&str; 2]| starts.iter().find_map(|start| message.strip_prefix(start));
    if let Some((name, known)) =
        after(["unknown field `", "unknown variant `"]).and_then(|m| m.rsplit_once("`, expected "))
    {
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        return not_known(name, &known);
    }
    if let Some((found, expected)) =
        after(["invalid type: ", "invalid value: "]).and_then(|m| m.rsplit_once(", expected "))
    {
        return format!("{} cannot stand here: write {}", term(found), term(expected));
    }
    message.to_owned()
}

fn term(theirs: &str) -> &str {
    if theirs.starts_with("struct ") {
        return "a table";
    }
    let ours = TERMS.iter().find(|(term, _)| *term == theirs).map(|(_, ours)| *ours);
    ours.unwrap_or(theirs.strip_suffix(" as i128").unwrap_or(theirs))
}

/// Says which of the known names may be meant.
fn not_known(name: &str, known: &[&str]) -> String {
    let likeness = |known: &&&str| strsim::normalized_damerau_levenshtein(name, known);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|nearest| likeness(nearest) >= LEAST_LIKENESS) {
        Some(nearest) => format!("{name:?} is not known here: did you mean {nearest:?}?"),
        None => format!("{name:?} is not known here: known are {}", known.join(", ")),
    }
}

fn one_line(text: &str) -> String {
    let printable = |c: char| if is_unprintable(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(printable).collect()
}
