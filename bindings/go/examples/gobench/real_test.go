package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	realModule = flag.String("real", "github.com/expr-lang/expr@v1.17.8", "the module, with its version, that is put to the test")
	witnesses  = flag.Int("witnesses", 4, "how many places of it are watched")
	ofPlaces   = flag.String("of", "", "only places whose name contains this")
	placeSeed  = flag.Uint64("places", 1, "decides which")
)

// realCopy is a copy of the real module.
func realCopy(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("a real module takes minutes")
	}
	output := must1(command(t.Context(), t.TempDir(), "go", "mod", "download", "-json", *realModule))(t)
	var downloaded struct{ Dir string }
	must(t, json.Unmarshal(output, &downloaded))
	return copied(t, downloaded.Dir)
}

// A place in the module says that it is executed; the benchmarks of which it does must be selected where it changes.
func TestWitnesses(t *testing.T) {
	dir := realCopy(t)
	surveyed := must1(survey(t.Context(), dir, limit))(t)
	t.Log(surveyed)
	if surveyed.benchmarks < 20 || len(surveyed.doubts) != 0 {
		t.Fatal("that is no suite to learn from")
	}
	module := must1(readModule(t.Context(), dir))(t)
	places := somePlaces(t, module)
	folder := t.TempDir()
	untouched := builtSuites(t, module, folder)
	missed, superfluous, affected := 0, 0, 0
	t.Logf("%-60s %9s %9s %7s %12s", "place", "affected", "selected", "missed", "superfluous")
	for _, place := range places {
		truth, selected := place.witness(t, module, folder, untouched)
		lost, more := without(truth, selected), without(selected, truth)
		missed, superfluous, affected = missed+len(lost), superfluous+len(more), affected+len(truth)
		t.Logf("%-60s %9d %9d %7d %12d", place, len(truth), len(selected), len(lost), len(more))
		if len(lost) > 0 {
			t.Errorf("%s affects, but does not select, %s", place, strings.Join(lost, ", "))
		}
	}
	t.Logf("%-60s %9d %9s %7d %12d", "together", affected, "", missed, superfluous)
	if affected == 0 {
		t.Error("no place affects a benchmark: nothing was tested")
	}
}

// place is where a statement can be put into a source.
type place struct {
	file string
	// offset is behind the brace or colon after which the first statement stands.
	offset   int
	position token.Position
	what     string
}

func (p place) String() string { return fmt.Sprintf("%s:%d %s", p.file, p.position.Line, p.what) }

// somePlaces are functions and suites by chance: a quarter in test files, which Go's coverage leaves out; most of the others among those that all of
// the benchmarks execute, by Go's own coverage of one run.
func somePlaces(t *testing.T, module *module) []place {
	t.Helper()
	profile := filepath.Join(t.TempDir(), "profile")
	must1(command(t.Context(), module.dir, "go", "test", "-run", "^$", "-bench", ".", "-benchtime", "2x", "-vet=off", "-coverpkg=./...",
		"-coverprofile", profile, "./..."))(t)
	executed := executedLines(t, must1(os.ReadFile(profile))(t), module.path)
	var run, idle, tests []place
	must(t, filepath.WalkDir(module.dir, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		for _, one := range placesIn(t, module, name) {
			switch {
			case !strings.Contains(one.String(), *ofPlaces):
			case strings.HasSuffix(name, "_test.go"):
				if !strings.HasPrefix(one.what, "Test") && !strings.HasPrefix(one.what, "Example") && module.hasSuite(path.Dir(one.file)) {
					tests = append(tests, one)
				}
			case executed[one.file][one.position.Line]:
				run = append(run, one)
			default:
				idle = append(idle, one)
			}
		}
		return nil
	}))
	t.Logf("%d places are executed, %d are not, %d are in test files", len(run), len(idle), len(tests))
	random := rand.New(rand.NewPCG(*placeSeed, 0))
	some := func(of []place, count int) []place {
		random.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
		return of[:min(len(of), count)]
	}
	ofTests, ofIdle := *witnesses/4, *witnesses/10
	return slices.Concat(some(run, *witnesses-ofTests-ofIdle), some(tests, ofTests), some(idle, ofIdle))
}

// hasSuite says whether the package of a directory has benchmarks.
func (m *module) hasSuite(dir string) bool {
	return slices.ContainsFunc(m.suites, func(one suite) bool { return one.dir == dir })
}

// executedLines are the lines in which executed code begins, by file.
func executedLines(t *testing.T, profile []byte, modulePath string) map[string]map[int]bool {
	t.Helper()
	found := map[string]map[int]bool{}
	for line := range strings.Lines(string(relativeProfile(profile, modulePath))) {
		var first, column, last, end, statements, count int
		file, rest, _ := strings.Cut(line, ":")
		if _, err := fmt.Sscanf(rest, "%d.%d,%d.%d %d %d", &first, &column, &last, &end, &statements, &count); err != nil || count == 0 {
			continue
		}
		if found[file] == nil {
			found[file] = map[int]bool{}
		}
		found[file][first] = true
	}
	if len(found) == 0 {
		t.Fatal("the suite executes nothing")
	}
	return found
}

