// Test binaries: built, and run for one benchmark.

package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// testBinary is the test binary of a package.
type testBinary struct {
	path string
	// dir is that of the package: where go test runs it.
	dir string
}

// build builds the test binary of a suite of the module in a directory, which may be another checkout of it.
func build(ctx context.Context, dir string, of suite, to string, flags ...string) (testBinary, error) {
	arguments := slices.Concat([]string{"test", "-c", "-vet=off", "-o", to}, flags, []string{"./" + of.dir})
	_, err := command(ctx, dir, "go", arguments...)
	return testBinary{path: to, dir: filepath.Join(dir, filepath.FromSlash(of.dir))}, err
}

// functions are its benchmark functions.
func (b testBinary) functions(ctx context.Context) ([]string, error) {
	output, err := command(ctx, b.dir, b.path, "-test.list", "^Benchmark")
	if err != nil {
		return nil, err
	}
	found := strings.Fields(string(output))
	slices.Sort(found)
	return slices.Compact(found), nil
}

// ran is what a run of a benchmark printed.
type ran struct {
	results []*benchfmt.Result
	// names are all benchmarks that began.
	names []string
}

// run runs one benchmark, or a benchmark function with all of its sub-benchmarks.
func (b testBinary) run(ctx context.Context, benchmark, benchtime string, flags ...string) (ran, error) {
	arguments := slices.Concat([]string{
		"-test.run", "^$", "-test.bench", pattern(benchmark), "-test.benchtime", benchtime, "-test.count", "1",
		"-test.cpu", strconv.Itoa(processors()), "-test.v=test2json", "-test.timeout", "0",
	}, flags)
	output, err := command(ctx, b.dir, b.path, arguments...)
	if err != nil {
		return ran{}, err
	}
	return read(output), nil
}

// read takes apart what a test binary printed.
func read(output []byte) ran {
	var found ran
	for line := range strings.Lines(string(output)) {
		// The mark before it stands for the start of a line, wherever a benchmark left the one before.
		if _, name, is := strings.Cut(strings.TrimSpace(line), "\x16=== RUN   "); is {
			found.names = append(found.names, name)
		}
	}
	for reader := benchfmt.NewReader(bytes.NewReader(output), "the benchmark"); reader.Scan(); {
		if result, is := reader.Result().(*benchfmt.Result); is {
			found.results = append(found.results, result.Clone())
		}
	}
	return found
}

// of is the result of the one benchmark that was to run.
func (r ran) of(benchmark string) (*benchfmt.Result, error) {
	for _, result := range r.results {
		if nameOf(result) == benchmark {
			return result, nil
		}
	}
	return nil, fmt.Errorf("%s printed no result: it was skipped, or is not there", benchmark)
}

// nameOf is the name of a result's benchmark, without the number of processors that is appended to it.
func nameOf(result *benchfmt.Result) string {
	name := "Benchmark" + string(result.Name)
	if processors() > 1 {
		name = strings.TrimSuffix(name, "-"+strconv.Itoa(processors()))
	}
	return name
}

// seconds is the time of one operation.
func seconds(result *benchfmt.Result) (float64, bool) {
	return result.Value("sec/op")
}

// pattern is the expression that only this benchmark matches: one for each element of its name.
func pattern(benchmark string) string {
	elements := strings.Split(benchmark, "/")
	for place, element := range elements {
		elements[place] = "^" + regexp.QuoteMeta(element) + "$"
	}
	return strings.Join(elements, "/")
}

// processors is how many a benchmark may use; it becomes a part of its name.
func processors() int { return runtime.GOMAXPROCS(0) }

// id is how the survey calls a benchmark of a package.
func id(importPath, benchmark string) string { return importPath + "." + benchmark }

// split is the package and the benchmark of an id. Import paths may have dots, sub-benchmarks dots and slashes.
func split(id string) (importPath, benchmark string) {
	before, after, _ := strings.Cut(id, ".Benchmark")
	return before, "Benchmark" + after
}
