// One of the two trees that are compared: its module, and the test binaries of what is affected.

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
)

// tree is a checkout of the module.
type tree struct {
	dir    string
	module *module
	// built are the packages with affected benchmarks, by import path.
	built map[string]built
}

type built struct {
	testBinary
	benchmarks []string
}

// open builds, into a directory, the packages that have affected benchmarks.
func (t *tree) open(ctx context.Context, affected affected, to string, shown *progress) (err error) {
	if t.module, err = readModule(ctx, t.dir); err != nil {
		return err
	}
	t.built = map[string]built{}
	for _, suite := range t.module.suites {
		ours := func(id string) bool { importPath, _ := split(id); return importPath == suite.importPath }
		if !slices.ContainsFunc(sortedKeys(affected.reasons), ours) {
			continue
		}
		shown.say("building %s (%s)", suite.importPath, filepath.Base(to))
		made, err := build(ctx, t.dir, suite, filepath.Join(to, strconv.Itoa(len(t.built))+".test"))
		if err != nil {
			return err
		}
		functions, err := made.functions(ctx)
		if err != nil {
			return err
		}
		t.built[suite.importPath] = built{testBinary: made, benchmarks: functions}
	}
	return nil
}

// has says whether the tree has the function of a benchmark; whether it has the sub-benchmark, its run tells.
func (t *tree) has(id string) bool {
	importPath, benchmark := split(id)
	function, _, _ := strings.Cut(benchmark, "/")
	return slices.Contains(t.built[importPath].benchmarks, function)
}

// sample is what one process measured.
type sample struct {
	seconds float64
	result  *benchfmt.Result
}

// sample runs a benchmark in a process of its own.
func (t *tree) sample(ctx context.Context, id string, benchtime time.Duration) (*sample, error) {
	importPath, benchmark := split(id)
	ran, err := t.built[importPath].run(ctx, benchmark, benchtime.String())
	if err != nil {
		return nil, err
	}
	result, err := ran.of(benchmark)
	if err != nil {
		return nil, err
	}
	took, found := seconds(result)
	if !found || took <= 0 {
		return nil, fmt.Errorf("%s says no time of an operation above 0", benchmark)
	}
	return &sample{seconds: took, result: result}, nil
}

func writeFile(name string, write func(*os.File) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	err = write(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}
