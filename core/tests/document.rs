//! A document under edit gives what a fresh analysis of the same bytes gives.

use lightspeed_core::blocks::{Document, Options, analyse_python};
use proptest::prelude::*;

/// Real sources: what this repository runs in Python.
const SOURCES: &[&str] = &[
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
];

/// Names and marks put in the place of others of the same line.
const WORDS: &[&str] =
    &["renamed", "self", "1", "(", ")", ".", ":", "'", "\"\"\"", " ", "\t", "lambda: 0", "yield", "\\\n"];

#[derive(Clone, Debug)]
enum Edit {
    Insert(prop::sample::Index, prop::sample::Index),
    RemoveLine(prop::sample::Index),
    MoveLines(prop::sample::Index, prop::sample::Index, usize),
    Replace(prop::sample::Index, prop::sample::Index),
    Indent(prop::sample::Index),
    Undo,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let index = any::<prop::sample::Index>;
    let edit = prop_oneof![
        4 => (index(), index()).prop_map(|(at, what)| Edit::Insert(at, what)),
        2 => index().prop_map(Edit::RemoveLine),
        1 => (index(), index(), 1..40usize).prop_map(|(from, to, count)| Edit::MoveLines(from, to, count)),
        3 => (index(), index()).prop_map(|(at, what)| Edit::Replace(at, what)),
        1 => index().prop_map(Edit::Indent),
        3 => Just(Edit::Undo),
    ];
    prop::collection::vec(edit, 1..12)
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn edited(text: &str, edit: &Edit, before: &str) -> String {
    let mut all = lines(text);
    all.push(String::new());
    match edit {
        Edit::Insert(at, what) => all.insert(at.index(all.len()), (*what.get(LINES)).to_owned()),
        Edit::RemoveLine(at) => drop(all.remove(at.index(all.len()))),
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
        Edit::Undo => return before.to_owned(),
    }
    all.concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn after_any_edits_a_document_is_what_a_fresh_analysis_is(
        source in prop::sample::select(SOURCES), edits in edits(), docstrings in any::<bool>()
    ) {
        let options = Options { docstrings, ..Options::default() };
        let (mut text, mut before) = (source.to_owned(), source.to_owned());
        let mut document = Document::new(text.as_bytes(), options.clone());
        for edit in &edits {
            let next = edited(&text, edit, &before);
            (before, text) = (text, next);
            document.update(text.as_bytes());
            prop_assert_eq!(document.blocks(), &analyse_python(text.as_bytes(), &options), "after {:?} in\n{}", edit, text);
        }
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
