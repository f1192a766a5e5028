//! Import-time statements: their kinds, what they bind, which of them an edit changes.

use super::{binds, changed_definitions, clean, definitions, differs};

fn kinds(source: &str) -> Vec<String> {
    definitions(&clean(source)).into_iter().map(|(d, _)| d).collect()
}

#[test]
fn kinds_and_names() {
    let table = [
        ("import a.b, c as d", "<module> import a,d"),
        ("from a import b, c as d", "<module> import b,d"),
        ("from a import *", "<module> star "),
        ("x = y = 1", "<module> binding x,y"),
        ("x, (y, *z) = a", "<module> binding x,y,z"),
        ("x: int = 1", "<module> binding x"),
        ("x += 1", "<module> binding x"),
        ("del x", "<module> binding x"),
        ("type X = int", "<module> binding X"),
        ("f()", "<module> effect "),
        ("assert a", "<module> effect "),
        ("x = (y := 1)", "<module> binding x,y"),
        ("def f(): pass", "<module> header f"),
        ("class A: pass", "<module> header A"),
        ("class A:\n  x: int", "<module> header A|A binding x"),
        ("def f(a: b): pass", "<module> header f|<module> annotation f"),
        ("def f() -> b: pass", "<module> header f|<module> annotation f"),
        ("if a: x = 1", "<module> guard x|<module>/if[0] binding x"),
        ("for x in y: z = 1", "<module> guard x,z|<module> guard x,z|<module>/for[0] binding z"),
        (
            "try: import a\nexcept ImportError: a = None",
            "<module> import a|<module> guard a|<module>/try[0].except[0] binding a",
        ),
        ("with a as b: c = 1", "<module> guard b,c|<module> binding b,c"),
        ("class A:\n  def f(self): x = 1\n  y = 2", "<module> header A|A header f|A binding y"),
        ("def f():\n  x = 1\n  class A: y = 2", "<module> header f"),
        ("'doc'\n...\n1\n'text'\npass", ""),
        ("__all__ = ['a']", "<module> binding __all__"),
        ("__all__.extend(['a'])", "<module> binding __all__"),
        ("(__all__).extend(['a'])", "<module> binding __all__"),
        ("__all__x()", "<module> effect "),
        ("f'{x}'\nf'{f()}'", "<module> effect |<module> effect "),
    ];
    for (source, expected) in table {
        let mut found = kinds(source);
        // Names of one definition are ordered by first use.
        let sort = |d: &str| match d.rsplit_once(' ') {
            Some((head, names)) => {
                let mut names: Vec<&str> = names.split(',').collect();
                names.sort_unstable();
                format!("{head} {}", names.join(","))
            }
            None => d.to_owned(),
        };
        found.iter_mut().for_each(|d| *d = sort(d));
        assert_eq!(found.join("|"), expected, "{source}");
    }
}

#[test]
fn an_edit_changes_the_one_definition() {
    let source = "\
import a
x = 1
@deco(1)
def f(p=2, q: int = 3) -> str:
    return p
class A(Base):
    y = 4
    @property
    def m(self, r=5): return 6
if a:
    z = 7
";
    let table = [
        ("import a", "import a as a", "<module> import a"),
        ("x = 1", "x = 10", "<module> binding x"),
        ("deco(1)", "deco(10)", "<module> header f"),
        ("p=2", "p=20", "<module> header f"),
        ("q: int", "q: float", "<module> annotation f"),
        ("-> str", "-> bytes", "<module> annotation f"),
        ("Base", "Other", "<module> header A"),
        ("y = 4", "y = 40", "A binding y"),
        ("@property", "@cached", "A header m"),
        ("r=5", "r=50", "A header m"),
        ("if a", "if not a", "<module> guard z"),
        ("z = 7", "z = 70", "<module>/if[0] binding z"),
    ];
    for (old, new, definition) in table {
        let found = changed_definitions(source, &source.replacen(old, new, 1));
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [definition], "{old}");
    }
    assert!(changed_definitions(source, &source.replace("return p", "return q")).is_empty());
    assert!(changed_definitions(source, &source.replace("return 6", "return 60")).is_empty());
}

#[test]
fn order_counts_where_it_can_matter() {
    assert!(changed_definitions("a = 1\nb = 2\n", "b = 2\na = 1\n").is_empty());
    assert!(!changed_definitions("a = 1\nb = a\na = 2\n", "a = 1\na = 2\nb = a\n").is_empty());
    assert!(changed_definitions("a = 1\nb = 2\nc = 3", "a = 1\nnew = 0\nb = 2\nc = 3").len() == 1);
}

#[test]
fn guarded_imports_are_marked() {
    let file = clean(
        "try:\n  import a\nexcept ImportError:\n  import b\nimport c\ntry:\n  import d\nexcept ValueError: pass\n",
    );
    let guarded: Vec<String> = file.definitions.iter().filter(|d| d.guarded).map(|d| binds(&file, d)).collect();
    assert_eq!(guarded.len(), 1);
    assert!(guarded[0].contains('a'));
}

#[test]
fn type_checking_branches_are_branches() {
    let source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\nx = 1\n";
    differs(source, &source.replace("import a", "import a, b"), "<module>/if[0]");
}

#[test]
fn exports_are_listed() {
    let exports = |source: &str| {
        let file = clean(source);
        file.exports.clone().map(|names| {
            let names: Vec<&str> = names.iter().map(|&n| file.name(n)).collect();
            names.join(",")
        })
    };
    assert_eq!(exports("__all__ = ['a', 'b']\n").as_deref(), Some("a,b"));
    assert_eq!(exports("__all__ = ['a']\n__all__ += ('b',)\n__all__.append('c')\n").as_deref(), Some("a,b,c"));
    assert_eq!(exports("x = ['a']\n"), None);
    assert_eq!(exports("def f(): __all__ = ['a']\n"), None);
}

#[test]
fn effects_reach_further_than_names() {
    let effect = |source: &str| clean(source).definitions.iter().any(|d| d.effect);
    for source in [
        "f()",
        "with a: x = 1",
        "import a\na.b = 1",
        "import a\na[0] = 1",
        "@register\ndef f(): pass",
        "class A(Enum): X = 1",
        "class A(metaclass=M): x = 1",
    ] {
        assert!(effect(source), "{source}");
    }
    for source in
        ["x = f()", "import a", "def f(): pass", "@property\ndef f(): pass", "class A: x = 1", "x = {}\nx['a'] = 1"]
    {
        assert!(!effect(source), "{source}");
    }
}

#[test]
fn a_future_import_concerns_the_whole_file() {
    let file = clean("from __future__ import annotations\nfrom a import b\n");
    let effects: Vec<bool> = file.definitions.iter().map(|d| d.effect).collect();
    assert_eq!(effects, [true, false]);
}
