//! What Go's blocks are, and which edits they see. The whole is compared with `go/ast` by tests/oracle/go.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::analyse;
use crate::blocks::{DefinitionKind, FileBlocks};
use proptest::prelude::*;

fn of(body: &str) -> FileBlocks {
    analyse(&format!("package p\n\nfunc f(x int) {{\n{body}\n}}\n"))
}

fn ids(file: &FileBlocks) -> Vec<&str> {
    file.blocks.iter().map(|block| block.id.as_str()).collect()
}

/// Ids of the blocks whose checksums differ.
fn differing(one: &str, other: &str) -> Vec<String> {
    let (one, other) = (of(one), of(other));
    assert_eq!((&one.diagnostics, &other.diagnostics), (&Vec::new(), &Vec::new()));
    assert_eq!(ids(&one), ids(&other));
    let pairs = one.blocks.iter().zip(&other.blocks).filter(|(a, b)| a.checksum != b.checksum);
    pairs.map(|(a, _)| a.id.clone()).collect()
}

#[test]
fn suites_are_blocks_and_headers_are_of_the_block_around() {
    let file =
        of("if a := g(); a > 1 {\n\tfor range x {\n\t}\n} else if func() bool { return true }() {\n} else {\n}\n\
                   switch x {\ncase 1, 2:\n\tg()\ndefault:\n}\nswitch y := z.(type) {\ncase int:\n\tg(y)\n}\n\
                   select {\ncase v := <-c:\n\tg(v)\n}\n{\n\tg()\n}\nL:\nfor {\n\tbreak L\n}");
    assert_eq!(
        ids(&file),
        [
            "<module>",
            "f",
            "f/if[0]",
            "f/if[0]/for[0]",
            "f/func[0]",
            "f/if[0].elif[0]",
            "f/if[0].else",
            "f/switch[0].case[0]",
            "f/switch[0].case[1]",
            "f/switch[1].case[0]",
            "f/select[0].case[0]",
            "f/for[0]",
        ]
    );
    assert_eq!(file.diagnostics, []);
}

#[test]
fn methods_stand_in_their_type() {
    let file = analyse("package p\n\nfunc (t *T[K]) M() {}\n\nfunc (T[K]) N()\n\nfunc init() {}\n\nfunc init() {}\n");
    assert_eq!(ids(&file), ["<module>", "T", "T.M", "T.N", "init", "init#2"]);
    let kinds: Vec<_> = file.definitions.iter().map(|d| (d.kind, d.scope, d.spreads)).collect();
    let (binding, effect) = (DefinitionKind::Binding, DefinitionKind::Effect);
    assert_eq!(
        kinds,
        [
            (DefinitionKind::Guard, 0, false),
            (binding, 1, true),
            (binding, 1, true),
            (effect, 0, false),
            (effect, 0, false)
        ]
    );
}

#[test]
fn an_edit_is_of_the_block_that_holds_it() {
    for (one, other, block) in [
        ("x++", "x--", "f"),
        ("if x > 1 {\n\tg()\n}", "if x > 2 {\n\tg()\n}", "f"),
        ("if x > 1 {\n\tg(1)\n}", "if x > 1 {\n\tg(2)\n}", "f/if[0]"),
        ("if a {\n} else {\n\tg(1)\n}", "if a {\n} else {\n\tg(2)\n}", "f/if[0].else"),
        ("switch x {\ncase 1:\n\tg()\n}", "switch x {\ncase 2:\n\tg()\n}", "f"),
        ("for i := 0; i < x; i++ {\n\tg()\n}", "for i := 0; i <= x; i++ {\n\tg()\n}", "f"),
        ("for x > 1 {\n}", "for ; ; x > 1 {\n}", "f"),
        ("a[1:] = b", "a[:1] = b", "f"),
        ("var c chan<- int", "var c <-chan int", "f"),
        ("a := b", "a = b", "f"),
        ("go func() { g(1) }()", "go func() { g(2) }()", "f/func[0]"),
        ("g(func(a, b int) {})", "g(func(a int, b int8) {})", "f"),
        ("a = T{1, 2}", "a = T{1: 2}", "f"),
        ("g(a...)", "g(a)", "f"),
    ] {
        assert_eq!(differing(one, other), [block], "{one} → {other}");
    }
}

#[test]
fn layout_grouping_and_spelling_do_not_count() {
    for (one, other) in [
        ("x++ // up", "\n\n\tx++ ;"),
        ("a = (b + c) * d", "a = ((b + (c)) * d)"),
        ("g(1,\n\t2,\n)", "g(1, 2)"),
        ("var a, b = 1, 2", "var (\n\ta, b = 0x1, 0b10\n)"),
        ("a = \"\\x41\\n\"", "a = `A\n`"),
        ("g(func(a int, b int) (int) { return 1 })", "g(func(a, b int) int { return 1 })"),
        ("for x > 1 {\n}", "for ; x > 1; {\n}"),
        ("type T struct{ a, b int }", "type (\n\tT struct {\n\t\ta int\n\t\tb int\n\t}\n)"),
        ("a = []int{1, 2}", "a = []int{\n\t1,\n\t2, // two\n}"),
        ("x++", ";;x++;;"),
    ] {
        assert_eq!(differing(one, other), [""; 0], "{one} → {other}");
    }
}

