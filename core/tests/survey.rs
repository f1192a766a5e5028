//! Surveys put together by hand: what they select, and that they come back from their bytes.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lightspeed_core::blocks::Options;
use lightspeed_core::coverage;
use lightspeed_core::impact::{FileKind, Index, Policy};
use lightspeed_core::survey::{FileNow, Question, SnapshotError, SurveyBuilder, SurveyError, answer, decode, encode};
use proptest::prelude::*;

const CORE: &str = "def one():\n    return 1\n\n\ndef two():\n    return 2\n";
const CHANGED: &str = "def one():\n    return 1\n\n\ndef two():\n    return 1 + 1\n";

/// Two benchmarks that each execute a function, one that reads data, one in C.
fn builder() -> SurveyBuilder {
    let mut builder = SurveyBuilder::new(Options::default());
    for (path, text) in
        [("pkg/core.py", CORE), ("data/table.csv", "1,2\n"), ("src/sort.c", "int x;\n"), ("src/sort.h", "\n")]
    {
        builder.add_file(path, text.as_bytes()).unwrap();
    }
    for id in ["one", "two-0", "table", "sort", "unknown"] {
        builder.add_benchmark(id).unwrap();
    }
    builder.executed(0, "pkg/core.py", &[2]).unwrap();
    builder.executed(1, "pkg/core.py", &[6]).unwrap();
    builder.depends_on(2, "data/table.csv").unwrap();
    let lcov = b"TN:\nSF:/build/x/src/sort.c\nDA:1,4\nend_of_record\nSF:/usr/include/stdio.h\nDA:3,1\nend_of_record\n";
    let located = builder.covered(3, &coverage::read(lcov).unwrap()).unwrap();
    assert_eq!((located.known, located.unknown), (1, vec!["/usr/include/stdio.h".to_owned()]));
    builder
}

fn affected(index: &Index, files: &[(&str, Option<&str>)]) -> Vec<String> {
    let now: Vec<_> = files.iter().map(|(path, text)| FileNow { path, content: text.map(str::as_bytes) }).collect();
    let question = Question { hotfile_threshold: 1.0, ..Question::default() };
    answer(index, &now, question).affected.into_iter().map(|affected| affected.benchmark).collect()
}

#[test]
fn a_change_selects_who_executed_it_and_who_told_nothing() {
    for survey in [builder().finish(), decode(&encode(&builder().finish())).unwrap()] {
        let index = Index::new(survey);
        assert_eq!(affected(&index, &[("pkg/core.py", Some(CORE))]), [""; 0]);
        assert_eq!(affected(&index, &[("pkg/core.py", Some(CHANGED))]), ["two-0", "unknown"]);
        assert_eq!(affected(&index, &[("pkg/core.py", None)]), ["one", "two-0", "unknown"]);
        assert_eq!(affected(&index, &[("data/table.csv", Some("1,3\n"))]), ["table", "unknown"]);
        assert_eq!(affected(&index, &[("src/sort.c", Some("int y;\n"))]), ["sort", "unknown"]);
        assert_eq!(affected(&index, &[("src/sort.h", Some("int y;\n"))]), ["sort", "unknown"]);
        assert_eq!(affected(&index, &[("other/new.csv", Some(""))]), ["unknown"]);
    }
}

#[test]
fn names_of_modules_are_not_known_so_nothing_is_followed_finer_than_strictly() {
    let index = Index::new(builder().finish());
    assert_eq!(index.finest, Policy::Strict);
    let with_global = format!("{CORE}LIMIT = 3\n");
    assert_eq!(affected(&index, &[("pkg/core.py", Some(&with_global))]), ["one", "two-0", "unknown"]);
}

#[test]
fn what_cannot_be_is_refused() {
    let mut builder = builder();
    for path in ["", "/etc/passwd", "../x.py", "a//b.py", "a/./b.py", "a\\b.py", "a\0.py", "pkg/"] {
        assert_eq!(builder.add_file(path, b""), Err(SurveyError::BadPath(path.to_owned())), "{path:?}");
    }
    assert_eq!(builder.add_file("pkg/core.py", b""), Err(SurveyError::FileTwice("pkg/core.py".to_owned())));
    assert_eq!(builder.add_file("ä b.py", b"\xff"), Ok(FileKind::Source));
    assert_eq!(builder.add_benchmark(""), Err(SurveyError::NoName));
    assert_eq!(builder.add_benchmark("one"), Err(SurveyError::BenchmarkTwice("one".to_owned())));
    assert_eq!(builder.executed(9, "pkg/core.py", &[1]), Err(SurveyError::UnknownBenchmark(9)));
    assert_eq!(builder.executed(0, "core.py", &[1]), Err(SurveyError::UnknownFile("core.py".to_owned())));
    assert_eq!(builder.depends_on(0, "core.py"), Err(SurveyError::UnknownFile("core.py".to_owned())));
    assert_eq!(builder.doubt(9, "x"), Err(SurveyError::UnknownBenchmark(9)));
}

#[test]
fn lines_that_are_not_there_tell_nothing() {
    let mut builder = SurveyBuilder::new(Options::default());
    builder.add_file("a.py", CORE.as_bytes()).unwrap();
    builder.add_benchmark("b").unwrap();
    builder.executed(0, "a.py", &[0, 4_000_000_000]).unwrap();
    let index = Index::new(builder.finish());
    assert!(index.instances[0].always_affected.is_some());
}

#[test]
fn other_bytes_are_no_survey() {
    let bytes = encode(&builder().finish());
    assert_eq!(encode(&decode(&bytes).unwrap()), bytes);
    assert_eq!(decode(b"").unwrap_err(), SnapshotError::Foreign);
    assert_eq!(decode(b"SQLite format 3\0").unwrap_err(), SnapshotError::Foreign);
    assert_eq!(decode(&bytes[..6]).unwrap_err(), SnapshotError::Damaged);
    assert_eq!(decode(&bytes[..bytes.len() - 1]).unwrap_err(), SnapshotError::Damaged);
    let mut newer = bytes;
    newer[4] = 9;
    assert_eq!(decode(&newer).unwrap_err(), SnapshotError::Version { found: 9 });
}

proptest! {
    /// Whatever comes back can be asked.
    #[test]
    fn damaged_bytes_are_refused_or_harmless(at in 8_usize..2000, with in any::<u8>(), cut in 0_usize..40) {
        let mut body = miniz_oxide::inflate::decompress_to_vec_zlib(&encode(&builder().finish())[8..]).unwrap();
        let at = at % body.len();
        body[at] = with;
        body.truncate(body.len() - cut.min(body.len()));
        let mut bytes = encode(&builder().finish())[..8].to_vec();
        bytes.extend(miniz_oxide::deflate::compress_to_vec_zlib(&body, 1));
        if let Ok(survey) = decode(&bytes) {
            let index = Index::new(survey);
            affected(&index, &[("pkg/core.py", Some(CHANGED)), ("data/table.csv", None), ("new.py", Some("x = 1\n"))]);
        }
    }
}
