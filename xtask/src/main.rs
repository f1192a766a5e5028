//! What is generated from the sources: `cargo run -p xtask -- all|header|schema|constants|reference|layout [--check]`, which is committed, and
//! `cargo run -p xtask --no-default-features --features wasm -- wasm MODULE FOLDER`, which is not (scripts/wasm.sh calls it).

#[cfg(feature = "committed")]
mod committed;
#[cfg(feature = "committed")]
mod derived;
#[cfg(feature = "committed")]
mod header;
#[cfg(feature = "committed")]
mod interface;
#[cfg(feature = "committed")]
mod schema;
#[cfg(feature = "wasm")]
mod wasm;

use anyhow::{Result, bail};
#[cfg(feature = "committed")]
use {committed::Committed, std::path::Path};

/// All that is committed.
#[cfg(feature = "committed")]
const COMMITTED: [&Committed; 5] =
    [&header::HEADER, &schema::SCHEMA, &derived::CONSTANTS, &derived::REFERENCE, &derived::LAYOUT];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    #[cfg(feature = "committed")]
    if let Some(done) = committed(&words) {
        return done;
    }
    match words.as_slice() {
        #[cfg(feature = "wasm")]
        ["wasm", module, folder] => wasm::bind(module.as_ref(), folder.as_ref()),
        _ => bail!(
            "usage: all|header|schema|constants|reference|layout [--check], with the feature committed; or wasm MODULE FOLDER, with the \
             feature wasm"
        ),
    }
}

/// Writes or checks what is named; `None` where nothing is.
#[cfg(feature = "committed")]
fn committed(words: &[&str]) -> Option<Result<()>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let (task, check) = match words {
        [task] => (*task, false),
        [task, "--check"] => (*task, true),
        _ => return None,
    };
    let mut named = COMMITTED.into_iter().filter(|file| task == "all" || file.task == task).peekable();
    named.peek()?;
    Some(named.try_for_each(|file| if check { file.check(root) } else { file.write(root) }))
}
