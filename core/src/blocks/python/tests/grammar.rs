//! Where the grammar's tree is not Python's: the same meaning has one checksum, another meaning another.

use super::{differ, same};

#[test]
fn and_binds_more_tightly_than_exclusive_or() {
    same("x = a & b ^ c", "x = (a & b) ^ c");
    same("x = a ^ b & c", "x = a ^ (b & c)");
    same("x = a & b ^ c & d & e ^ f | g", "x = ((((a & b) ^ ((c & d) & e)) ^ f)) | g");
    same("x = a << b >> c & d ^ e | f", "x = (((a << b) >> c & d) ^ e) | f");
    differ("x = a & b ^ c", "x = a & (b ^ c)");
    differ("x = a ^ b & c", "x = (a ^ b) & c");
}

#[test]
fn await_binds_more_tightly_than_a_power() {
    let function = |value: &str| format!("async def f():\n  return {value}");
    let same = |a: &str, b: &str| same(&function(a), &function(b));
    same("await a ** b", "(await a) ** b");
    same("await a ** await b ** c", "(await a) ** ((await b) ** c)");
    super::differs(&function("await a ** b"), &function("await (a ** b)"), "f");
}

#[test]
fn a_tuple_beside_another_item_of_with_is_a_tuple() {
    for (a, b) in [
        ("with a, (c,) as d: e", "with a, c as d: e"),
        ("with a, (b,): c", "with a, b: c"),
        ("with (a, (b,)): c", "with (a, b): c"),
        ("with (a := b, c): d", "with (a := b), c: d"),
        ("with (a := b, c): d", "with ((a := b), c): d"),
        ("with (a,) as b: c", "with a as b: c"),
    ] {
        differ(a, b);
    }
    same("with (a, b): c", "with a, b: c");
    same("with (a := b, c): d", "with ((a := b, c)): d");
    same("with (*a, b): c", "with ((*a, b)): c");
}

#[test]
fn templates_are_no_strings() {
    differ("x = t'{a}b'", "x = '{a}b'");
    differ("x = t'{a}b'", "x = f'{a}b'");
    differ("x = t'{a}b'", "x = t'{c}b'");
    differ("x = t'b'", "x = 'b'");
    // A template keeps the text of what it interpolates.
    differ("x = t'{a + 1}'", "x = t'{a+1}'");
    same("x = f'{a + 1}'", "x = f'{a+1}'");
    assert_eq!(super::mentions("def f():\n  return t'{a}'", "f"), ["a"]);
}

#[test]
fn type_is_a_keyword_only_where_an_alias_is() {
    same("type(a).b = c", "(type(a)).b = c");
    same("type [a] = c", "(type)[a] = c");
    same("x = 'type(a)'", "x = 'type' '(a)'");
    differ("type(a).b = c", "typ_(a).b = c");
    differ("type(a).b = c", "type(a).b = d");
    differ("type a = c", "type(a).b = c");
    assert_eq!(super::mentions("def f():\n  type(a).b = c", "f"), [".b", "a", "c", "type"]);
}

#[test]
fn the_name_of_a_with_item_belongs_to_all_of_it() {
    for value in ["a if b else c()", "a if b else c if d else e", "lambda: a", "lambda x: x if a else b"] {
        same(&format!("with {value} as f, g: pass"), &format!("with ({value}) as f, g: pass"));
        differ(&format!("with {value} as f: pass"), &format!("with {value} as h: pass"));
    }
}

#[test]
fn handlers_without_parentheses_catch_a_tuple() {
    same("try: a\nexcept B, C: d", "try: a\nexcept (B, C): d");
    same("try: a\nexcept* B, C: d", "try: a\nexcept* (B, C): d");
    differ("try: a\nexcept B, C: d", "try: a\nexcept B, D: d");
}

#[test]
fn a_star_before_a_subscript_makes_no_tuple_of_its_index() {
    let f = |annotation: &str| format!("def f(*a: {annotation}): pass");
    same(&f("*b[c, d]"), &f("*b[(c, d)]"));
    assert_ne!(super::definitions(&super::clean(&f("*b[c]"))), super::definitions(&super::clean(&f("*b[c,]"))));
}

#[test]
fn a_variable_named_type_is_not_misread() {
    same("type[x] = y", "(type)[x] = y");
    same("type (B)[T] = c", "(type(B))[T] = c");
    same("type (a, b)\n(x) = c", "type(a, b)\nx = c");
}

#[test]
fn a_binding_below_concerns_no_definition_above() {
    let changed = super::changed_definitions("a = b\nc = 1\n", "a = b\nc = 1\nb = 2\n");
    assert_eq!(changed.into_iter().collect::<Vec<_>>(), ["<module> binding b"]);
    assert!(!super::changed_definitions("a = 1\nc = a, b\nb = 2\n", "b = 2\nc = a, b\na = 1\n").is_empty());
}
