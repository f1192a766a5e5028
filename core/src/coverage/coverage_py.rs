//! What `coverage json` writes: `files` → path → `executed_lines`.

use super::report::{CoverageError, Report, bad_document};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Document {
    files: BTreeMap<String, File>,
}

#[derive(Deserialize)]
struct File {
    executed_lines: Vec<u32>,
}

pub(super) fn read(text: &str) -> Result<Report, CoverageError> {
    let document: Document =
        serde_json::from_str(text).map_err(|error| bad_document("what `coverage json` writes", error))?;
    let mut report = Report::default();
    for (path, file) in document.files {
        report.add(&path, file.executed_lines);
    }
    Ok(report)
}
