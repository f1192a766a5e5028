//! `include/lightspeed.h`, generated from ffi/src/capi by cbindgen.

use crate::committed::Committed;
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};

/// The header.
pub const HEADER: Committed = Committed { path: "include/lightspeed.h", task: "header", generate };

/// The nouns in the order in which a reader of the header needs them.
pub const NOUNS: [&str; 25] = [
    "version",
    "status",
    "str",
    "buf",
    "error",
    "cancel",
    "progress",
    "result",
    "blocks",
    "session",
    "init",
    "select",
    "selection",
    "explain",
    "measure",
    "measurement",
    "pair",
    "design",
    "experiment",
    "stats",
    "coverage",
    "survey",
    "index",
    "store",
    "report",
];

fn generate(root: &Path) -> Result<String> {
    let capi = root.join("ffi/src/capi");
    every_noun_is_listed(&capi)?;
    let mut config = cbindgen::Config::from_file(root.join("ffi/cbindgen.toml")).map_err(anyhow::Error::msg)?;
    let macros = config.after_includes.take().unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    config.after_includes = Some(format!(
        "\n/** The version of the library that this header belongs to. */\n#define LIGHTSPEED_VERSION \"{version}\"{macros}"
    ));
    let builder = NOUNS.iter().fold(cbindgen::Builder::new().with_config(config), |builder, noun| {
        builder.with_src(capi.join(format!("{noun}.rs")))
    });
    let mut bytes = Vec::new();
    builder.generate().context("cbindgen failed")?.write(&mut bytes);
    Ok(String::from_utf8(bytes)?)
}

/// A file with exports that nobody added to [`NOUNS`] would be missing in the header without a word.
fn every_noun_is_listed(capi: &Path) -> Result<()> {
    for entry in std::fs::read_dir(capi)? {
        let path: PathBuf = entry?.path();
        let noun = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if std::fs::read_to_string(&path)?.contains("#[unsafe(no_mangle)]") && !NOUNS.contains(&noun.as_str()) {
            bail!("{noun}.rs exports functions and is not among the nouns of xtask/src/header.rs");
        }
    }
    Ok(())
}
