//! Zlib streams, in which the database keeps texts.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use wasm_bindgen::prelude::*;

use crate::Error;

/// No text that we write inflates to more; a damaged one must not fill the memory.
const MOST_BYTES: usize = 1 << 30;

/// What the zlib stream `bytes` holds.
///
/// # Errors
/// A stream that is damaged, or longer than any text.
#[wasm_bindgen]
pub fn inflate(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    decompress_to_vec_zlib_with_limit(bytes, MOST_BYTES).map_err(|_| Error::Stream)
}
