//! Analysis of bad input does not fail: it returns what it could plus diagnostics.

use super::{checksums, clean, read};
use crate::blocks::{FileBlocks, Options, analyse_python, decode, encode};
use proptest::prelude::*;

/// Analyses in a thread with the stack of a worker.
#[allow(clippy::disallowed_methods, reason = "the point is a stack of known size")]
fn in_small_stack(source: impl Into<Vec<u8>>) -> FileBlocks {
    let source = source.into();
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || analyse_python(&source, &Options::default()))
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn errors_leave_the_blocks_around_them_alone() {
    let before = "def f():\n    return 1\n\n\ndef g():\n    x = 1\n    return 2\n\n\nclass A:\n    def m(self):\n        return 3\n";
    let broken = before.replace("x = 1", "x = = 1 +");
    let (good, bad) = (clean(before), read(&broken));
    assert!(bad.diagnostics.iter().any(|d| d.lines.contains(6)), "{:?}", bad.diagnostics);
    let (good, bad) = (checksums(&good), checksums(&bad));
    for id in ["f", "A", "A.m"] {
        assert_eq!(good.get(id), bad.get(id), "{id}");
    }
}

#[test]
fn every_error_is_reported() {
    for source in [
        "def f(:\n  pass\n",
        "x = (\n",
        "if a:\n",
        "class\n",
        "x = 'abc\n",
        "return return\n",
        "  x = 1\n y = 2\n",
        "@\n",
        "def f():\nx = 1\n",
        "x = $\n",
        "\"\"\"open\n",
    ] {
        let file = read(source);
        assert!(!file.diagnostics.is_empty(), "{source}");
    }
}

#[test]
fn empty_files_are_fine() {
    for source in ["", "\n", "# comment", "\x0c", "\u{feff}", "'''doc'''"] {
        let file = clean(source);
        assert_eq!(file.blocks.len(), 1, "{source:?}");
        assert!(file.definitions.is_empty());
    }
}

#[test]
fn bytes_that_are_no_python() {
    for source in [
        &b"\0"[..],
        b"x = 1\0\ny = 2\n",
        b"x = '\xff'\n",
        b"\xff\xfe\0\0",
        b"# coding: rot13\nk = 1",
        b"x = '\xed\xa0\x80'\n",
    ] {
        let file = analyse_python(source, &Options::default());
        assert!(!file.blocks.is_empty());
        assert!(!file.diagnostics.is_empty(), "{source:?}");
    }
    assert_ne!(clean("x = '\\ud800'").blocks[0].checksum, clean("x = '\\ud801'").blocks[0].checksum);
}

#[test]
fn nesting_has_no_bottom() {
    let deep =
        |open: &str, middle: &str, close: &str, n: usize| format!("{}{middle}{}\n", open.repeat(n), close.repeat(n));
    let suites = |head: &str, n: usize| {
        (0..n).map(|i| format!("{}{head}\n", " ".repeat(i))).collect::<String>() + &" ".repeat(n) + "x\n"
    };
    let sources = [
        format!("x = {}", deep("(", "1", ")", 100_000)),
        format!("x = {}", deep("[", "1", "]", 100_000)),
        format!("x = {}", deep("{1:", "1", "}", 50_000)),
        format!("x = {}", deep("f(", "1", ")", 50_000)),
        format!("x = {}", deep("not ", "1", "", 50_000)),
        format!("x = {}", deep("-", "1", "", 50_000)),
        format!("x = {}", deep("lambda: ", "1", "", 50_000)),
        format!("x = {}", deep("1 if a else ", "1", "", 50_000)),
        format!("x = {}", deep("a ** ", "1", "", 50_000)),
        format!("x = a{}\n", ".b".repeat(50_000)),
        format!("getattr(a{}, b)\n", ".b".repeat(50_000)),
        format!("x = a{}\n", "()".repeat(50_000)),
        format!("x = a{}\n", "[0]".repeat(50_000)),
        format!("x: a{}\n", "[b".repeat(2_000)),
        format!("def f(x: {}): pass\n", deep("a[", "b", "]", 5_000).trim()),
        format!("def f(x: a[b]{}): pass\n", " | c".repeat(5_000)),
        format!("x = f'{}'\n", deep("{a:", "", "}", 2_000).trim()),
        format!("{}1\n", "a = ".repeat(50_000)),
        format!("match x:\n case {}: pass\n", deep("(", "1", ")", 5_000).trim()),
        format!("match x:\n case {}: pass\n", deep("A(", "1", ")", 5_000).trim()),
        format!("with {}: pass\n", deep("(", "a as b", ")", 5_000).trim()),
        format!("for {} in y: pass\n", deep("(", "a,", ")", 5_000).trim()),
        format!("del {}\n", deep("(", "a", ")", 5_000).trim()),
        suites("if a:", 900),
        suites("def f():", 900),
        suites("class A:", 900),
    ];
    for source in sources {
        let file = in_small_stack(source);
        assert!(!file.blocks.is_empty());
    }
}

