//! What is generated from the sources: `cargo run -p xtask -- header|schema [--check]`, which is committed, and
//! `cargo run -p xtask --no-default-features --features wasm -- wasm MODULE FOLDER`, which is not (scripts/wasm.sh calls it).

#[cfg(feature = "committed")]
mod committed;
#[cfg(feature = "committed")]
mod header;
#[cfg(feature = "committed")]
mod schema;
#[cfg(feature = "wasm")]
mod wasm;

use anyhow::{Result, bail};
#[cfg(feature = "committed")]
use {header::HEADER, schema::SCHEMA, std::path::Path};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    #[cfg(feature = "committed")]
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        #[cfg(feature = "committed")]
        ["header"] => HEADER.write(root),
        #[cfg(feature = "committed")]
        ["header", "--check"] => HEADER.check(root),
        #[cfg(feature = "committed")]
        ["schema"] => SCHEMA.write(root),
        #[cfg(feature = "committed")]
        ["schema", "--check"] => SCHEMA.check(root),
        #[cfg(feature = "wasm")]
        ["wasm", module, folder] => wasm::bind(module.as_ref(), folder.as_ref()),
        _ => bail!(
            "usage: header|schema [--check], with the feature committed; or wasm MODULE FOLDER, with the feature wasm"
        ),
    }
}
