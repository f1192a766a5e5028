// What a change affects.

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lightspeed"
)

// affected are the benchmarks that a change affects.
type affected struct {
	// reasons are why, by the benchmark's id.
	reasons map[string][]string
	// surveyed is how many there are in all.
	surveyed int
	// unknown are benchmark functions that the survey does not know.
	unknown []string
}

func (a affected) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d of %d benchmarks affected\n", len(a.reasons), a.surveyed)
	for _, benchmark := range sortedKeys(a.reasons) {
		fmt.Fprintf(&text, "%s\n", benchmark)
		for _, reason := range a.reasons[benchmark] {
			fmt.Fprintf(&text, "    %s\n", reason)
		}
	}
	for _, benchmark := range a.unknown {
		fmt.Fprintf(&text, "%s is new: survey again\n", benchmark)
	}
	return text.String()
}

// affectedSince says what the changes since the survey affect.
func affectedSince(ctx context.Context, dir string) (affected, error) {
	index, err := openIndex(dir)
	if err != nil {
		return affected{}, err
	}
	defer index.Close()
	found, err := affectedIn(ctx, index, dir)
	if err != nil {
		return found, err
	}
	module, err := readModule(ctx, dir)
	if err != nil {
		return found, err
	}
	return found, found.findUnknown(index, module)
}

// affectedIn says what the differences between the survey and checkouts of the module affect.
func affectedIn(ctx context.Context, index *lightspeed.Index, dirs ...string) (affected, error) {
	found := affected{reasons: map[string][]string{}}
	for _, dir := range dirs {
		selection, err := index.SelectDirectory(ctx, dir, &lightspeed.SelectOptions{HotfileThreshold: 1})
		if err != nil {
			return found, err
		}
		found.surveyed = selection.Len() + selection.Unaffected()
		for one := range selection.All() {
			if found.reasons[one.Benchmark] == nil {
				found.reasons[one.Benchmark] = one.Reasons
			}
		}
		selection.Close()
	}
	return found, nil
}

// findUnknown looks for benchmark functions that the survey does not know.
func (a *affected) findUnknown(index *lightspeed.Index, module *module) error {
	ids, err := index.Benchmarks()
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, one := range ids {
		importPath, benchmark := split(one)
		function, _, _ := strings.Cut(benchmark, "/")
		known[id(importPath, function)] = true
	}
	for _, suite := range module.suites {
		for _, function := range sortedKeys(suite.functions) {
			if !known[id(suite.importPath, function)] {
				a.unknown = append(a.unknown, id(suite.importPath, function))
			}
		}
	}
	slices.Sort(a.unknown)
	return nil
}