#[test]
fn long_chains_are_no_nesting() {
    let sources = [
        format!("x = 1{}\n", " + 1".repeat(50_000)),
        format!("x = a{}\n", " and a".repeat(50_000)),
        format!("x = a{}\n", " < a".repeat(20_000)),
        format!("x = {}\n", "'a' ".repeat(20_000)),
        format!("if a: pass\n{}", "elif a: pass\n".repeat(1_000)),
        format!("x = [{}]\n", "1, ".repeat(50_000)),
    ];
    for source in sources {
        let file = in_small_stack(source.clone());
        assert_eq!(file.diagnostics, [], "{}", &source[..20]);
    }
}

#[test]
fn what_is_too_deep_is_compared_by_its_text() {
    let deep = |x: &str| in_small_stack(format!("x = {}{x}{}\n", "(".repeat(5_000), ")".repeat(5_000)));
    assert!(!deep("1").diagnostics.is_empty());
    assert_ne!(deep("1").blocks[0].checksum, deep("2").blocks[0].checksum);
}

#[test]
fn a_large_file_is_read() {
    let source =
        "def function(a, b):\n    if a:\n        return [b, 'text', 1.5]\n    return a + b\n\n\n".repeat(20_000);
    let file = in_small_stack(source);
    assert_eq!(file.blocks.len(), 40_001);
    assert_eq!(file.diagnostics, []);
}

fn snippets() -> impl Strategy<Value = String> {
    let words = [
        "def f(a):",
        "class A:",
        "if x:",
        "else:",
        "try:",
        "except*",
        "match x:",
        "case _:",
        "\n",
        "\n  ",
        "\n    ",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "f'",
        "'",
        "\"\"\"",
        "x",
        "=",
        ":=",
        ":",
        ",",
        "*",
        "**",
        "lambda",
        "yield",
        "await",
        "import a",
        "from . import b",
        "@",
        "1",
        "\\",
        "\0",
        "é",
        "\r\n",
        "global x",
        "->",
        "|",
        ".",
        "#",
        "print",
        "exec",
        ";",
        "type X = ",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..60).prop_map(|w| w.join(" "))
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let file = analyse_python(&bytes, &Options::default());
        prop_assert!(!file.blocks.is_empty());
    }

    #[test]
    fn no_words_panic(source in snippets()) {
        let file = read(&source);
        prop_assert!(!file.blocks.is_empty());
        for block in &file.blocks {
            prop_assert!(block.lines.start >= 1 && block.lines.start <= block.lines.end);
        }
        prop_assert_eq!(read(&source), file);
    }

    #[test]
    fn the_codec_returns_what_it_was_given(source in snippets()) {
        let mut file = read(&source);
        let back = decode(&encode(&file)).unwrap();
        file.owners.clear();
        prop_assert_eq!(back, file);
    }

    #[test]
    fn the_codec_refuses_damage(source in snippets(), cut in any::<prop::sample::Index>(), flip in any::<u8>()) {
        let mut bytes = encode(&read(&source));
        let at = cut.index(bytes.len());
        bytes[at] ^= flip;
        let _ = decode(&bytes);
        let _ = decode(&bytes[..at]);
    }
}
