//! One thing that was looked at: what was found, why it matters, what to do about it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a look at one thing gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// What it comes to.
    pub status: CheckStatus,
    /// What was found; where the status is `unknown`, why.
    pub found: String,
    /// Why it matters.
    pub why: String,
    /// What a user can do, where something should be done.
    pub advice: Option<String>,
    /// What root can do: lines for a shell. None of them was run.
    pub fix: Vec<String>,
    /// The numbers behind it, by names that end in their units.
    pub values: BTreeMap<String, f64>,
}

/// How fit for measuring something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// Nothing to do.
    Ok,
    /// Good to know; numbers can be trusted all the same.
    Note,
    /// It makes numbers worse.
    Warn,
    /// The system does not tell.
    Unknown,
}

impl CheckStatus {
    /// The name used in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
        }
    }
}

impl Check {
    /// A check that found nothing yet: what the system does not tell stays so.
    pub(super) fn new(name: &str, why: &str) -> Self {
        Check {
            name: name.to_owned(),
            status: CheckStatus::Unknown,
            found: "this system does not tell".to_owned(),
            why: why.to_owned(),
            advice: None,
            fix: Vec::new(),
            values: BTreeMap::new(),
        }
    }

    pub(super) fn ok(self, found: impl Into<String>) -> Self {
        Check { status: CheckStatus::Ok, found: line(&found.into()), ..self }
    }

    pub(super) fn note(self, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Check { status: CheckStatus::Note, found: line(&found.into()), advice: Some(advice.into()), ..self }
    }

    pub(super) fn warn(self, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Check { status: CheckStatus::Warn, found: line(&found.into()), advice: Some(advice.into()), ..self }
    }

    /// As [`warn`](Self::warn) from the second limit on, as [`note`](Self::note) from the first one on, else
    /// [`ok`](Self::ok).
    pub(super) fn graded(self, value: f64, (note, warn): (f64, f64), found: String, advice: &str) -> Self {
        match value {
            _ if value >= warn => self.warn(found, advice),
            _ if value >= note => self.note(found, advice),
            _ => self.ok(found),
        }
    }

    pub(super) fn unknown(self, why: impl Into<String>) -> Self {
        Check { found: line(&why.into()), ..self }
    }

    /// Adds a line for root, which nothing that was read may be part of unless it is a number.
    pub(super) fn fix(mut self, line: impl Into<String>) -> Self {
        self.fix.push(line.into());
        self
    }

    pub(super) fn value(mut self, name: &str, value: f64) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }
}

/// The text in one line, without anything that a terminal or a shell would obey: names of files are anybody's.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A share as people read it.
pub(super) fn percent(share: f64) -> String {
    let digits = if share.abs() < 0.0995 { 1 } else { 0 };
    format!("{:.digits$} %", share * 100.0)
}

/// So many of something: `1 CPU`, `2 CPUs`.
pub(crate) fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
