//! Surveys of Go: which benchmarks an edit affects, and what is followed through packages.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lightspeed_core::blocks::Options;
use lightspeed_core::impact::{Index, Policy};
use lightspeed_core::survey::{FileNow, Question, SurveyBuilder, SurveyError, answer};

const MODULE: &str = "module example.com/m\n\ngo 1.24\n";

const SUM: &str = r#"package m

import (
	"fmt"

	"example.com/m/half"
)

func Sum(n int) int {
	total := 0
	for i := 0; i < n; i++ {
		if i > Limit {
			total += half.Of(i)
		} else if i < Lowest {
			total--
		} else {
			total++
		}
	}
	return total
}

func Show(v any) string {
	return fmt.Sprint(v)
}

func Nothing() {}
"#;

const LIMITS: &str = r#"package m

const (
	Lowest = iota
	Limit
	Unused
)

var table = map[int]string{Limit: "limit"}
"#;

const SHAPE: &str = r#"package m

type Square struct{ side float64 }

func (s Square) Area() float64 {
	return s.side * s.side
}

type Other struct{}

func Name(n int) string {
	return table[n]
}
"#;

const HALF: &str =
    "package half\n\nfunc Of(n int) int {\n\treturn n / 2\n}\n\nfunc Twice(n int) int {\n\treturn 2 * n\n}\n";

const TESTS: &str = r#"package m

import "testing"

const size = 100

type recorder struct{ seen int }

func (r *recorder) Write(p []byte) (int, error) {
	r.seen += len(p)
	return len(p), nil
}

func repeat(b *testing.B, f func()) {
	for i := 0; i < b.N; i++ {
		f()
	}
}

func BenchmarkSum(b *testing.B) {
	repeat(b, func() { Sum(size) })
}

func BenchmarkShow(b *testing.B) {
	w := &recorder{}
	for i := 0; i < b.N; i++ {
		w.Write([]byte(Show(Square{2}.Area())))
	}
}

func BenchmarkName(b *testing.B) {
	for i := 0; i < b.N; i++ {
		Name(1)
		Nothing()
	}
}
"#;

const FILES: [(&str, &str); 6] = [
    ("go.mod", MODULE),
    ("sum.go", SUM),
    ("limits.go", LIMITS),
    ("shape.go", SHAPE),
    ("half/half.go", HALF),
    ("m_test.go", TESTS),
];

/// The numbers of the lines that hold any of the texts.
fn lines(source: &str, texts: &[&str]) -> Vec<u32> {
    let holds = |line: &str| texts.iter().any(|text| line.contains(text));
    (1..).zip(source.lines()).filter(|(_, line)| holds(line)).map(|(number, _)| number).collect()
}

fn index() -> Index {
    let mut builder = SurveyBuilder::new(Options::default());
    for (path, text) in FILES {
        builder.add_file(path, text.as_bytes()).unwrap();
    }
    for (number, name) in (0..).zip(["BenchmarkSum", "BenchmarkShow", "BenchmarkName"]) {
        assert_eq!(builder.add_benchmark(name).unwrap(), number);
        builder.begins_at(number, "m_test.go", name).unwrap();
        for path in ["sum.go", "shape.go", "half/half.go"] {
            builder.executed(number, path, &[]).unwrap();
        }
    }
    builder.executed(0, "sum.go", &lines(SUM, &["total := 0", "for i", "half.Of", "total++", "return total"])).unwrap();
    builder.executed(0, "half/half.go", &lines(HALF, &["n / 2"])).unwrap();
    builder.executed(1, "sum.go", &lines(SUM, &["fmt.Sprint"])).unwrap();
    builder.executed(1, "shape.go", &lines(SHAPE, &["s.side"])).unwrap();
    builder.executed(2, "shape.go", &lines(SHAPE, &["table[n]"])).unwrap();
    Index::new(builder.finish())
}

fn affected(index: &Index, files: &[(&str, Option<&str>)]) -> Vec<String> {
    let now: Vec<_> = files.iter().map(|(path, text)| FileNow { path, content: text.map(str::as_bytes) }).collect();
    let question = Question { hotfile_threshold: 1.0, ..Question::default() };
    let report = answer(index, &now, question);
    report.affected.iter().map(|found| found.benchmark.trim_start_matches("Benchmark").to_owned()).collect()
}

/// What an edit of one file affects: `from` replaced by `to`.
fn after(path: &str, from: &str, to: &str) -> Vec<String> {
    let text = FILES.iter().find(|(known, _)| *known == path).unwrap().1;
    assert!(text.contains(from), "{from:?} in {path}");
    affected(&index(), &[(path, Some(&text.replacen(from, to, 1)))])
}

const NOBODY: [&str; 0] = [];

