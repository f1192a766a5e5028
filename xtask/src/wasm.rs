//! What JavaScript needs around the WebAssembly module: written by wasm-bindgen, with a package.json beside it.

use anyhow::{Context as _, Result};
use std::path::Path;

/// Writes the module `input` with its JavaScript and TypeScript into `folder`. It serves browsers, and Node where it is
/// initialised with the module's bytes.
pub fn bind(input: &Path, folder: &Path) -> Result<()> {
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(input)
        .out_name("lightspeed")
        .web(true)?
        .typescript(true)
        // The package says where the module is: bundlers would look for a second file.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen failed on {}", input.display()))?;
    let path = folder.join("package.json");
    std::fs::write(&path, package()).with_context(|| format!("{} cannot be written", path.display()))
}

/// Without `"type": "module"` Node reads the JavaScript as what it is not.
fn package() -> String {
    format!(
        concat!(
            "{{\n  \"name\": \"lightspeed-wasm\",\n  \"version\": \"{}\",\n  \"license\": \"{}\",\n  \"type\": \"module\",\n",
            "  \"main\": \"lightspeed.js\",\n  \"types\": \"lightspeed.d.ts\"\n}}\n"
        ),
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_LICENSE")
    )
}