#[test]
fn locals_are_no_mentions() {
    let file = of(
        "a, b := c, x\nvar d = a\nfor e := range b {\n\tg(e, d)\n}\nif h := i; h {\n}\ng(h, func(j int) { k(j) })\nL:\n\tgoto L",
    );
    let mentioned = |block: usize| -> Vec<String> {
        let name = |mention: &crate::blocks::Mention| match *mention {
            crate::blocks::Mention::Global(name) => file.name(name).to_owned(),
            other => format!("{other:?}"),
        };
        let mut names: Vec<String> = file.blocks[block].mentions.iter().map(name).collect();
        names.sort();
        names
    };
    assert_eq!(mentioned(1), ["c", "g", "h", "i", "int"]);
    assert_eq!(mentioned(2), ["g"]);
}

#[test]
fn parameters_are_in_scope_in_the_body() {
    let file = analyse("package p\n\nimport \"hash\"\n\nfunc f(hash hash.Hash, other hash.Hash) {\n\thash.Sum()\n}\n");
    let members = file.blocks[1].mentions.iter().filter(|m| matches!(m, crate::blocks::Mention::Member { .. }));
    let names: Vec<_> = members
        .map(|mention| match *mention {
            crate::blocks::Mention::Member { name, .. } => file.name(name),
            _ => "",
        })
        .collect();
    assert_eq!(names, ["Hash"], "Sum is of the parameter");
}

#[test]
fn constants_count_where_they_ask_for_it() {
    let checksums = |text: &str| -> Vec<u32> {
        let file = analyse(&format!("package p\n\nconst (\n{text}\n)\n"));
        file.definitions.iter().skip(1).map(|definition| definition.checksum).collect()
    };
    let (one, other) = (checksums("a = iota\nb\nc = 3\nd"), checksums("z = 1\na = iota\nb\nc = 3\nd"));
    assert_ne!(one[0], other[1], "a is 1 now");
    assert_ne!(one[1], other[2]);
    assert_eq!(one[2..], other[3..], "they do not count");
}

#[test]
fn which_call_of_a_function_initialises_a_variable_counts() {
    let last = |text: &str| analyse(&format!("package p\n\n{text}")).definitions.last().unwrap().checksum;
    assert_ne!(last("var a = next()\n"), last("var z = next()\nvar a = next()\n"));
    assert_eq!(
        last("import \"errors\"\nvar a = errors.New(\"\")\n"),
        last("import \"errors\"\nvar z = errors.New(\"\")\nvar a = errors.New(\"\")\n")
    );
}

#[test]
fn chains_of_any_length_are_read() {
    let long = vec!["\"a\""; 20_000].join(" + ");
    assert_eq!(of(&format!("x = {long}")).diagnostics, []);
    let ifs = vec!["if a {\n}"; 2_000].join(" else ");
    assert_eq!(of(&ifs).blocks.len(), 2_002);
    let deep = format!("x = {}1{}", "f(".repeat(2_000), ")".repeat(2_000));
    assert_eq!(of(&deep).diagnostics[0].message, "nesting too deep to follow");
}

#[test]
fn comments_may_stand_anywhere() {
    let plain = analyse("package p\n\nfunc (t *T) f() {\n\tswitch x := y.(type) {\n\tcase int:\n\t\tx++\n\t}\n}\n");
    let noted = analyse(
        "package /**/ p\n\nfunc (/**/ t /**/ * /**/ T) f() {\n\tswitch /**/ x := /**/ y.( /**/ type) {\n\tcase int:\n\t\tx++\n\t}\n}\n",
    );
    assert_eq!(ids(&plain), ["<module>", "T", "T.f", "T.f/switch[0].case[0]"]);
    assert_eq!(plain.blocks, noted.blocks);
    assert_eq!(plain.definitions, noted.definitions);
}

#[test]
fn any_number_of_names_may_share_a_type() {
    let names: Vec<String> = (0..40).map(|n| format!("a{n}")).collect();
    let one = analyse(&format!("package p\nfunc f(z bool, {} int) {{ g(a0, a39) }}\n", names.join(", ")));
    let each = analyse(&format!("package p\nfunc f(z bool, {} int) {{ g(a0, a39) }}\n", names.join(" int, ")));
    assert_eq!(one.blocks, each.blocks);
    assert_eq!(one.blocks[1].mentions.len(), 3, "bool, g, int");
    assert_eq!(one.definitions, each.definitions);
}

#[test]
fn cases_end_with_their_statements() {
    let file = of("switch x {\ncase 1:\n\tg()\n\n\n\ncase 2:\n\n\tg()\n\n// note\n\ndefault:\n\n}");
    let lines: Vec<(u32, u32)> = file.blocks[2..].iter().map(|block| (block.lines.start, block.lines.end)).collect();
    assert_eq!(lines, [(5, 6), (10, 12), (16, 16)]);
}

