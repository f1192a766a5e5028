package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Benchmarks of the small module, by package.
var (
	ofShapes = []string{"shapes.BenchmarkSquares", "shapes.BenchmarkLargest/squares", "shapes.BenchmarkLargest/circles", "shapes.BenchmarkRoot", "shapes.BenchmarkMake",
		"shapes.BenchmarkKind/one", "shapes.BenchmarkKind/nine"}
	ofText = []string{
		"text.BenchmarkWords", "text.BenchmarkRepeat/few", "text.BenchmarkRepeat/many", "text.BenchmarkBar", "text.BenchmarkUpper", "text.BenchmarkSkipped",
	}
	ofAll = append(append([]string{}, ofShapes...), ofText...)
)

var edits = []struct {
	what, file, old, new string
	affects              []string
}{
	{"a comment", "shapes/shape.go", "total := 0", "// So far.\n\ttotal := 0", nil},
	{"layout", "shapes/shape.go", "{\n\ttotal := 0\n", "{\n\n\n\t  total:=0;\n\n", nil},
	{"a function", "shapes/shape.go", "total += one.Area()", "total += 2 * one.Area()", ofShapes[:1]},
	{"a method behind an interface", "shapes/square.go", "s.Side * s.Side", "s.Side * (s.Side + 0)",
		[]string{"shapes.BenchmarkSquares", "shapes.BenchmarkLargest/squares", "text.BenchmarkBar"}},
	{"a method of a pointer", "shapes/square.go", "pi * c.Radius * c.Radius", "pi * (c.Radius * c.Radius)", []string{"shapes.BenchmarkLargest/circles"}},
	{"a method that none calls", "shapes/square.go", `return "circle"`, `return "a circle"`, nil},
	// Whose method a name means is not told apart: the builder of strings has a String too.
	{"a method less", "shapes/square.go", "func (c *Circle) String() string { return \"circle\" }\n", "",
		[]string{"shapes.BenchmarkLargest/squares", "shapes.BenchmarkLargest/circles", "text.BenchmarkRepeat/many"}},
	{"a method more", "shapes/square.go", "// Circle is", "func (s Square) String() string { return \"\" }\n\n// Circle is",
		append([]string{"text.BenchmarkBar", "text.BenchmarkRepeat/many", "shapes.BenchmarkMake"}, ofShapes[:3]...)},
	{"a constant of another file", "shapes/constants.go", "pi       = 3", "pi       = 4", []string{"shapes.BenchmarkLargest/circles"}},
	{"a constant of a branch that none took", "shapes/constants.go", "fallback = 7", "fallback = 8", nil},
	{"an unused function more", "shapes/constants.go", "const (", "func unused() {}\n\nconst (", nil},
	{"what init calls", "shapes/table.go", "found++", "found += 1", ofAll},
	{"init", "shapes/table.go", "range 100", "range 200", ofAll},
	{"an init more", "shapes/constants.go", "const (", "func init() { roots = append(roots, 1) }\n\nconst (", ofAll},
	{"a build constraint", "shapes/table.go", "package shapes", "//go:build linux\n\npackage shapes", ofAll},
	{"a helper of tests", "shapes/helpers_test.go", "Square{side}", "Square{side + 1}", ofShapes[:3]},
	{"a benchmark", "shapes/shapes_test.go", "Root(number)", "Root(number + 1)", ofShapes[3:4]},
	{"sub-benchmarks", "shapes/shapes_test.go", "Largest(all)", "Largest(all[1:])", ofShapes[1:3]},
	{"a benchmark's file, but no benchmark", "shapes/shapes_test.go", "func BenchmarkRoot", "func unused() {}\n\nfunc BenchmarkRoot", nil},
	{"a branch", "text/text.go", "made.WriteString(text)", "made.WriteString(text + \"\")", []string{"text.BenchmarkRepeat/many"}},
	{"the other branch", "text/text.go", "made += text", "made = made + text", []string{"text.BenchmarkRepeat/few", "text.BenchmarkBar"}},
	{"a branch from the second iteration on", "text/text.go", "hits++", "hits += 2", []string{"text.BenchmarkUpper"}},
	{"a branch from the 5000th iteration on", "text/text.go", "hits = 0", "hits = 1", []string{"text.BenchmarkUpper"}},
	{"a variable", "text/text.go", "known = map[string]string{}", `known = map[string]string{"": ""}`, []string{"text.BenchmarkUpper"}},
	{"a file that a benchmark reads", "text/testdata/late.txt", "two", "too", ofText[:1]},
	{"a file that initialisation reads", "text/testdata/early.txt", "soon", "sooner", ofText},
	{"a file that none reads", "text/testdata/unused.txt", "unused", "useless", nil},
	{"a file that is embedded", "text/stops.txt", "the", "these", ofText},
	{"another module", "rules/rules.go", `"-"`, `"="`, ofText},
	{"the layout of a type", "shapes/square.go", "struct{ Side int }", "struct{ Side, Border int }",
		append([]string{"text.BenchmarkBar", "shapes.BenchmarkMake"}, ofShapes[:3]...)},
	{"the type of a field", "shapes/square.go", "Radius int", "Radius int32", ofShapes[1:3]},
	{"a builtin that is hidden", "shapes/constants.go", "const (", "func len([]int) int { return 100 }\n\nconst (", ofShapes[3:4]},
	{"a directive", "shapes/square.go", "func (s Square) Area", "//go:noinline\nfunc (s Square) Area",
		[]string{"shapes.BenchmarkSquares", "shapes.BenchmarkLargest/squares", "text.BenchmarkBar"}},
	{"a TestMain more", "shapes/helpers_test.go", "func squares", "func TestMain(m *testing.M) { m.Run() }\n\nfunc squares", ofShapes},
	{"an init of tests more", "shapes/helpers_test.go", "func squares", "func init() { roots[0]++ }\n\nfunc squares", ofShapes},
	{"a variable that none uses", "text/text_test.go", "testdata/early.txt", "testdata/unused.txt", nil},
	{"what is registered", "shapes/makers.go", "\treturn Square{side}", "\treturn Square{side + 1}", ofShapes[4:5]},
	{"which is registered", "shapes/makers.go", "func(side int) Shape {\n\treturn Square{side}\n}", "round", ofAll},
	{"a method of tests", "shapes/helpers_test.go", "func squares", "func (s Square) Sides() int { return 4 }\n\nfunc squares",
		append([]string{"shapes.BenchmarkMake"}, ofShapes[:3]...)},
	{"an empty function", "shapes/hooks.go", "hook() {}", "hook() { println() }", ofShapes[5:]},
	// Whether it ran, coverage does not say of an empty suite.
	{"an empty branch", "shapes/hooks.go", "> 5 {\n", "> 5 {\n\t\tprintln()\n", ofShapes[5:]},
	{"a case that none takes", "shapes/hooks.go", "return 2", "return 3", nil},
	{"go.mod", "go.mod", "go 1.24", "go 1.24.1", ofAll},
}

