//! Documents as people read them: every kind is told by its schema, and what is none is refused with a sentence.
#![allow(clippy::unwrap_used)]

use lightspeed::text::{Document, Look, render};
use lightspeed_core::blocks::{Options, analyse_python};
use lightspeed_core::report::{BlocksReport, FileReport};

const PLAIN: Look = Look { width: None, colour: false };

const COMPARE: &str = r#"{"schema": "lightspeed.stats_compare/1", "margin": 0.02, "alpha": 0.05, "paired": false,
    "benchmarks": [{"benchmark": "bench.time_one", "status": "unmeasurable", "verdict": null, "reason": "one run each",
        "inference": null, "smallest_effect": null, "runs_needed": 12}],
    "only_baseline": ["bench.time_gone"], "only_current": []}"#;

fn blocks() -> String {
    let source = b"def one():\n    return 1\n";
    let file = FileReport::new("pkg/core.py", source, &analyse_python(source, &Options::default()));
    serde_json::to_string(&BlocksReport::new(vec![file])).unwrap()
}

#[track_caller]
fn refused(document: &str, why: &str) {
    let said = render(document, PLAIN).unwrap_err().to_string();
    assert!(said.starts_with(why), "{said}");
}

#[test]
fn a_document_is_told_by_its_schema() {
    let text = render(&blocks(), PLAIN).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("pkg/core.py  "), "{text}");
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[3].ends_with("pkg/core.py::one") && lines[3].contains("function"), "{text}");
    assert!(!text.ends_with('\n'));
}

#[test]
fn what_is_said_beside_the_table_is_said_too() {
    let text = render(COMPARE, PLAIN).unwrap();
    assert!(text.contains("bench.time_one: one run each"), "{text}");
    assert!(text.contains("only in the first file: bench.time_gone"), "{text}");
    assert!(text.ends_with("margin 2.0 %, error level 0.05"), "{text}");
    assert!(text.contains("could see"));
    let narrow = render(COMPARE, Look { width: Some(60), ..PLAIN }).unwrap();
    assert!(!narrow.contains("could see"), "{narrow}");
}

#[test]
fn it_is_written_as_it_was_read() {
    let json = blocks();
    assert_eq!(serde_json::to_string(&Document::parse(json.as_bytes()).unwrap()).unwrap(), json);
}

#[test]
fn what_is_no_document_is_refused_with_a_sentence() {
    refused("", "the document is not JSON: ");
    refused("[]", "the document does not say what it is: ");
    refused(r#"{"schema": 1}"#, "the document does not say what it is: ");
    refused(r#"{"schema": "other/1"}"#, "the document is a \"other/1\" document, which lightspeed ");
    refused(
        r#"{"schema": "lightspeed.other/1"}"#,
        "the document is a \"lightspeed.other/1\" document, which lightspeed ",
    );
    refused(
        r#"{"schema": "lightspeed.measure/2"}"#,
        "the document is lightspeed.measure of version \"2\", and lightspeed ",
    );
    refused(
        r#"{"schema": "lightspeed.blocks/1"}"#,
        "the document calls itself lightspeed.blocks/1 and is not: missing field",
    );
}
