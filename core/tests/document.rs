//! A document under edit gives what a fresh analysis of the same bytes gives.

use lightspeed_core::blocks::{Document, Options, analyse_python};
use proptest::prelude::*;

/// What stands close to what, and where a statement may end otherwise than it seems.
const DENSE: &str = include_str!("document_sources/dense.py");

/// Besides it real sources: what this repository runs in Python.
const SOURCES: &[&str] = &[
    DENSE,
    DENSE,
    DENSE,
    include_str!("../../demo/run.py"),
    include_str!("../../scripts/bench.py"),
    include_str!("../../tests/oracle/ast_oracle.py"),
    include_str!("../../tests/cases/run.py"),
    include_str!("../../ffi/src/suite/asv/driver/__main__.py"),
];

/// Statements put between others; some break the file until they are taken out again.
const LINES: &[&str] = &[
    "x = 1\n",
    "import late_module\n",
    "if early_name:\n    later = early_name.part\nelse:\n    pass\n",
    "@decorated(1)\ndef added(first, second=DEFAULT):\n    def inner():\n        return first.late + second\n    return inner\n",
    "class Added(Base):\n    attribute = 1\n\n    def method(self):\n        yield self.attribute\n",
    "async def waiting():\n    async with lock: await other\n",
    "return 3\n",
    "    indented = 1\n",
    "def broken(:\n",
    "'''\n",
    "# a comment\n",
    "é = 'ü'; global somewhere\n",
    "__all__ = ['x', 'added']\n",
    "'''A docstring.'''\n",
    "\n",
    "\x0c\n",
    "# a comment \\\n",
    "\\\n",
    "x = 1; y = \\\n",
    "x = (\n",
    ")\n",
    "else:\n",
    "else: pass\n",
    "if x:\n",
    "try:\n",
    "finally: pass\n",
    "class Outer:\n",
    "class Other(Outer): x = 1; y = 2\n",
    "def first(): pass\n",
    "@property\n",
    "import os as count\n",
    "count = 2\n",
    "count.part = 1\n",
    "global count\n",
    "match x:\n",
    "case _: pass\n",
    "for each in first: each.name = 1\n",
    "with other: import os as limit\n",
    "(y := [z := 1 for _ in x])\n",
    "x: late_name = f'{count!r:>{limit}}'\n",
];

/// Names and marks put in the place of others of the same line.
const WORDS: &[&str] = &[
    "renamed",
    "self",
    "1",
    "(",
    ")",
    ".",
    ":",
    "'",
    "'''",
    "\"\"\"",
    " ",
    "\t",
    "lambda: 0",
    "yield",
    "\\\n",
    "\n",
    ";",
    "#",
    "",
];

#[derive(Clone, Debug)]
enum Edit {
    Insert(prop::sample::Index, prop::sample::Index),
    InsertLike(prop::sample::Index, prop::sample::Index),
    RemoveLines(prop::sample::Index, usize),
    RepeatLine(prop::sample::Index),
    MoveLines(prop::sample::Index, prop::sample::Index, usize),
    Replace(prop::sample::Index, prop::sample::Index),
    ReplaceChar(prop::sample::Index, prop::sample::Index),
    Indent(prop::sample::Index),
    Dedent(prop::sample::Index),
    Undo,
}