func TestEdits(t *testing.T) {
	dir := small(t)
	for _, edit := range edits {
		t.Run(edit.what, func(t *testing.T) {
			replace(t, dir, edit.file, edit.old, edit.new)
			found := must1(affectedSince(t.Context(), dir))(t)
			expect(t, shortIDs(found), edit.affects...)
			if len(found.unknown) != 0 {
				t.Errorf("new are %v", found.unknown)
			}
			for benchmark, reasons := range found.reasons {
				if len(reasons) == 0 || !strings.Contains(reasons[0], edit.file) {
					t.Errorf("%s is affected: %q", benchmark, reasons)
				}
			}
		})
	}
}

// shortIDs are the ids without the module's path.
func shortIDs(of affected) []string {
	var ids []string
	for one := range of.reasons {
		ids = append(ids, strings.TrimPrefix(one, "example.test/small/"))
	}
	return ids
}

func TestNothingChanged(t *testing.T) {
	dir := small(t)
	found := must1(affectedSince(t.Context(), dir))(t)
	if expect(t, shortIDs(found)); found.surveyed != 13 {
		t.Error(found)
	}
}

func TestNewBenchmark(t *testing.T) {
	dir := small(t)
	replace(t, dir, "shapes/shapes_test.go", "func BenchmarkRoot", "func BenchmarkNew(b *testing.B) {}\n\nfunc Benchmarked() {}\n\nfunc BenchmarkRoot")
	found := must1(affectedSince(t.Context(), dir))(t)
	expect(t, found.unknown, "example.test/small/shapes.BenchmarkNew")
	if text := found.String(); !strings.Contains(text, "BenchmarkNew is new: survey again") {
		t.Error(text)
	}
}

