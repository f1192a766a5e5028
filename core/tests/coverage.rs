//! Coverage reports that real tools wrote, against the marks in the sources they are about; and broken ones.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that reads its vectors")]

use lightspeed_core::coverage::{CoverageError, read};
use proptest::prelude::*;
use std::path::PathBuf;

fn vector(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/coverage");
    std::fs::read(folder.join(name)).unwrap()
}

/// Lines of a source with this mark at their end.
fn marked(source: &str, mark: &str) -> Vec<u32> {
    let text = String::from_utf8(vector(source)).unwrap();
    let is = |line: &str| line.trim_end_matches(['*', '/', ' ']).ends_with(&format!(" {mark}"));
    (1..).zip(text.lines()).filter(|(_, line)| is(line)).map(|(number, _)| number).collect()
}

const REPORTS: &[(&str, &str, &str)] = &[
    ("coverage_py.lcov", "prog.py", "prog.py"),
    ("coverage_py.xml", "prog.py", "/project/prog.py"),
    ("coverage_py.json", "prog.py", "prog.py"),
    ("gcovr.lcov", "prog.c", "/project/prog.c"),
    ("gcovr.xml", "prog.c", "/project/prog.c"),
    ("llvm_cov.json", "prog.c", "/project/prog.c"),
    ("llvm_cov.lcov", "prog.c", "/project/prog.c"),
    ("go_cover.out", "prog.go", "example.invalid/prog/prog.go"),
];

#[test]
fn what_ran_is_what_the_sources_say() {
    for (name, source, path) in REPORTS {
        let report = read(&vector(name)).unwrap();
        assert_eq!(report.files.keys().collect::<Vec<_>>(), [path], "{name}");
        let executed = &report.files[*path];
        let (ran, not) = (marked(source, "ran"), marked(source, "not"));
        assert!(ran.len() >= 5 && not.len() >= 2, "{source} has its marks");
        let missing: Vec<_> = ran.iter().filter(|line| !executed.contains(line)).collect();
        let too_many: Vec<_> = not.iter().filter(|line| executed.contains(line)).collect();
        assert!(missing.is_empty() && too_many.is_empty(), "{name}: missing {missing:?}, too many {too_many:?}");
    }
}

#[test]
fn what_is_cut_off_is_refused_or_whole() {
    // A part of a report would pass for one in which less ran.
    for name in ["coverage_py.json", "coverage_py.xml", "gcovr.xml", "llvm_cov.json", "gcovr.lcov"] {
        let bytes = vector(name);
        let end = bytes.trim_ascii_end().len();
        for cut in [end / 4, end / 2, end - 2] {
            assert!(read(&bytes[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn broken_reports_are_refused_with_a_sentence() {
    for (bytes, words) in [
        (&b""[..], "no coverage report"),
        (b"hello", "no coverage report"),
        (b"SQLite format 3\0...", "own database"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"SF:a\nDA:x,1\nend_of_record\n", "line 2 is not LCOV: DA:x,1"),
        (b"SF:a\nDA:1,1\n", "has no end"),
        (b"DA:1,1\n", "no coverage report"),
        (b"TN:\nDA:1,1\n", "line 2"),
        (b"SF:a\nDA:4294967295,1\nend_of_record", "line 2"),
        (b"mode: set\na.go:1.1,2.2 1\n", "line 2 is not a Go cover profile"),
        (b"mode: set\na.go:1.1,4000000000.2 1 1\n", "line 2"),
        (b"mode: set\na.go:3.1,2.2 1 1\n", "line 2"),
        (b"<coverage><class/></coverage>", "without filename"),
        (b"<coverage><class filename='a'><line number='4294967296' hits='1'/></class></coverage>", "number of a line"),
        (b"<coverage><class filename='a'><line number='1.5' hits='1'/></class></coverage>", "number of a line"),
        (b"<html/>", "<html>"),
        (b"{\"files\": {\"a\": {\"executed_lines\": [1, 4294967295]}}}", "number of a line"),
        (b"{\"files\": {\"a\": {\"executed_lines\": [-1]}}}", "number of a line"),
        (b"<coverage>", "not Cobertura XML"),
        (b"{\"files\": []}", "coverage json"),
        (b"{\"type\": \"llvm.coverage.json.export\", \"data\": [{\"files\": [{\"filename\": \"a\", \"segments\": [[0, 1]]}]}]}", "no line"),
    ] {
        let message = read(bytes).unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn line_0_is_no_line() {
    let reports: [&[u8]; 3] = [
        b"SF:a\nDA:0,1\nDA:2,1\nend_of_record\n",
        b"<coverage><class filename='a'><line number='0' hits='1'/><line number='2' hits='1'/></class></coverage>",
        b"{\"files\": {\"a\": {\"executed_lines\": [0, 2]}}}",
    ];
    for bytes in reports {
        assert_eq!(read(bytes).unwrap().files["a"], [2].into());
    }
}

#[test]
fn a_short_report_cannot_fill_the_memory() {
    let blocks = |count: usize| -> String { (0..count).map(|i| format!("{i}.go:1.1,9000000.1 1 1\n")).collect() };
    let refused = read(format!("mode: set\n{}", blocks(3)).as_bytes()).unwrap_err().to_string();
    assert!(refused.contains("more lines than any sources"), "{refused}");
    let skipped = blocks(300).replace(" 1\n", " 0\n");
    assert_eq!(read(format!("mode: set\n{skipped}").as_bytes()).unwrap().files.len(), 300);
    let segments = "[1,1,1,true,true],[9000000,1,1,true,true],[1,1,1,true,true],[9000000,1,0,true,true]";
    let llvm = format!(
        r#"{{"type":"llvm.coverage.json.export","data":[{{"files":[{{"filename":"a","segments":[{segments}]}}]}}]}}"#
    );
    assert!(read(llvm.as_bytes()).unwrap_err().to_string().contains("more lines than any sources"));
}

#[test]
fn a_mapping_of_entities_does_not_explode() {
    let mut text = "<!DOCTYPE coverage [<!ENTITY a0 \"x\">".to_owned();
    (1..40).for_each(|i| text.push_str(&format!("<!ENTITY a{i} \"&a{};&a{};\">", i - 1, i - 1)));
    text.push_str("]><coverage><sources><source>&a39;</source></sources></coverage>");
    assert!(matches!(read(text.as_bytes()), Err(CoverageError::Document { .. })));
}

proptest! {
    #[test]
    fn no_bytes_break_the_readers(which in 0..REPORTS.len(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = vector(REPORTS[which].0);
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }
}
