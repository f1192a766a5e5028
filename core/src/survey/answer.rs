//! The question: what do these files, as they are now, affect?

use std::collections::BTreeMap;

use super::change;
use crate::impact::{Index, Policy, Request, Selection, select};
use crate::report::SelectReport;

/// How to ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    /// How finely changes are followed; no finer than [`Index::finest`].
    pub policy: Policy,
    /// See [`Request::hotfile_threshold`].
    pub hotfile_threshold: f64,
}

impl Default for Question {
    fn default() -> Self {
        Self { policy: Policy::default(), hotfile_threshold: 0.5 }
    }
}

/// A file as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileNow<'a> {
    /// '/'-separated, relative to the source root.
    pub path: &'a str,
    /// Its content; `None` says that it is gone.
    pub content: Option<&'a [u8]>,
}

/// What the files affect, with reasons. Those whose content is as surveyed are passed over; where all are, nothing is affected, not
/// even what always is. `costs` as in [`Request::costs`].
#[must_use]
pub fn ask(index: &Index, files: &[FileNow<'_>], question: Question, costs: &BTreeMap<u32, f64>) -> Selection {
    let changes: Vec<_> = files.iter().filter_map(|file| change(index, file.path, file.content)).collect();
    let Question { policy, hotfile_threshold } = question;
    let mut selection = select(index, &Request { changes: &changes, policy, hotfile_threshold, costs });
    if selection.changed_files.is_empty() {
        selection.reasons.clear();
    }
    selection
}

/// What the files affect, as a document.
#[must_use]
pub fn answer(index: &Index, files: &[FileNow<'_>], question: Question) -> SelectReport {
    SelectReport::new(index, &ask(index, files, question, &BTreeMap::new()), question.policy)
}