func TestNewFiles(t *testing.T) {
	dir := small(t)
	for _, one := range []struct {
		name, content string
		affects       []string
	}{
		{"more.go", "package shapes\n\nfunc more() {}\n", nil},
		{"more.go", "package shapes\n\nfunc init() { println(roots[0]) }\n", ofAll},
		{"more.go", "package shapes\n\nfunc cap(int) {}\n\nfunc len([]int) int { return 100 }\n", ofShapes[3:4]},
		{"more_test.go", "package shapes\n\nfunc more() {}\n", nil},
		{"more_test.go", "package shapes\n\nfunc init() { println(roots[0]) }\n", ofShapes},
		{"more_test.go", "package shapes\n\nimport \"testing\"\n\nfunc TestMain(m *testing.M) { m.Run() }\n", ofShapes},
		{"more_test.go", "package shapes_test\n\nimport \"os\"\n\nvar _ = os.Setenv(\"GOGC\", \"off\")\n", ofShapes},
	} {
		path := filepath.Join(dir, "shapes", one.name)
		must(t, os.WriteFile(path, []byte(one.content), 0o644))
		if found := shortIDs(must1(affectedSince(t.Context(), dir))(t)); !expect(t, found, one.affects...) {
			t.Errorf("with %s:\n%s", one.name, one.content)
		}
		must(t, os.Remove(path))
	}
}

// A package that is linked newly runs its init, wherever it is imported.
func TestNewPackage(t *testing.T) {
	dir := small(t)
	must(t, os.Mkdir(filepath.Join(dir, "heavy"), 0o755))
	heavy := "package heavy\n\nimport \"example.test/small/shapes\"\n\nconst One = 1\n\nfunc init() { shapes.Root(1) }\n"
	must(t, os.WriteFile(filepath.Join(dir, "heavy", "heavy.go"), []byte(heavy), 0o644))
	expect(t, shortIDs(must1(affectedSince(t.Context(), dir))(t)))
	replace(t, dir, "text/stops.go", "import _ \"embed\"", "import (\n\t_ \"embed\"\n\n\t\"example.test/small/heavy\"\n)")
	replace(t, dir, "text/stops.go", "len(stops)", "len(stops) + heavy.One")
	expect(t, shortIDs(must1(affectedSince(t.Context(), dir))(t)), ofText...)
}

func TestFileGone(t *testing.T) {
	dir := small(t)
	must(t, os.Remove(filepath.Join(dir, "shapes", "constants.go")))
	expect(t, shortIDs(must1(affectedSince(t.Context(), dir))(t)), "shapes.BenchmarkLargest/circles")
}

func TestWhatIsRefused(t *testing.T) {
	dir := copied(t, "testdata/small")
	for wanted, call := range map[string]func() error{
		"run `gobench survey` first": func() error { _, err := affectedSince(t.Context(), dir); return err },
		"give the directory of a go.mod": func() error {
			_, err := survey(t.Context(), filepath.Join(dir, "shapes"), limit)
			return err
		},
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("%v does not say %q", err, wanted)
		}
	}
}
