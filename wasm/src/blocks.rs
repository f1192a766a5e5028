//! What a source file is made of.

use lightspeed_core::blocks::{Options, analyse};
use lightspeed_core::report::{BlocksReport, FileReport};
use lightspeed_core::source::Language;
use wasm_bindgen::prelude::*;

use crate::Error;

/// Analyses `source`, the bytes of the file called `path` (Go's where it ends in `.go`, else Python's), in the encoding that they declare. Returns the document
/// that `lightspeed blocks --json` prints for it. What cannot be read is no error but a diagnostic.
///
/// # Errors
/// None that a caller could cause.
#[wasm_bindgen]
pub fn blocks(path: &str, source: &[u8]) -> Result<String, Error> {
    let language = Language::of(path).unwrap_or(Language::Python);
    let file = FileReport::new(path, source, &analyse(language, source, &Options::default()));
    serde_json::to_string(&BlocksReport::new(vec![file])).map_err(|cause| Error::Text { what: "the document", cause })
}
