// What the tests share: a suite to survey, and a survey in memory.

package lightspeed_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"lightspeed"
)

const (
	core    = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"
	changed = "def one():\n    return 1\n\n\ndef two():\n    return 1 + 1\n"
	reason  = "it executes two, which changed (core.py:5-6)"
	bench   = "import pkg\n\n\ndef time_one():\n    pkg.one()\n\n\ndef time_two():\n    pkg.two()\n"
)

var suite = map[string]string{
	"asv.conf.json":          `{"version": 1, "project": "pkg", "repo": ".", "benchmark_dir": "benchmarks", "results_dir": "results"}`,
	"pkg/__init__.py":        "from pkg.core import one, two\n",
	"pkg/core.py":            core,
	"benchmarks/__init__.py": "",
	"benchmarks/bench.py":    bench,
}

// quick times a benchmark no longer than it has to.
var quick = lightspeed.Timing{Rounds: 1, Repeat: 2, Warmup: -1}

// python is an interpreter with asv_runner.
func python(t testing.TB) string {
	t.Helper()
	named := os.Getenv("LIGHTSPEED_TEST_PYTHON")
	if named == "" {
		t.Fatal("LIGHTSPEED_TEST_PYTHON must name an interpreter with asv_runner")
	}
	return named
}

// write writes files below a folder.
func write(t testing.TB, folder string, files map[string]string) {
	t.Helper()
	for path, content := range files {
		full := filepath.Join(folder, path)
		must(t, os.MkdirAll(filepath.Dir(full), 0o755))
		must(t, os.WriteFile(full, []byte(content), 0o644))
	}
}

// written is the suite in a folder of its own, committed.
func written(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, suite)
	for _, arguments := range [][]string{{"init", "--quiet"}, {"add", "--all"}, {"commit", "--quiet", "--message", "work"}} {
		command := exec.Command("git", arguments...)
		command.Dir = folder
		command.Env = slices.Concat(os.Environ(), []string{
			"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull,
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.invalid", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.invalid",
		})
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", arguments, err, output)
		}
	}
	return folder
}

// opened is a session of the suite in a folder.
func opened(t testing.TB, folder string) *lightspeed.Session {
	t.Helper()
	session := must1(lightspeed.Open(filepath.Join(folder, "asv.conf.json"), &lightspeed.SessionOptions{
		SourceRoot: filepath.Join(folder, "pkg"), Python: python(t),
	}))(t)
	t.Cleanup(func() { must(t, session.Close()) })
	return session
}

// surveyed is a folder with the suite, surveyed and timed, and its session.
func surveyed(t testing.TB) (string, *lightspeed.Session) {
	t.Helper()
	folder := written(t)
	session := opened(t, folder)
	must1(session.Init(within(t, time.Minute), &lightspeed.InitOptions{Timing: quick}))(t)
	return folder, session
}

// index is that of the survey in memory: a file with two functions, a benchmark of each.
func index(t testing.TB) *lightspeed.Index {
	t.Helper()
	survey := must1(lightspeed.NewSurvey(nil))(t)
	must(t, survey.AddFile("core.py", []byte(core)))
	tell(t, survey)
	return must1(survey.Finish())(t)
}

// tell says what the benchmarks of the survey in memory executed.
func tell(t testing.TB, survey *lightspeed.SurveyBuilder) {
	t.Helper()
	for benchmark, line := range map[string]int{"time_one": 2, "time_two": 6} {
		must(t, survey.AddBenchmark(benchmark))
		must(t, survey.Executed(benchmark, "core.py", []int{1, 5, line}))
	}
}

// expectTwo is for a selection of the second benchmark only.
func expectTwo(t testing.TB, selection *lightspeed.Selection) {
	t.Helper()
	found := slices.Collect(selection.All())
	if len(found) != 1 || found[0].Benchmark != "time_two" || !slices.Equal(found[0].Reasons, []string{reason}) {
		t.Fatalf("selected %v", found)
	}
	if selection.Len() != 1 || selection.Unaffected() != 1 {
		t.Fatalf("%d affected, %d unaffected", selection.Len(), selection.Unaffected())
	}
}

// within is a context for a test that must not wait for ever.
func within(t testing.TB, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// is fails unless the error matches what is wanted.
func is(t testing.TB, err error, wanted ...error) {
	t.Helper()
	for _, one := range wanted {
		if !errors.Is(err, one) {
			t.Fatalf("%v (%T) is not %v", err, err, one)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must1 is the value of a call that succeeds: must1(call())(t).
func must1[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return value
	}
}