#[test]
fn bodies_and_branches_are_those_of_who_executes_them() {
    assert_eq!(after("sum.go", "total := 0", "total := 1"), ["Sum"]);
    assert_eq!(after("sum.go", "total++", "total += 2"), ["Sum"]);
    assert_eq!(after("sum.go", "total--", "total -= 2"), NOBODY, "no benchmark goes there");
    assert_eq!(after("sum.go", "fmt.Sprint(v)", "fmt.Sprintln(v)"), ["Show"]);
    assert_eq!(after("half/half.go", "n / 2", "n >> 1"), ["Sum"]);
    assert_eq!(after("half/half.go", "2 * n", "n + n"), NOBODY);
    assert_eq!(after("shape.go", "s.side * s.side", "s.side"), ["Show"]);
}

#[test]
fn layout_and_comments_affect_nobody() {
    assert_eq!(after("sum.go", "total := 0", "// Nothing yet.\n\n\ttotal   :=   0;"), NOBODY);
    assert_eq!(after("sum.go", "func Show(v any) string {", "func Show(v any) (string) {"), NOBODY);
    assert_eq!(after("limits.go", "const (\n\tLowest = iota", "const (\n\n\tLowest = (iota)"), NOBODY);
    let turned = "\t\"example.com/m/half\"\n\t\"fmt\"\n";
    assert_eq!(after("sum.go", "\t\"fmt\"\n\n\t\"example.com/m/half\"\n", turned), NOBODY);
}

#[test]
fn names_reach_the_files_of_their_package_and_its_importers() {
    assert_eq!(after("limits.go", "Limit\n", "Limit = 7\n"), ["Sum", "Name"], "through the table too");
    assert_eq!(after("limits.go", "\tUnused\n", "\tUnused = 7\n"), NOBODY);
    assert_eq!(after("limits.go", "\tLowest = iota\n", "\tLowest = iota\n\tMiddle\n"), ["Sum", "Name"]);
    assert_eq!(after("limits.go", "\tUnused\n", "\tUnused\n\tMore\n"), NOBODY);
    assert_eq!(after("limits.go", "\"limit\"", "\"bound\""), ["Name"]);
    assert_eq!(after("half/half.go", "func Of(n int)", "func Of(n int64)"), ["Sum"]);
    assert_eq!(after("shape.go", "side float64", "side float32"), ["Show"]);
    assert_eq!(after("shape.go", "type Other struct{}", "type Other struct{ x int }"), NOBODY);
}

#[test]
fn methods_are_part_of_their_type() {
    let string = "func (s Square) String() string { return \"\" }\n";
    let text = format!("{SHAPE}\n{string}");
    assert_eq!(affected(&index(), &[("shape.go", Some(&text))]), ["Show"], "fmt asks for it");
    let file = format!("package m\n\n{string}");
    assert_eq!(affected(&index(), &[("string.go", Some(&file))]), ["Show"], "in a file of its own");
    let other = "package m\n\nfunc (o Other) String() string { return \"\" }\n";
    assert_eq!(affected(&index(), &[("string.go", Some(other))]), NOBODY);
    assert_eq!(affected(&index(), &[("elsewhere/string.go", Some(&file))]), NOBODY, "another package");
}

#[test]
fn what_runs_at_the_start_affects_all_that_are_linked_with_it() {
    let all = ["Sum", "Show", "Name"];
    assert_eq!(affected(&index(), &[("new.go", Some("package m\n\nfunc init() { println() }\n"))]), all);
    assert_eq!(affected(&index(), &[("new.go", Some("package m\n\nfunc other() { println() }\n"))]), NOBODY);
    assert_eq!(affected(&index(), &[("new.go", Some("package m\n\nvar _ = register()\n"))]), all);
    assert_eq!(affected(&index(), &[("new.go", Some("package m\n\nvar _ Shape = (*Square)(nil)\n"))]), NOBODY);
    let constrained = format!("//go:build linux\n\n{LIMITS}");
    assert_eq!(affected(&index(), &[("limits.go", Some(&constrained))]), all);
    assert_eq!(affected(&index(), &[("go.mod", Some("module example.com/m\n\ngo 1.25\n"))]), all);
    assert_eq!(after("half/half.go", "package half", "package half\n\nimport _ \"embed\""), all);
}

#[test]
fn packages_that_are_linked_newly_start_too() {
    let (all, imports) = (["Sum", "Show", "Name"], "package m\n\nimport \"example.com/m/third\"\n\nvar _ third.T\n");
    let quiet = "package third\n\ntype T int\n";
    let loud = format!("{quiet}\nfunc init() {{ println() }}\n");
    let deep = format!("{quiet}\nimport \"example.com/m/fourth\"\n");
    let fourth = ("fourth/f.go", Some("package fourth\n\nvar registered = register()\n"));
    assert_eq!(affected(&index(), &[("new.go", Some(imports)), ("third/t.go", Some(quiet))]), NOBODY);
    assert_eq!(affected(&index(), &[("new.go", Some(imports)), ("third/t.go", Some(&loud))]), all);
    assert_eq!(affected(&index(), &[("new.go", Some(imports)), ("third/t.go", Some(&deep)), fourth]), all);
    assert_eq!(affected(&index(), &[("third/t.go", Some(&loud))]), NOBODY, "nobody imports it");
}

