//! A defect of ours as JavaScript sees it.

use wasm_bindgen::prelude::*;

use crate::error::error_object;

/// Makes a panic an `Error` with the code `Panic` instead of a trap without a word. The module is of no use after it.
#[wasm_bindgen(start)]
fn announce() {
    std::panic::set_hook(Box::new(|panic| {
        wasm_bindgen::throw_val(error_object(&format!("a defect of lightspeed: {panic}"), "Panic"));
    }));
}
