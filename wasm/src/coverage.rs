//! Coverage reports of other tools.

use std::collections::BTreeSet;

use lightspeed_core::coverage::{Format, format_of, read};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::Error;
use crate::json::write;

#[derive(Serialize)]
struct Document<'r> {
    format: Option<Format>,
    files: Vec<File<'r>>,
}

#[derive(Serialize)]
struct File<'r> {
    path: &'r str,
    lines: &'r BTreeSet<u32>,
}

/// Reads a report, whatever its format. Returns `{"format", "files": [{"path", "lines"}]}`: paths as the tool wrote them, executed lines
/// from 1.
///
/// # Errors
/// No known format, or one that is broken.
#[wasm_bindgen]
pub fn coverage(bytes: &[u8]) -> Result<String, Error> {
    let report = read(bytes)?;
    let files = report.files.iter().map(|(path, lines)| File { path, lines }).collect();
    write("the report", &Document { format: format_of(bytes), files })
}
