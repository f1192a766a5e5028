//! What is generated from the sources: `cargo run -p xtask -- header [--check]`, which is committed, and
//! `cargo run -p xtask --features wasm -- wasm MODULE FOLDER`, which is not (scripts/wasm.sh calls it).

mod header;
#[cfg(feature = "wasm")]
mod wasm;

use anyhow::{Result, bail};
use std::path::Path;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["header"] => header::write(root),
        ["header", "--check"] => header::check(root),
        #[cfg(feature = "wasm")]
        ["wasm", module, folder] => wasm::bind(Path::new(module), Path::new(folder)),
        _ => bail!(
            "usage: cargo run -p xtask -- header [--check]\n       cargo run -p xtask --features wasm -- wasm MODULE FOLDER"
        ),
    }
}
