//! Which suites are blocks, what their ids are, and that an edit stays where it is.

use super::{clean, differs, same};
use crate::blocks::BlockKind;

fn ids(source: &str) -> Vec<String> {
    clean(source).blocks.iter().map(|b| b.id.clone()).collect()
}

#[test]
fn ids_of_branches() {
    let source = "\
def f():
    if a: p()
    elif b: q()
    elif c: r()
    else: s()
    for x in y: p()
    else: q()
    while a: p()
    else: q()
    try: p()
    except A: q()
    except (B, C) as e: r()
    else: s()
    finally: t()
    with a: p()
    match a:
        case 1: p()
        case _: q()
    if a:
        if b: p()
    async def g(): yield
    try: p()
    except* A: q()
";
    let expected = "<module> f f/if[0] f/if[0].elif[0] f/if[0].elif[1] f/if[0].else f/for[0] f/for[0].else f/while[0] \
        f/while[0].else f/try[0].except[0] f/try[0].except[1] f/try[0].else f/match[0].case[0] f/match[0].case[1] f/if[1] \
        f/if[1]/if[0] f.g f/try[1].except[0]";
    assert_eq!(ids(source).join(" "), expected);
}

#[test]
fn an_edit_of_a_suite_changes_only_it() {
    let source = "\
def f():
    if a: suite_if()
    elif b: suite_elif()
    else: suite_else()
    for x in y: suite_for()
    else: suite_for_else()
    while a: suite_while()
    else: suite_while_else()
    try: own_try()
    except A: suite_except()
    else: suite_try_else()
    finally: own_finally()
    with a: own_with()
    match a:
        case 1: suite_case()
    def g():
        nested()
    class C:
        in_class()
        def m(self): method()
    z = [own_comprehension() for x in y]
    w = lambda: own_lambda()
";
    let table = [
        ("suite_if()", "f/if[0]"),
        ("suite_elif()", "f/if[0].elif[0]"),
        ("suite_else()", "f/if[0].else"),
        ("suite_for()", "f/for[0]"),
        ("suite_for_else()", "f/for[0].else"),
        ("suite_while()", "f/while[0]"),
        ("suite_while_else()", "f/while[0].else"),
        ("suite_except()", "f/try[0].except[0]"),
        ("suite_try_else()", "f/try[0].else"),
        ("suite_case()", "f/match[0].case[0]"),
        ("nested()", "f.g"),
        ("in_class()", "f.C"),
        ("method()", "f.C.m"),
        ("own_try()", "f"),
        ("own_finally()", "f"),
        ("own_with()", "f"),
        ("own_comprehension()", "f"),
        ("own_lambda()", "f"),
        ("case 1", "f"),
        ("except A", "f"),
        ("elif b", "f"),
    ];
    for (old, block) in table {
        let new = old.replace("()", "(1)").replace('1', "1 + 1");
        let new = if new == old { format!("{old}.attribute") } else { new };
        differs(source, &source.replacen(old, &new, 1), block);
    }
}

#[test]
fn kinds_parents_and_roots() {
    let file = clean("class A:\n  def f(self):\n    for x in y:\n      if x: z()\n");
    let found: Vec<_> =
        file.blocks.iter().map(|b| (b.id.as_str(), b.kind, b.parent, b.root, b.lines.start, b.lines.end)).collect();
    assert_eq!(
        found,
        [
            ("<module>", BlockKind::Module, 0, 0, 1, 4),
            ("A", BlockKind::Class, 0, 1, 1, 4),
            ("A.f", BlockKind::Function, 1, 2, 2, 4),
            ("A.f/for[0]", BlockKind::Branch, 2, 2, 4, 4),
            ("A.f/for[0]/if[0]", BlockKind::Branch, 3, 2, 4, 4),
        ]
    );
}

#[test]
fn functions_come_go_and_move_alone() {
    let (f, g, a) = ("def f(): return 1\n", "def g(): return 2\n", "class A:\n  def m(self): return 3\n  x = 4\n");
    differs(&format!("{f}{a}"), &format!("{f}{g}{a}"), "g");
    differs(&format!("{f}{g}{a}"), &format!("{a}{g}{f}"), "");
    differs(a, "class A:\n  def new(self): return 0\n  x = 4\n  def m(self): return 3\n", "A.new");
    let file = clean(&format!("{f}{g}{a}"));
    let moved = clean(&format!("{a}{g}{f}"));
    let sorted = |file| {
        let mut all = super::definitions(file);
        all.sort();
        all
    };
    assert_eq!(sorted(&file), sorted(&moved));
}

