//! A selection as Markdown: nothing in it can be taken for markup.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lightspeed_core::blocks::Options;
use lightspeed_core::impact::Index;
use lightspeed_core::report::markdown;
use lightspeed_core::survey::{FileNow, Question, SurveyBuilder, answer};

const BEFORE: &[u8] = b"def one():\n    return 1\n\n\ndef two():\n    return 2\n";

fn index(path: &str, names: [&str; 3]) -> Index {
    let mut builder = SurveyBuilder::new(Options::default());
    builder.add_file(path, BEFORE).unwrap();
    for (number, name) in (0..).zip(names) {
        builder.add_benchmark(name).unwrap();
        builder.executed(number, path, if number == 2 { &[6] } else { &[2] }).unwrap();
    }
    Index::new(builder.finish())
}

fn told(path: &str, names: [&str; 3], content: &[u8]) -> String {
    let files = [FileNow { path, content: Some(content) }];
    markdown(&answer(&index(path, names), &files, Question::default()))
}

#[test]
fn instances_stand_under_what_affects_them() {
    let now = b"def one():\n    return 3\n\n\ndef two():\n    return 2\n";
    let expected = "**2 of 3 benchmark instances are affected.**\n\nChanged: `core.py`\n\n\
                    - it executes one, which changed (core.py:1-2)\n  - `time_a`\n  - `time_b-0`\n";
    assert_eq!(told("core.py", ["time_a", "time_b-0", "time_c"], now), expected);
}

#[test]
fn nothing_changed_is_said_in_one_line() {
    let text = told("core.py", ["time_a", "time_b", "time_c"], BEFORE);
    assert_eq!(text, "**0 of 3 benchmark instances are affected.**\n");
}

#[test]
fn names_are_no_markup() {
    let now = b"def one():\n    return 3\n\n\ndef two():\n    return 2\n";
    let text = told("<b>_x_.py", ["a`b``c", "two\nlines", "time_c"], now);
    assert!(text.contains("Changed: `<b>_x_.py`"), "{text}");
    assert!(text.contains("(\\<b\\>\\_x\\_.py:1-2)"), "{text}");
    assert!(text.contains("- ``` a`b``c ```\n") && text.contains("- `two lines`\n"), "{text}");
}