// placesIn are the functions of a file, and the suites in them; also those of variables.
func placesIn(t *testing.T, module *module, name string) []place {
	t.Helper()
	files := token.NewFileSet()
	file := must1(parser.ParseFile(files, name, nil, parser.SkipObjectResolution))(t)
	var found []place
	for _, declaration := range file.Decls {
		of := "variable"
		add := func(after token.Pos, what string) {
			position := files.Position(after)
			found = append(found, place{module.relative(name), position.Offset + 1, position, of + what})
		}
		if function, is := declaration.(*ast.FuncDecl); is && function.Body != nil {
			of = function.Name.Name
			add(function.Body.Lbrace, "")
		}
		ast.Inspect(declaration, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.IfStmt:
				add(node.Body.Lbrace, " if")
				if otherwise, is := node.Else.(*ast.BlockStmt); is {
					add(otherwise.Lbrace, " else")
				}
			case *ast.ForStmt:
				add(node.Body.Lbrace, " for")
			case *ast.RangeStmt:
				add(node.Body.Lbrace, " range")
			case *ast.FuncLit:
				add(node.Body.Lbrace, " func")
			case *ast.CaseClause:
				add(node.Colon, " case")
			case *ast.CommClause:
				add(node.Colon, " select")
			}
			return true
		})
	}
	return found
}

const seen = "the witness has seen it"

// witness puts a statement there that says that it is executed, and says which benchmarks execute it and which are selected. A test binary that is
// the same as without the statement needs no run.
func (p place) witness(t *testing.T, module *module, folder string, untouched []builtSuite) (truth, selected []string) {
	t.Helper()
	name := filepath.Join(module.dir, filepath.FromSlash(p.file))
	before := must1(os.ReadFile(name))(t)
	after := slices.Concat(before[:p.offset], []byte(fmt.Sprintf(" println(%q);", seen)), before[p.offset:])
	must(t, os.WriteFile(name, after, 0o644))
	defer func() { must(t, os.WriteFile(name, before, 0o644)) }()
	found := must1(affectedSince(t.Context(), module.dir))(t)
	for place, built := range builtSuites(t, module, folder) {
		if built.sum == untouched[place].sum {
			continue
		}
		suite := module.suites[place]
		for _, benchmark := range suite.benchmarks(t, module) {
			if built.isSeen(t, benchmark) {
				truth = append(truth, id(suite.importPath, benchmark))
			}
		}
	}
	return truth, sortedKeys(found.reasons)
}

// builtSuite is the test binary of a suite, and its digest.
type builtSuite struct {
	testBinary
	sum [sha256.Size]byte
}

// builtSuites builds all suites into a folder, in their order.
func builtSuites(t *testing.T, module *module, folder string) []builtSuite {
	t.Helper()
	var all []builtSuite
	for place, suite := range module.suites {
		made := must1(build(t.Context(), module.dir, suite, filepath.Join(folder, fmt.Sprint(place, ".test"))))(t)
		all = append(all, builtSuite{made, sha256.Sum256(must1(os.ReadFile(made.path))(t))})
	}
	return all
}

// benchmarks are those of the suite that the survey has.
func (s suite) benchmarks(t *testing.T, module *module) []string {
	t.Helper()
	index := must1(openIndex(module.dir))(t)
	defer index.Close()
	var found []string
	for _, one := range must1(index.Benchmarks())(t) {
		if importPath, benchmark := split(one); importPath == s.importPath {
			found = append(found, benchmark)
		}
	}
	return found
}

// isSeen says whether a run of a benchmark executes the witness; it is ended there.
func (b testBinary) isSeen(t *testing.T, benchmark string) bool {
	t.Helper()
	watcher := new(watcher)
	made := started(t.Context(), b.dir, b.path, "-test.run", "^$", "-test.bench", pattern(benchmark), "-test.benchtime", "10ms")
	made.Stderr = watcher
	err := made.Run()
	if err != nil && !watcher.seen {
		t.Fatalf("%s: %v", benchmark, err)
	}
	return watcher.seen
}

// watcher ends a process, by refusing what it writes, when the witness speaks.
type watcher struct {
	written []byte
	seen    bool
}

var errSeen = errors.New(seen)

func (w *watcher) Write(part []byte) (int, error) {
	w.written = append(w.written, part...)
	if w.seen = w.seen || bytes.Contains(w.written, []byte(seen)); w.seen {
		return 0, errSeen
	}
	return len(part), nil
}

// without are those of one list that are not in the other.
func without[T cmp.Ordered](of, other []T) []T {
	var found []T
	for _, one := range of {
		if !slices.Contains(other, one) {
			found = append(found, one)
		}
	}
	return found
}

// One change of the real module, from the survey to the table.
func TestRealModule(t *testing.T) {
	dir := realCopy(t)
	if !strings.HasPrefix(*realModule, "github.com/expr-lang/expr@") {
		t.Skip("the change is one of another module")
	}
	t.Log(must1(survey(t.Context(), dir, limit))(t))
	replace(t, dir, "vm/runtime/sort.go", "\ta, b := s.Array[i], s.Array[j]\n", "\tfor range filler {\n\t\tfiller[0]++\n\t}\n\ta, b := s.Array[i], s.Array[j]\n")
	replace(t, dir, "vm/runtime/sort.go", "type Sort struct", "var filler [100]int\n\ntype Sort struct")
	options := quickly()
	options.benchtime = 10 * time.Millisecond
	found := must1(compare(t.Context(), dir, options))(t)
	t.Logf("\n%s\n%s", found.text(t.Context(), 200), found.text(t.Context(), 80))
	if _, affected := found.affected.reasons["github.com/expr-lang/expr.Benchmark_sort"]; !affected || !found.isSlower() {
		t.Error("the change is not seen")
	}
}
