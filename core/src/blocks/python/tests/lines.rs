//! Executed lines as units: `coverage::LineMap` over analysed sources.

use super::clean;
use crate::blocks::FileBlocks;
use crate::coverage::{CodeLines, LineMap};

fn executed(file: &FileBlocks, codes: &[(u32, &str, &[u32])], imported: bool) -> Vec<String> {
    let codes: Vec<CodeLines<'_>> =
        codes.iter().map(|&(first_line, name, lines)| CodeLines { first_line, name, lines }).collect();
    let units = LineMap::new(file).executed(&codes, imported);
    let count = file.blocks.len() as u32;
    let name = |unit: u32| match file.blocks.get(unit as usize) {
        Some(block) => block.id.clone(),
        None => format!("={}", super::binds(file, &file.definitions[(unit - count) as usize])),
    };
    units.iter().map(name).collect()
}

#[test]
fn lines_of_a_function_and_its_branches() {
    let file = clean("def f(a):\n    if a:\n        b()\n    else:\n        c()\n    return 1\n");
    assert_eq!(executed(&file, &[(0, "", &[2, 3, 6])], true), ["f", "f/if[0]"]);
    assert_eq!(executed(&file, &[(1, "f", &[2, 5, 6])], true), ["f", "f/if[0].else"]);
    assert_eq!(executed(&file, &[(1, "<module>", &[1])], false), ["<module>"]);
}

#[test]
fn code_objects_tell_one_line_apart() {
    let file = clean("def f(a): return a\nclass A: x = 1\n");
    assert_eq!(executed(&file, &[(1, "f", &[1])], true), ["f"]);
    assert_eq!(executed(&file, &[(1, "<module>", &[1, 2]), (2, "A", &[2])], false), ["<module>", "A"]);
    // A tracer that knows lines only cannot: both count.
    assert_eq!(executed(&file, &[(0, "", &[1])], true), ["<module>", "f", "=f"]);
}

#[test]
fn decorated_functions_begin_at_the_first_decorator() {
    let file = clean("@a\n@b(\n    1\n)\ndef f(x):\n    '''doc'''\n    return x\n");
    assert_eq!(executed(&file, &[(1, "f", &[7])], true), ["f"]);
    assert_eq!(executed(&file, &[(1, "<module>", &[1, 2, 5])], false), ["<module>"]);
}

#[test]
fn trivial_branches_come_with_their_parent() {
    let file = clean("def f(a):\n    for x in a:\n        continue\n    if a:\n        pass\n    else:\n        b()\n");
    assert_eq!(executed(&file, &[(1, "f", &[2])], true), ["f", "f/for[0]", "f/if[0]"]);
}

#[test]
fn a_lambda_of_the_module_is_its_definition() {
    let file = clean("table = {\n    'a': lambda x: x,\n}\n");
    assert_eq!(executed(&file, &[(2, "<lambda>", &[2])], true), ["<module>", "=table"]);
    assert_eq!(executed(&file, &[(1, "<module>", &[1, 2])], false), ["<module>"]);
}

#[test]
fn a_branch_brings_those_around_it() {
    let file = clean("def f(a):\n    if a:\n        for b in a:\n            c()\n");
    assert_eq!(executed(&file, &[(0, "", &[4])], true), ["f", "f/if[0]", "f/if[0]/for[0]"]);
}

#[test]
fn nested_functions_and_classes() {
    let file = clean("def f():\n    class A:\n        def m(self):\n            return 1\n    return A\n");
    assert_eq!(executed(&file, &[(3, "m", &[4])], true), ["f.A.m"]);
    assert_eq!(executed(&file, &[(1, "f", &[2, 5])], true), ["f"]);
}

#[test]
fn every_executable_line_has_an_owner() {
    let source = "import a\nif a:\n    x = 1\nelse:\n    x = 2\ntry:\n    f()\nexcept E:\n    g()\nfinally:\n    h()\nwith a as b:\n    i()\nfor j in k:\n    l()\n";
    let file = clean(source);
    for line in 1..=source.lines().count() as u32 {
        let text = source.lines().nth(line as usize - 1).unwrap();
        let code = !matches!(text.trim(), "else:" | "finally:");
        assert!(!executed(&file, &[(0, "", &[line])], false).is_empty() || !code, "line {line}: {text}");
    }
}

#[test]
fn lines_beyond_the_file_are_ignored() {
    let file = clean("x = 1\n");
    assert!(executed(&file, &[(0, "", &[0, 7, u32::MAX])], true).is_empty());
}
