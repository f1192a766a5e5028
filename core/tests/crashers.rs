//! Inputs that once broke the analysis, the codec or what is asserted of them, found by the fuzz targets and kept as small files.

#[path = "../../fuzz/src/lib.rs"]
mod checks;

use checks::{check_blocks, check_codec, check_coverage, check_snapshot};
use lightspeed_core::source::Language;
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
            Some("py") => check_blocks(Language::Python, &bytes),
            Some("go") => check_blocks(Language::Go, &bytes),
            Some("codec") => check_codec(&bytes),
            Some("snapshot") => check_snapshot(&bytes),
            _ => panic!("{}: neither .py nor .go nor .codec nor .snapshot", path.display()),
        }
        checked += 1;
    }
    assert!(checked >= 1, "no crashers in {directory}");
}

#[allow(clippy::disallowed_methods, reason = "the reports are files")]
#[test]
fn coverage_reports_are_read_alike_wherever_they_end() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/coverage");
    let mut checked = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for cut in (0..=8).map(|eighth| bytes.len() * eighth / 8) {
            check_coverage(&bytes[..cut]);
            checked += 1;
        }
    }
    assert!(checked >= 8 * 9, "too few reports in {directory}");
}
