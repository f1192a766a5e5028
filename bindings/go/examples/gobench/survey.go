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
