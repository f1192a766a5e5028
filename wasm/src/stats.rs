//! Statistics by name.

use lightspeed_core::stats::call;
use wasm_bindgen::prelude::*;

use crate::Error;

/// Calls the statistic named `function` with the fields of the JSON object `input`; returns its result as JSON.
///
/// # Errors
/// No function of that name, input that it does not take, numbers that have no such statistic.
#[wasm_bindgen]
pub fn stats(function: &str, input: &str) -> Result<String, Error> {
    Ok(call(function, input)?)
}
