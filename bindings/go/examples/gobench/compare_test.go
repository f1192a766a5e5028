package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/perf/benchfmt"

	"lightspeed"
)

// quickly are options that give an answer about large changes.
func quickly() compareOptions {
	return compareOptions{
		base: "HEAD", benchtime: 5 * time.Millisecond, timeout: limit,
		experiment: lightspeed.ExperimentOptions{Pairs: 30, Margin: 0.05, Alpha: 0.05, Seed: 1},
	}
}

// verdictOf is what came of a benchmark of the small module.
func verdictOf(t *testing.T, found *comparison, benchmark string) compared {
	t.Helper()
	for _, one := range found.compared {
		if one.id == "example.test/small/"+benchmark {
			return one
		}
	}
	t.Fatalf("%s is not among %v", benchmark, found.compared)
	return compared{}
}

func TestSlowdown(t *testing.T) {
	dir := small(t)
	replace(t, dir, "text/text.go", "made.WriteString(text)", "for range 20 {\n\t\t\t\tmade.WriteString(text)\n\t\t\t}")
	found := must1(compare(t.Context(), dir, quickly()))(t)
	one := verdictOf(t, found, "text.BenchmarkRepeat/many")
	if len(found.compared) != 1 || !found.isSlower() || !one.result.IsRegression() || one.result.Low < 1.5 || one.result.Pairs > 30 {
		t.Errorf("it is %v after %d pairs", one.result, one.result.Pairs)
	}
	for _, name := range []string{found.old, found.new} {
		results := samplesIn(t, name)
		if len(results) != one.result.Pairs || results[0].GetConfig("pkg") != "example.test/small/text" || nameOf(results[0]) != "BenchmarkRepeat/many" {
			t.Errorf("%s has %d results, the first of %s", name, len(results), results[0].Name)
		}
	}
	text := found.text(t.Context(), 200)
	for _, wanted := range []string{"regressed", "1 of 13 benchmarks affected: 1 regressed", "old.txt", "vs base", "p=0.000"} {
		if !strings.Contains(text, wanted) {
			t.Errorf("%q is not in\n%s", wanted, text)
		}
	}
	if left := git(t, dir, "worktree", "list"); strings.Count(left, "\n") != 1 {
		t.Errorf("worktrees are left:\n%s", left)
	}
	if status := git(t, dir, "status", "--short"); status != " M text/text.go\n" {
		t.Errorf("the tree is\n%s", status)
	}
}

// samplesIn are the results in a file.
func samplesIn(t *testing.T, name string) []*benchfmt.Result {
	t.Helper()
	file := must1(os.Open(name))(t)
	defer file.Close()
	reader := benchfmt.NewReader(file, name)
	var results []*benchfmt.Result
	for reader.Scan() {
		result, is := reader.Result().(*benchfmt.Result)
		if !is {
			t.Fatalf("%s has %v", name, reader.Result())
		}
		results = append(results, result.Clone())
	}
	must(t, reader.Err())
	if len(results) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return results
}

// The survey is of neither tree: back at it, everything is as it was, but not as the revision is.
func TestBaseIsNotTheSurvey(t *testing.T) {
	dir := small(t)
	path := filepath.Join(dir, "text", "text.go")
	before := must1(os.ReadFile(path))(t)
	must(t, os.WriteFile(path, []byte(strings.Replace(string(before), "made.WriteString(text)", "for range 20 {\nmade.WriteString(text)\n}", 1)), 0o644))
	commit(t, dir)
	must(t, os.WriteFile(path, before, 0o644))
	expect(t, shortIDs(must1(affectedSince(t.Context(), dir))(t)))
	found := must1(compare(t.Context(), dir, quickly()))(t)
	if one := verdictOf(t, found, "text.BenchmarkRepeat/many"); one.result.Verdict != lightspeed.VerdictImproved {
		t.Errorf("it is %v", one.result)
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	dir := small(t)
	must(t, os.Remove(filepath.Join(dir, "shapes", "constants.go")))
	must(t, os.WriteFile(filepath.Join(dir, "shapes", "numbers.go"), []byte("package shapes\n\nconst pi, fallback = 3.0, 7\n"), 0o644))
	replace(t, dir, "shapes/shapes_test.go", "BenchmarkSquares", "BenchmarkCubes")
	replace(t, dir, "shapes/shapes_test.go", "Root(number)", `panic("never"[number:])`)
	replace(t, dir, "shapes/shapes_test.go", "b.Run(name", `b.Run(name+"s"`)
	options := quickly()
	options.experiment.Pairs = 2
	found := must1(compare(t.Context(), dir, options))(t)
	if reason := found.left["example.test/small/shapes.BenchmarkSquares"]; reason != "it is no longer there" {
		t.Errorf("it was left out: %q", reason)
	}
	for benchmark, wanted := range map[string]string{
		"shapes.BenchmarkRoot":            "new: panic: never",
		"shapes.BenchmarkLargest/circles": "new: BenchmarkLargest/circles printed no result",
	} {
		one := verdictOf(t, found, benchmark)
		if one.result.Outcome != lightspeed.OutcomeFailed || !strings.HasPrefix(one.message, wanted) {
			t.Errorf("%s: %v, %s", benchmark, one.result, one.message)
		}
	}
	text := found.text(t.Context(), 100)
	for _, wanted := range []string{"BenchmarkCubes is new: survey again", "BenchmarkSquares was not run: it is no longer there", "new: panic: never"} {
		if !strings.Contains(text, wanted) {
			t.Errorf("%q is not in\n%s", wanted, text)
		}
	}
}

// The repository may begin above the module.
func TestModuleInRepository(t *testing.T) {
	top := must1(filepath.EvalSymlinks(t.TempDir()))(t)
	dir := filepath.Join(top, "go", "small")
	must(t, os.CopyFS(dir, os.DirFS("testdata/small")))
	git(t, top, "init", "--quiet")
	commit(t, top)
	must1(survey(t.Context(), dir, limit))(t)
	replace(t, dir, "text/text.go", "made.WriteString(text)", "made.WriteString(text[:])")
	options := quickly()
	options.experiment.Pairs = 2
	found := must1(compare(t.Context(), dir, options))(t)
	if one := verdictOf(t, found, "text.BenchmarkRepeat/many"); one.result.Outcome != lightspeed.OutcomeOK || one.result.Pairs != 2 {
		t.Errorf("it is %+v", one)
	}
}

func TestNothingToCompare(t *testing.T) {
	found := must1(compare(t.Context(), small(t), quickly()))(t)
	if text := found.text(t.Context(), 80); text != "0 of 13 benchmarks affected\n" || found.isSlower() {
		t.Error(text)
	}
}

func TestCompareInterrupted(t *testing.T) {
	dir := small(t)
	replace(t, dir, "text/text.go", "made.WriteString(text)", "made.WriteString(text[:])")
	ctx, cancel := context.WithCancelCause(t.Context())
	options := quickly()
	options.experiment.Pairs, options.benchtime = 1000, time.Second
	go func() {
		// Not before the first runs: the test binaries are built by then.
		for ctx.Err() == nil && len(strings.Fields(git(t, dir, "worktree", "list"))) < 6 {
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(6 * time.Second)
		cancel(errEnough)
	}()
	began := time.Now()
	_, err := compare(ctx, dir, options)
	if !errors.Is(err, errEnough) || time.Since(began) > time.Minute {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
	if left := git(t, dir, "worktree", "list"); strings.Count(left, "\n") != 1 {
		t.Errorf("worktrees are left:\n%s", left)
	}
}

var errEnough = errors.New("enough")
