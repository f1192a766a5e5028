//! What is generated from the sources and committed: `cargo run -p xtask -- header [--check]`.

mod header;

use anyhow::{Result, bail};
use std::path::Path;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["header"] => header::write(root),
        ["header", "--check"] => header::check(root),
        _ => bail!("usage: cargo run -p xtask -- header [--check]"),
    }
}