#[test]
fn values_that_call_may_do_more_than_their_names_tell() {
    let all = ["Sum", "Show", "Name"];
    for (value, who) in [
        ("register(\"a\")", &all[..]),
        ("func() int { return 1 }()", &all),
        ("m.Register()", &all),
        ("[]string{\"a\"}", &NOBODY),
        ("errors.New(\"a\")", &NOBODY),
        ("func() int { return 1 }", &NOBODY),
        ("Local(3)\n\ntype Local int", &NOBODY),
    ] {
        let text = format!("package m\n\nimport \"errors\"\n\nvar unnamed = {value}\n");
        assert_eq!(affected(&index(), &[("new.go", Some(&text))]), who, "{text}");
    }
}

#[test]
fn literals_of_variables_are_functions_of_who_executes_them() {
    let table = "package m\n\nvar table = []func() int{\n\tfunc() int {\n\t\treturn 1\n\t},\n\tfunc() int {\n\t\treturn 2\n\t},\n}\n\n\
                 func At(n int) int {\n\treturn table[n]()\n}\n";
    let mut builder = SurveyBuilder::new(Options::default());
    builder.add_file("table.go", table.as_bytes()).unwrap();
    for (name, line) in [("one", 5), ("two", 8)] {
        let benchmark = builder.add_benchmark(name).unwrap();
        builder.executed(benchmark, "table.go", &[line, 13]).unwrap();
    }
    let index = Index::new(builder.finish());
    let after = |from: &str, to: &str| affected(&index, &[("table.go", Some(&table.replacen(from, to, 1)))]);
    assert_eq!(after("return 2", "return 3"), ["two"]);
    assert_eq!(after("return 1", "x := 1; return x"), ["one"]);
    assert_eq!(after("[]func", "[...]func"), ["one", "two"]);
}

#[test]
fn functions_that_coverage_cannot_count_are_found_by_their_names() {
    assert_eq!(after("sum.go", "func Nothing() {}", "func Nothing() { println() }"), ["Name"]);
}

#[test]
fn imports_are_names_of_their_file() {
    assert_eq!(after("sum.go", "\"fmt\"", "fmt \"example.com/other/fmt\""), ["Show"]);
    assert_eq!(after("sum.go", "\"example.com/m/half\"", "half \"example.com/m/third\""), ["Sum"]);
}

#[test]
fn test_files_are_reached_by_names() {
    assert_eq!(after("m_test.go", "size = 100", "size = 200"), ["Sum"]);
    assert_eq!(after("m_test.go", "i < b.N; i++ {\n\t\tf()", "i < b.N; i++ {\n\t\tf(); f()"), ["Sum"]);
    assert_eq!(after("m_test.go", "r.seen += len(p)", "r.seen++"), ["Show"], "the method of a type that is named");
    assert_eq!(after("m_test.go", "Name(1)", "Name(2)"), ["Name"]);
    let main = "package m\n\nfunc TestMain(m *testing.M) { m.Run() }\n";
    assert_eq!(affected(&index(), &[("main_test.go", Some(main))]), ["Sum", "Show", "Name"]);
    let more = format!("{TESTS}\nfunc TestSum(t *testing.T) {{ Sum(1) }}\n");
    assert_eq!(affected(&index(), &[("m_test.go", Some(&more))]), NOBODY);
}

#[test]
fn files_that_cannot_be_read_affect_who_is_linked_with_them() {
    assert_eq!(after("half/half.go", "return 2 * n", "return 2 *"), ["Sum", "Show", "Name"]);
    assert_eq!(affected(&index(), &[("limits.go", None)]), ["Sum", "Name"], "deleted");
}

#[test]
fn go_is_followed_precisely_and_python_beside_it_is_not() {
    assert_eq!(index().finest, Policy::Precise);
    let mut builder = SurveyBuilder::new(Options::default());
    builder.add_file("a.go", b"package a\n").unwrap();
    builder.add_file("a.py", b"x = 1\n").unwrap();
    assert_eq!(builder.finish().finest, Policy::Strict);
}

#[test]
fn a_benchmark_begins_at_a_function_that_is_there() {
    let mut builder = SurveyBuilder::new(Options::default());
    builder.add_file("m_test.go", TESTS.as_bytes()).unwrap();
    let benchmark = builder.add_benchmark("x").unwrap();
    let error = builder.begins_at(benchmark, "m_test.go", "BenchmarkNo").unwrap_err();
    assert_eq!(error.to_string(), "\"m_test.go\" has no function \"BenchmarkNo\"");
    let no_function = builder.begins_at(benchmark, "m_test.go", "recorder").unwrap_err();
    assert!(matches!(no_function, SurveyError::UnknownFunction { .. }));
    assert!(matches!(builder.begins_at(benchmark, "other_test.go", "f"), Err(SurveyError::UnknownFile(_))));
    assert_eq!(builder.begins_at(7, "m_test.go", "BenchmarkSum"), Err(SurveyError::UnknownBenchmark(7)));
}
