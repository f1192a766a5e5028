//! Names that code mentions, resolved as far as one file can.

use super::{clean, mention, mentions};
use crate::blocks::MODULE_ID;

#[test]
fn functions() {
    let table = [
        ("def f(a):\n  b = a\n  return b + c", "c"),
        ("def f():\n  return x.y", ".y x"),
        ("import m\ndef f():\n  return m.a.b", "m m.a:b m:a"),
        ("import m as n\ndef f():\n  return n.a", "m:a n"),
        ("from m import a\ndef f():\n  return a.b", "a m.a:b"),
        ("from . import a\ndef f():\n  return a.b", ".a:b a"),
        ("from ..p import a as c\ndef f():\n  return c.b", "..p.a:b c"),
        ("def f():\n  import m\n  return m.a", ":m m:a"),
        ("def f():\n  from m import a\n  return a", ":m m:a"),
        ("def f():\n  import m.n\n  return m.n.a", ":m m.n:a m:n"),
        ("def f(a):\n  return a.b", ".b"),
        ("def f():\n  return g().b", ".b g"),
        ("def f():\n  return 'name'", "'name'"),
        ("def f():\n  return 'a.b'", "'a' 'b'"),
        ("def f():\n  return 'not a name'", ""),
        ("def f():\n  return [x for x in y if z]", "y z"),
        ("def f():\n  return [x for x in x]", "x"),
        ("def f():\n  [a := 1 for b in c]\n  return a", "c"),
        ("def f():\n  return lambda a, b=c: a + b + d", "c d"),
        ("def f():\n  global a\n  a = 1", "a"),
        ("def f(a):\n  getattr(a, 'x_' + b)", "'x_' :x_* b getattr"),
        ("import m\ndef f(b):\n  getattr(m, f'x_{b}_y')", "getattr m m:x_*_y"),
        ("def f(a):\n  getattr(a, 'x')", "'x' getattr"),
        ("def f():\n  globals()[x]", ".:* globals x"),
        ("def f(a):\n  a(k=1)", ".k"),
        ("def f(a):\n  try: pass\n  except E as e: raise e", "E"),
        ("def f(a):\n  with b as c: c.d", ".d b"),
        ("def f(a):\n  for g in h: g", "h"),
        ("def f():\n  f", "f"),
    ];
    for (source, expected) in table {
        let mut found = mentions(source, "f");
        // A block below belongs to the function too.
        for block in clean(source).blocks.iter().filter(|b| b.id.starts_with("f/")) {
            found.extend(mentions(source, &block.id));
        }
        found.sort();
        found.dedup();
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn scopes_nest_as_in_python() {
    let source = "\
x = 1
class A:
    x = 2
    def m(self):
        return x
    y = [x for _ in z]
def f():
    x = 3
    def g():
        return x
    return g
def h():
    def g():
        nonlocal_ = x
    return g
";
    assert_eq!(mentions(source, "A.m"), ["x"]);
    assert_eq!(mentions(source, "f.g"), [] as [&str; 0]);
    assert_eq!(mentions(source, "h.g"), ["x"]);
    assert_eq!(mentions(source, MODULE_ID), [] as [&str; 0]);
}

#[test]
fn definitions_have_mentions_of_their_own() {
    let source =
        "import m\nx = m.a(y)\n@d\ndef f(p=q, r: s = 1) -> t: return u\nclass A(B):\n  z = w\nfrom m import *\n";
    let file = clean(source);
    let all: Vec<(String, String)> = file
        .definitions
        .iter()
        .map(|d| {
            let mut texts: Vec<String> = d.mentions.iter().map(|m| mention(&file, m)).collect();
            texts.sort();
            (super::binds(&file, d), texts.join(" "))
        })
        .collect();
    let expected = [("m", ":m"), ("x", "m m:a y"), ("f", "d q"), ("f", "s t"), ("A", "B"), ("z", "w"), ("", ":m m:*")];
    let expected: Vec<(String, String)> = expected.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
    assert_eq!(all, expected);
}

#[test]
fn unused_locals_and_parameters_are_no_mentions() {
    assert_eq!(mentions("def f(a, *b, c=1, **d):\n  e = a, b, c, d\n  del e\n", "f"), [] as [&str; 0]);
}

#[test]
fn dotted_names_mean_the_same_however_they_are_spaced() {
    let source = "import a\ndef f():\n    return a.b.c + g.h.__dict__ + None.d\n";
    let spaced = source.replace('.', " . ");
    assert_eq!(mentions(source, "f"), mentions(&spaced, "f"));
    assert!(mentions(source, "f").contains(&"a:b".to_owned()), "{:?}", mentions(source, "f"));
}