#[test]
fn second_definitions_of_a_name_have_ids_of_their_own() {
    assert_eq!(
        ids("def f(): pass\ndef f(): pass\nif a:\n  def f(): pass\n").join(" "),
        "<module> f f#2 <module>/if[0] f#3"
    );
    assert_eq!(
        ids("class A:\n  @property\n  def x(self): pass\n  @x.setter\n  def x(self, v): pass\n").join(" "),
        "<module> A A.x A.x#2"
    );
}

#[test]
fn a_function_is_told_apart_by_its_nature() {
    let f = |body: &str| format!("def f(a):\n  if a:\n    {body}\n  return b\n");
    differs(&f("c"), &f("d"), "f/if[0]");
    differs(&f("c"), &f("yield c"), "f f/if[0]");
    differs(&f("c"), &f("b = 1"), "f f/if[0]");
    differs(&f("c"), &f("a = 1"), "f/if[0]");
    differs(&f("c"), &f("global a_"), "f f/if[0]");
    differs(&f("c"), &f("for b in c: pass"), "f f/if[0] f/if[0]/for[0]");
    differs(&f("c"), &f("import b"), "f f/if[0]");
    differs(&f("c"), &f("[b for b in c]"), "f/if[0]");
    differs(&f("c"), &f("[b := 1 for d in c]"), "f f/if[0]");
    differs(&f("c"), &f("lambda: (yield)"), "f/if[0]");
    differs(&f("c"), &f("def b(): yield"), "f f/if[0] f.b");
    differs("def f(): pass", "async def f(): pass", "f");
    differs("def f(a): pass", "def f(b): pass", "f");
    differs("def f(a): pass", "def f(*a): pass", "f");
    differs("def f(a, b): pass", "def f(a, *, b): pass", "f");
    differs("def f(a, b): pass", "def f(a, /, b): pass", "f");
    let outer = |line: &str| format!("def f():\n  x = 1\n  def g():\n    if x:\n      {line}\n");
    differs(&outer("y = 1"), &outer("nonlocal x"), "f.g f.g/if[0]");
}

#[test]
fn a_signature_belongs_to_definition_and_function() {
    let module = "def f(a=1, *b: c, d: e = 2) -> g:\n  return a\n";
    differs(module, &module.replace("=1", "=3"), "");
    differs(module, &module.replace(": e", ": h"), "");
    differs(module, &module.replace("-> g", "-> h"), "");
    let nested = format!("def outer():\n  {}", module.replace('\n', "\n  "));
    differs(&nested, &nested.replace("=1", "=3"), "outer");
    differs(&nested, &nested.replace("-> g", "-> h"), "outer");
    differs(&nested, &nested.replace("return a", "return b"), "outer.f");
}

#[test]
fn trivial_suites_are_marked() {
    let file =
        clean("def f():\n  if a: pass\n  else: ...\n  for x in y: continue\n  while a: f'{b()}'\n  if b: 'text'\n");
    let trivial: Vec<&str> = file.blocks.iter().filter(|b| b.trivial).map(|b| b.id.as_str()).collect();
    assert_eq!(trivial, ["f/if[0]", "f/if[0].else", "f/for[0]", "f/if[1]"]);
}

#[test]
fn decorators_that_may_replace_a_body_make_it_opaque() {
    let file = clean(
        "@property\ndef a(): pass\n@numba.njit(cache=True)\ndef b(): pass\n@functools.lru_cache(1)\ndef c(): pass\n",
    );
    let opaque: Vec<&str> = file.blocks.iter().filter(|b| b.opaque).map(|b| b.id.as_str()).collect();
    assert_eq!(opaque, ["b"]);
}

#[test]
fn formatting_inside_blocks_changes_nothing() {
    same(
        "def f(a,b):\n\tif a: return {'x':1}\n\telse:\n\t\treturn b\n",
        "def f(\n    a,\n    b,\n):\n    # why\n    if a:\n        return {\n            \"x\": 1,\n        }\n\n    else:\n        return (b)\n",
    );
}
