//! Takes the dashboard's page into the program, where it is built: `LIGHTSPEED_DASHBOARD` names one, else it is looked for
//! where `make dashboard` puts it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a build that fails says so")]

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const OVERRIDE: &str = "LIGHTSPEED_DASHBOARD";
const USUAL: &str = "../js/dashboard/dist/lightspeed.html";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={OVERRIDE}");
    let given = std::env::var_os(OVERRIDE).filter(|path| !path.is_empty()).map(PathBuf::from);
    let page = given.clone().unwrap_or_else(|| USUAL.into());
    let bytes = match std::fs::read(&page) {
        Ok(html) => compressed(&html),
        Err(error) if given.is_some() => panic!("{OVERRIDE} names {}, which cannot be read: {error}", page.display()),
        Err(_) => Vec::new(),
    };
    // What is missing would be built again each time: its next directory that is there stands for it.
    if let Some(watched) = page.ancestors().take(3).find(|path| path.exists() && *path != Path::new("")) {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
    std::fs::write(Path::new(&std::env::var_os("OUT_DIR").unwrap()).join("page.html.gz"), bytes).unwrap();
}

fn compressed(html: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(html).unwrap();
    encoder.finish().unwrap()
}
