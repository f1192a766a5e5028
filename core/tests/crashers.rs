//! Inputs that once broke the analysis or the codec, found by the fuzz targets and kept as small files.

#[path = "../../fuzz/src/lib.rs"]
mod checks;

use checks::{check_blocks, check_codec};
use std::fs;

#[allow(clippy::disallowed_methods, reason = "the crashers are files")]
#[test]
fn what_once_crashed_does_no_more() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/blocks-crashers");
    let mut checked = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        match path.extension().and_then(|e| e.to_str()) {
            Some("py") => check_blocks(&bytes),
            Some("codec") => check_codec(&bytes),
            _ => panic!("{}: neither .py nor .codec", path.display()),
        }
        checked += 1;
    }
    assert!(checked >= 1, "no crashers in {directory}");
}