/// Steps of one or more edits each.
fn steps() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let index = any::<prop::sample::Index>;
    let edit = prop_oneof![
        4 => (index(), index()).prop_map(|(at, what)| Edit::Insert(at, what)),
        4 => (index(), index()).prop_map(|(at, what)| Edit::InsertLike(at, what)),
        2 => (index(), 1..4usize).prop_map(|(at, count)| Edit::RemoveLines(at, count)),
        1 => index().prop_map(Edit::RepeatLine),
        1 => (index(), index(), 1..40usize).prop_map(|(from, to, count)| Edit::MoveLines(from, to, count)),
        3 => (index(), index()).prop_map(|(at, what)| Edit::Replace(at, what)),
        3 => (index(), index()).prop_map(|(at, what)| Edit::ReplaceChar(at, what)),
        1 => index().prop_map(Edit::Indent),
        1 => index().prop_map(Edit::Dedent),
        4 => Just(Edit::Undo),
    ];
    let step = prop_oneof![
        4 => edit.clone().prop_map(|edit| vec![edit]),
        1 => prop::collection::vec(edit, 2..4),
    ];
    prop::collection::vec(step, 1..12)
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn edited(text: &str, edit: &Edit, before: &str) -> String {
    let mut all = lines(text);
    all.push(String::new());
    match edit {
        Edit::Insert(at, what) => all.insert(at.index(all.len()), (*what.get(LINES)).to_owned()),
        Edit::InsertLike(at, what) => {
            let at = at.index(all.len());
            let indent: String = all[at].chars().take_while(|c| " \t".contains(*c)).collect();
            let added: &&str = what.get(LINES);
            all.insert(at, lines(added).iter().map(|line| format!("{indent}{line}")).collect());
        }
        Edit::RemoveLines(at, count) => {
            let at = at.index(all.len());
            drop(all.drain(at..(at + count).min(all.len())));
        }
        Edit::RepeatLine(at) => {
            let at = at.index(all.len());
            all.insert(at, all[at].clone());
        }
        Edit::MoveLines(from, to, count) => {
            let from = from.index(all.len());
            let moved: Vec<_> = all.drain(from..(from + count).min(all.len())).collect();
            let to = to.index(all.len() + 1);
            all.splice(to..to, moved);
        }
        Edit::Replace(at, what) => {
            let line = at.index(all.len());
            let mut words: Vec<&str> = all[line].split_inclusive(|c: char| !c.is_alphanumeric()).collect();
            if let Some(word) = words.len().checked_sub(1).map(|last| at.index(last + 1)) {
                let word_now: &&str = what.get(WORDS);
                words[word] = word_now;
            }
            all[line] = words.concat();
        }
        Edit::Indent(at) => {
            let line = at.index(all.len());
            all[line].insert_str(0, "    ");
        }
        Edit::ReplaceChar(at, what) => {
            let mut chars: Vec<String> = text.chars().map(String::from).collect();
            if !chars.is_empty() {
                let at = at.index(chars.len());
                chars[at] = (*what.get(WORDS)).to_owned();
            }
            return chars.concat();
        }
        Edit::Dedent(at) => {
            let line = at.index(all.len());
            all[line] = all[line].strip_prefix("    ").unwrap_or(&all[line]).to_owned();
        }
        Edit::Undo => return before.to_owned(),
    }
    all.concat()
}

proptest! {
    #[test]
    fn after_any_edits_a_document_is_what_a_fresh_analysis_is(
        source in prop::sample::select(SOURCES), steps in steps(), docstrings in any::<bool>(), crlf in prop::bool::weighted(0.1)
    ) {
        let options = Options { docstrings, ..Options::default() };
        let source = if crlf { source.replace('\n', "\r\n") } else { source.to_owned() };
        let (mut text, mut before) = (source.clone(), source);
        let mut document = Document::new(text.as_bytes(), options.clone());
        for step in &steps {
            let next = step.iter().fold(text.clone(), |now, edit| edited(&now, edit, &before));
            (before, text) = (text, next);
            document.update(text.as_bytes());
            prop_assert_eq!(document.blocks(), &analyse_python(text.as_bytes(), &options), "after {:?} in\n{}", step, text);
        }
    }
}

#[test]
fn what_continues_the_last_line_of_a_class_is_not_lost() {
    for last in ["# a comment \\\n", "\\\n"] {
        let source =
            format!("class A:\n    a = 1\n    b = 2\n    c = 3\n{last}effect()\nlast = 4\n{}", "x = 5\n".repeat(50));
        let mut document = Document::new(source.as_bytes(), Options::default());
        let changed = source.replace("a = 1\n", "a = 11\n");
        document.update(changed.as_bytes());
        assert_eq!(document.blocks(), &analyse_python(changed.as_bytes(), &Options::default()));
    }
}

#[test]
fn a_document_survives_what_cannot_be_read() {
    let good = b"def f():\n    return 1\n".as_slice();
    let mut document = Document::new(good, Options::default());
    for bytes in [b"\xff\xfe\xff".as_slice(), good, b"def f(:\n", b"", good, b"# coding: latin-1\nx = '\xe9'\n", good] {
        document.update(bytes);
        assert_eq!(document.blocks(), &analyse_python(bytes, &Options::default()));
    }
}
