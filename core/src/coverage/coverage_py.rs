//! What `coverage json` writes: `files` → path → `executed_lines`.

use super::report::{CoverageError, Report, bad_document, line_number};
use serde::Deserialize;
use std::collections::BTreeMap;

const FORMAT: &str = "what `coverage json` writes";

#[derive(Deserialize)]
struct Document {
    files: BTreeMap<String, File>,
}

#[derive(Deserialize)]
struct File {
    executed_lines: Vec<f64>,
}

pub(super) fn read(text: &str) -> Result<Report, CoverageError> {
    let document: Document = serde_json::from_str(text).map_err(|error| bad_document(FORMAT, error))?;
    let mut report = Report::default();
    for (path, file) in document.files {
        let lines: Result<Vec<_>, _> = file.executed_lines.into_iter().map(line_number).collect();
        report.add(&path, lines.map_err(|problem| bad_document(FORMAT, problem))?.into_iter().flatten());
    }
    Ok(report)
}
