//! What is generated from the sources and committed: `cargo run -p xtask -- header|schema [--check]`.

mod committed;
mod header;
mod schema;

use anyhow::{Result, bail};
use header::HEADER;
use schema::SCHEMA;
use std::path::Path;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["header"] => HEADER.write(root),
        ["header", "--check"] => HEADER.check(root),
        ["schema"] => SCHEMA.write(root),
        ["schema", "--check"] => SCHEMA.check(root),
        _ => bail!("usage: cargo run -p xtask -- header|schema [--check]"),
    }
}
