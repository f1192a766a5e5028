//! Which edits are read in part. That the parts make the same whole, the property test over documents shows.

use super::super::memo::{analyse_again, read_part};
use super::read;
use crate::blocks::Options;

const DENSE: &str = include_str!("../../../../tests/document_sources/dense.py");

/// Whether the edit is read in part, and then the same as anew.
fn in_part(before: &str, after: &str) -> bool {
    let mut reading = None;
    analyse_again(before, &Options::default(), &mut reading);
    let part = read_part(after, &Options::default(), &mut reading);
    part.inspect(|part| assert_eq!(part, &read(after), "{after}")).is_some()
}

fn lines() -> impl Iterator<Item = (usize, &'static str)> {
    DENSE.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at, line))
    })
}

#[test]
fn most_edits_of_a_line_are_read_in_part() {
    let (mut parts, mut all) = (0, 0);
    for (end, line) in lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        for added in ["# a comment\n", "added = first(late)\n", "def added(self): return late\n"] {
            let after = [&DENSE[..end], indent, added, &DENSE[end..]].concat();
            let valid = read(&after).diagnostics.is_empty();
            all += usize::from(valid);
            parts += usize::from(valid && in_part(DENSE, &after));
        }
    }
    assert!(all > 150 && parts * 10 > all * 9, "{parts} of {all}");
}

#[test]
fn an_edit_is_read_in_part_where_nothing_else_depends_on_it() {
    let edits: &[(&str, &str, bool)] = &[
        ("'''Of the class.'''", "'''Of that class.'''", true),
        ("    '''Of the class.'''\n", "    '''Of the class.'''\n    added = 1\n", true),
        ("    # the end of first\n", "", true),
        ("# between functions\n", "def between(): pass\n", true),
        ("# between functions\n", "class Between:\n    def between(self): pass\n", true),
        ("return lambda: (yield key)", "return lambda: key", true),
        ("return super().method()", "return super().late_method()", true),
        ("    limit.last = last\n", "", true),
        ("    # ends with a comment\n", "", true),
        ("    a = 1\n", "    a = other.a\n", true),
        // Ids or ordinals of what follows.
        ("def first(a: ", "def other(a: ", false),
        ("# between functions\n", "if count: pass\n", false),
        // What `limit.last = last` changes depends on whether the class has a limit.
        ("    limit = first(1) + \\\n        2\n", "    pass\n", false),
        // A string that may come to be the docstring.
        ("class Last:\n    a = 1\n", "'late'\nclass Last:\n    a = 1\n", true),
        // Errors, and strings or brackets that reach further.
        ("'''Of the class.'''", "'''Of the class.''", false),
        ("    a = 1\n", "    a = (1\n", false),
        ("    a = 1\n", "    a = 1 \\\n", false),
        ("    a = 1\n", "     a = 1\n", false),
    ];
    for &(from, to, expected) in edits {
        assert!(DENSE.contains(from), "{from:?}");
        assert_eq!(in_part(DENSE, &DENSE.replacen(from, to, 1)), expected, "{from:?} -> {to:?}");
    }
}

#[test]
fn a_suite_that_begins_in_the_line_of_its_header_is_read_with_it() {
    let sources = [
        "class A: x = 1; y = late\nafter = A\n",
        "class A: \\\n    x = 1; y = late\nafter = A\n",
        "class A:\n\\\n    x = 1; y = late\n    z = 3\n    late = x\nafter = A\n",
    ];
    for source in sources {
        let before = &[source, DENSE].concat();
        assert!(read(before).diagnostics.is_empty(), "{before}");
        for (from, to) in [("1;", "2;"), ("= late", "= A"), ("= 3", "= 4"), ("= x", "= y"), ("= A\n", "= 1\n")] {
            in_part(before, &before.replacen(from, to, 1));
        }
    }
}

#[test]
fn a_module_that_declares_names_global_is_read_as_a_whole() {
    let before = ["import os\nglobal os\nseparator = os.sep\n", DENSE].concat();
    assert!(read(&before).diagnostics.is_empty());
    assert!(!in_part(&before, &before.replacen("between functions", "functions", 1)));
}