#[test]
fn the_last_line_needs_no_end() {
    let text = "package p\n\ntype (\n\tT int\n)\n\nvar (\n\tx T\n)";
    assert_eq!(analyse(text), analyse(&format!("{text}\n")));
    assert_eq!(analyse(text).blocks[0].lines.end, 9);
    assert_eq!(analyse(text).diagnostics, []);
}

#[test]
fn parentheses_around_functions_say_nothing() {
    let form = |text: &str| {
        let file = analyse(&format!("package p\n{text}\n"));
        file.definitions.iter().map(|d| (d.kind, d.checksum)).collect::<Vec<_>>()
    };
    assert_eq!(form("var a = f.g()\nvar b = f.g()"), form("var a = f.g()\nvar b = ((f).g)()"));
    assert_eq!(form("var _ = new(T)"), form("var _ = (new)(T)"));
    assert_eq!(form("var _ = (*T)(nil)"), form("var _ = (((*T)))(nil)"));
}

#[test]
fn constants_of_functions_know_their_group() {
    assert_eq!(differing("const (\na = iota\nb = iota\n)", "const (\na = iota\n)\nconst (\nb = iota\n)"), ["f"]);
    assert_eq!(differing("const (\na = iota\nb\n)", "const (\n_ = 1\na = iota\nb\n)"), ["f"]);
    assert!(differing("const (\na = 1\nb = 2\n)", "const a = 1\nconst b = 2").is_empty());
}

#[test]
fn operators_before_conversions_take_their_values() {
    for (one, other) in [
        ("(*[4]T)(x)", "*[4]T(x)"),
        ("(*T[K])(x)", "*T[K](x)"),
        ("(<-chan T)(x)", "<-chan T(x)"),
        ("(*[]T)(x).f", "*[]T(x).f"),
        ("(*[]T(x)).f", "*[]T(x).f"),
        ("*(*[4]T)(x)", "**[4]T(x)"),
        ("make(chan<- chan T)", "make(chan (<-chan T))"),
        ("make(<-chan chan T)", "make(chan<- chan T)"),
    ] {
        assert_eq!(differing(&format!("y = {one}"), &format!("y = {other}")), ["f"], "{one} {other}");
    }
    for (one, other) in [
        ("*(*[4]T)(x)", "*((*[4]T)(x))"),
        ("**[4]T(x)", "*(*([4]T(x)))"),
        ("<-chan T(x)", "<-(chan T)(x)"),
        ("make(chan<- chan T)", "make(chan<- (chan T))"),
        ("make(chan<- chan<- chan T)", "make(chan<- (chan<- (chan T)))"),
        ("make(<-chan <-chan T)", "make(<-chan (<-chan T))"),
        ("(*[]T)(x).f", "((*[]T)(x)).f"),
    ] {
        assert!(differing(&format!("y = {one}"), &format!("y = {other}")).is_empty(), "{one} {other}");
    }
}

#[test]
fn what_cgo_and_the_linker_read_counts() {
    for (one, other) in [
        ("package p\nimport (\n\t// int a;\n\t\"C\"\n)\n", "package p\nimport (\n\t// int b;\n\t\"C\"\n)\n"),
        ("package p\n/*\nint a;\n*/\nimport \"C\"\n", "package p\n/*\nint b;\n*/\nimport \"C\"\n"),
        ("//go:debug a=1\npackage p\n", "//go:debug a=2\npackage p\n"),
        ("//go:build a\npackage p\n", "//go:build b\npackage p\n"),
    ] {
        let changed = analyse(one)
            .definitions
            .iter()
            .zip(&analyse(other).definitions)
            .filter(|(a, b)| a.checksum != b.checksum)
            .count();
        assert_eq!(changed, 1, "{one}");
    }
}

#[test]
fn directives_before_a_group_are_of_its_first_variable() {
    let sums = |text: &str| -> Vec<u32> { analyse(text).definitions[1..].iter().map(|d| d.checksum).collect() };
    let (one, other) = ("package p\n//go:a\nvar (\n\tx T\n\ty T\n)\n", "package p\nvar (\n\t//go:a\n\tx T\n\ty T\n)\n");
    assert_eq!(sums(one), sums(other));
    assert_ne!(sums(one)[0], sums(&one.replace("go:a", "go:b"))[0]);
    assert_eq!(sums(one)[1], sums(&one.replace("go:a", "go:b"))[1]);
}

proptest! {
    #[test]
    fn any_text_has_blocks(text in "(?s)(package p\n)?([ \t\n(){}:;,=]|func|if|else|for|switch|case|type|var|const|x|y|T|\"|`|'|\\\\|0x?|1|\\.|<-|é){0,60}") {
        let file = analyse(&text);
        prop_assert_eq!(&analyse(&text), &file);
        for (number, block) in file.blocks.iter().enumerate() {
            prop_assert!(number == 0 || (block.parent as usize) < number);
            prop_assert!(block.lines.start <= block.lines.end);
        }
        for owner in &file.owners {
            prop_assert!(owner.lines.start >= 1 && owner.lines.start <= owner.lines.end);
        }
    }
}
