// Runs for coverage: what a benchmark executes and opens.

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
)

// traced is a benchmark and what a run of it says.
type traced struct {
	id    string
	suite suite
	// function is the benchmark function, of which the benchmark may be a part.
	function string
	profile  []byte
	// opened are files of the module that the run opened.
	opened []string
	err    error
}

// tracer runs the benchmarks of a module, one at a time.
type tracer struct {
	module    *module
	temporary string
	limit     time.Duration
	watch     *watch
	shown     *progress
}

func (t tracer) all(ctx context.Context) ([]traced, error) {
	var runs []traced
	for place, suite := range t.module.suites {
		t.shown.say("building %s for coverage (%d of %d packages)", suite.importPath, place+1, len(t.module.suites))
		binary, err := build(ctx, t.module.dir, suite, filepath.Join(t.temporary, "covered.test"), "-cover", "-covermode=set", "-coverpkg=./...")
		if err != nil {
			return nil, err
		}
		functions, err := binary.functions(ctx)
		if err != nil {
			return nil, err
		}
		for number, function := range functions {
			t.shown.say("%s (%d of %d)", id(suite.importPath, function), number+1, len(functions))
			found, err := t.function(ctx, binary, suite, function)
			if err != nil {
				return nil, err
			}
			runs = append(runs, found...)
		}
	}
	return runs, nil
}

// function runs a benchmark function to see which benchmarks it has, and then each of them.
func (t tracer) function(ctx context.Context, binary testBinary, suite suite, function string) ([]traced, error) {
	first, err := within(ctx, t.limit, func(ctx context.Context) (ran, error) { return binary.run(ctx, function, "1x") })
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return []traced{{id: id(suite.importPath, function), suite: suite, function: function, err: summary(err)}}, nil
	}
	var runs []traced
	for _, benchmark := range first.leaves() {
		run := traced{id: id(suite.importPath, benchmark), suite: suite, function: function}
		times := "1x"
		if once, err := first.of(benchmark); err == nil {
			times = benchtime(once)
		}
		run.err = t.trace(ctx, binary, benchmark, times, &run)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// trace runs one benchmark, and notes what it executed and opened.
func (t tracer) trace(ctx context.Context, binary testBinary, benchmark, times string, run *traced) error {
	profile := filepath.Join(t.temporary, "profile")
	if _, err := t.watch.taken(); err != nil && !errors.Is(err, errUncounted) {
		return err
	}
	_, err := within(ctx, t.limit, func(ctx context.Context) (ran, error) {
		return binary.run(ctx, benchmark, times, "-test.coverprofile", profile)
	})
	if err != nil {
		return summary(err)
	}
	if run.opened, err = t.watch.taken(); err != nil {
		return err
	}
	content, err := os.ReadFile(profile)
	run.profile = relativeProfile(content, t.module.path)
	return err
}

// leaves are the benchmarks that have no sub-benchmarks.
func (r ran) leaves() []string {
	var leaves []string
	for _, name := range r.names {
		inner := func(other string) bool { return strings.HasPrefix(other, name+"/") }
		if !slices.ContainsFunc(r.names, inner) && !slices.Contains(leaves, name) {
			leaves = append(leaves, name)
		}
	}
	return leaves
}

// relativeProfile is a cover profile whose paths are relative to the module, where they begin with its path.
func relativeProfile(profile []byte, modulePath string) []byte {
	return bytes.ReplaceAll(profile, []byte("\n"+modulePath+"/"), []byte("\n"))
}

// summary is the line that says what went wrong, else the last one.
func summary(err error) error {
	if errors.Is(err, errTimeout) {
		return errTimeout
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(err.Error(), "\x16", "")), "\n")
	for _, line := range lines {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "--- FAIL: ") {
			return errors.New(line)
		}
	}
	return errors.New(lines[len(lines)-1])
}

// traceTime is how long a benchmark runs for coverage.
const traceTime = 50 * time.Millisecond

// benchtime is how often to run a benchmark for coverage: at least twice, and else as often as fits. There is code that runs from a later iteration
// on only, such as what takes from a pool or makes room in a cache.
func benchtime(once *benchfmt.Result) string {
	if took, _ := seconds(once); took > traceTime.Seconds()/2 {
		return "2x"
	}
	return traceTime.String()
}
