//! What a source file is made of.

use lightspeed_core::blocks::{Options, analyse};
use lightspeed_core::report::{BlocksReport, FileReport};
use lightspeed_core::source::{self, Language};
use wasm_bindgen::prelude::*;

use crate::Error;
use crate::json::write;

/// Analyses `source`, the bytes of the Python file called `path`, in the encoding that they declare. Returns the document that
/// `lightspeed blocks --json` prints for it. What cannot be read is no error but a diagnostic.
///
/// # Errors
/// None that a caller could cause.
#[wasm_bindgen]
pub fn blocks(path: &str, source: &[u8]) -> Result<String, Error> {
    let language = Language::of(path).unwrap_or(Language::Python);
    let file = FileReport::new(path, source, &analyse(language, source, &Options::default()));
    write("the document", &BlocksReport::new(vec![file]))
}

/// The id that git gives a file of this content, in hexadecimal.
#[wasm_bindgen]
#[must_use]
pub fn blob_id(bytes: &[u8]) -> String {
    source::blob_id(bytes).to_string()
}
