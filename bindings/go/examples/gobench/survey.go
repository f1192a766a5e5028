// The survey: every benchmark alone, once, for coverage.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lightspeed"
)

// surveyed is what a survey found.
type surveyed struct {
	files, benchmarks int
	// doubts are why benchmarks are always affected, by id.
	doubts map[string]string
}

func (s surveyed) String() string {
	text := fmt.Sprintf("%d benchmarks surveyed, %d source files", s.benchmarks, s.files)
	for _, benchmark := range sortedKeys(s.doubts) {
		text += fmt.Sprintf("\n%s is always affected: %s", benchmark, s.doubts[benchmark])
	}
	return text
}

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

// survey runs every benchmark of a module and keeps what each executed.
func survey(ctx context.Context, dir string, limit time.Duration) (found surveyed, err error) {
	shown := newProgress(os.Stderr)
	defer shown.end()
	shown.say("reading the module")
	module, err := readModule(ctx, dir)
	if err != nil {
		return found, err
	}
	if len(module.suites) == 0 {
		return found, fmt.Errorf("no package of %s has a benchmark", dir)
	}
	temporary, err := os.MkdirTemp("", "gobench-")
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	watch, err := newWatch(module)
	if err != nil {
		return found, err
	}
	defer watch.close()
	tracer := tracer{module: module, temporary: temporary, limit: limit, watch: watch, shown: shown}
	runs, err := tracer.all(ctx)
	if err != nil {
		return found, err
	}
	shown.say("keeping the survey")
	return keep(module, runs)
}

// keep puts the survey together and keeps it.
func keep(module *module, runs []traced) (found surveyed, err error) {
	builder, err := lightspeed.NewSurvey(nil)
	if err != nil {
		return found, err
	}
	defer builder.Close()
	if found.files, err = addFiles(builder, module, runs); err != nil {
		return found, err
	}
	found.benchmarks, found.doubts = len(runs), map[string]string{}
	for _, run := range runs {
		if err := tell(builder, run); err != nil {
			return found, fmt.Errorf("%s: %w", run.id, err)
		}
		if run.err != nil {
			found.doubts[run.id] = run.err.Error()
		}
	}
	index, err := builder.Finish()
	if err != nil {
		return found, err
	}
	defer index.Close()
	store, err := openStore(module.dir, lightspeed.StoreModeWrite)
	if err != nil {
		return found, err
	}
	defer store.Close()
	return found, store.PutSurvey(index)
}

// addFiles adds the Go sources of a module, and the other files that its benchmarks depend on.
func addFiles(builder *lightspeed.SurveyBuilder, module *module, runs []traced) (int, error) {
	wanted := map[string]bool{}
	for _, run := range runs {
		for _, file := range slices.Concat(run.suite.needs, run.opened) {
			wanted[file] = true
		}
	}
	err := filepath.WalkDir(module.dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != module.dir && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.Type().IsRegular() && filepath.Ext(name) == ".go":
			wanted[module.relative(name)] = true
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, file := range sortedKeys(wanted) {
		content, err := os.ReadFile(filepath.Join(module.dir, filepath.FromSlash(file)))
		if err != nil {
			return 0, err
		}
		if err := builder.AddFile(file, content); err != nil {
			return 0, err
		}
	}
	return len(wanted), nil
}

// tell says what is known of a benchmark.
func tell(builder *lightspeed.SurveyBuilder, run traced) error {
	if err := builder.AddBenchmark(run.id); err != nil {
		return err
	}
	for _, file := range run.suite.functions[run.function] {
		if err := builder.BeginsAt(run.id, file, run.function); err != nil {
			return err
		}
	}
	for _, file := range slices.Concat(run.suite.needs, run.opened) {
		if err := builder.DependsOn(run.id, file); err != nil {
			return err
		}
	}
	if run.err != nil {
		return builder.Doubt(run.id, run.err.Error())
	}
	coverage, err := lightspeed.ReadCoverage(bytes.NewReader(run.profile), lightspeed.CoverageFormatGoCover)
	if err != nil {
		return err
	}
	defer coverage.Close()
	_, err = builder.Covered(run.id, coverage)
	return err
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
		benchtime := "1x"
		if result, err := first.of(benchmark); err == nil {
			benchtime = iterations(result, 20*time.Millisecond)
		}
		run.err = t.trace(ctx, binary, benchmark, benchtime, &run)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// trace runs one benchmark, and notes what it executed and opened.
func (t tracer) trace(ctx context.Context, binary testBinary, benchmark, benchtime string, run *traced) error {
	profile := filepath.Join(t.temporary, "profile")
	if _, err := t.watch.taken(); err != nil && !errors.Is(err, errUncounted) {
		return err
	}
	_, err := within(ctx, t.limit, func(ctx context.Context) (ran, error) {
		return binary.run(ctx, benchmark, benchtime, "-test.coverprofile", profile)
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
