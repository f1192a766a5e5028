//! `include/lightspeed.h`, generated from ffi/src/capi by cbindgen.

use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};

const HEADER: &str = "include/lightspeed.h";
/// The nouns in the order in which a reader of the header needs them.
const NOUNS: [&str; 9] = ["version", "status", "str", "buf", "error", "cancel", "blocks", "session", "selection"];

/// Writes the header.
pub fn write(root: &Path) -> Result<()> {
    let path = root.join(HEADER);
    std::fs::write(&path, generate(root)?).with_context(|| format!("{HEADER} cannot be written"))
}

/// Fails where the committed header is not what the sources give.
pub fn check(root: &Path) -> Result<()> {
    let committed = std::fs::read_to_string(root.join(HEADER)).with_context(|| format!("{HEADER} cannot be read"))?;
    let generated = generate(root)?;
    if committed == generated {
        return Ok(());
    }
    let same = committed.lines().zip(generated.lines()).take_while(|(old, new)| old == new).count();
    let show = |text: &str| text.lines().nth(same).unwrap_or("(end of file)").to_owned();
    bail!(
        "{HEADER}:{} is not what the sources give: run `cargo run -p xtask -- header`\n- {}\n+ {}",
        same + 1,
        show(&committed),
        show(&generated)
    );
}

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

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_committed_header_is_what_the_sources_give() {
        if let Err(error) = super::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")) {
            panic!("{error:#}");
        }
    }
}
