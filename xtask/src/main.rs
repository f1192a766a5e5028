//! What is generated from the sources: `cargo run -p xtask -- header [--check]`, which is committed, and
//! `cargo run -p xtask --no-default-features --features wasm -- wasm MODULE FOLDER`, which is not (scripts/wasm.sh calls it).

#[cfg(feature = "header")]
mod header;
#[cfg(feature = "wasm")]
mod wasm;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        #[cfg(feature = "header")]
        ["header"] => header::write(&root()),
        #[cfg(feature = "header")]
        ["header", "--check"] => header::check(&root()),
        #[cfg(feature = "wasm")]
        ["wasm", module, folder] => wasm::bind(module.as_ref(), folder.as_ref()),
        _ => bail!("usage: header [--check], with the feature header; or wasm MODULE FOLDER, with the feature wasm"),
    }
}

#[cfg(feature = "header")]
fn root() -> std::path::PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/..").into()
}
