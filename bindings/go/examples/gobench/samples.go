// The samples of both sides, kept as Go writes benchmarks.

package main

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/perf/benchfmt"

	"lightspeed"
)

// samples are the results of both sides by benchmark, in the order of their pairs.
type samples struct {
	sides [2]map[string][]*benchfmt.Result
	// failures are why benchmarks were given up.
	failures map[string]string
}

func newSamples() *samples {
	return &samples{sides: [2]map[string][]*benchfmt.Result{{}, {}}, failures: map[string]string{}}
}

// add keeps what a run gave.
func (s *samples) add(run lightspeed.Run, of *sample) {
	if run.Warmup {
		return
	}
	side := s.sides[sideOf(run)]
	side[run.Benchmark] = append(side[run.Benchmark], of.result)
}

// name is how benchstat calls a benchmark.
func (s *samples) name(id string) string {
	for _, side := range s.sides {
		if results := side[id]; len(results) > 0 {
			return string(results[0].Name)
		}
	}
	_, benchmark := split(id)
	return strings.TrimPrefix(benchmark, "Benchmark")
}

// write writes each side into a file of its own, the benchmarks in this order.
func (s *samples) write(ids []string, names [2]string) error {
	var failed []error
	for side, name := range names {
		failed = append(failed, writeFile(name, func(file *os.File) error {
			writer := benchfmt.NewWriter(file)
			for _, one := range ids {
				for _, result := range s.sides[side][one] {
					if err := writer.Write(result); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	return errors.Join(failed...)
}
