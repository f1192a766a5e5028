// A survey of a harness of one's own.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"fmt"
	"io/fs"
	"math"
	"unsafe"
)

// SurveyBuilder puts a survey together: first source files, then benchmarks, then what each of them executed. A benchmark of which nothing
// is told is always affected. Files and benchmarks that were not added, or were added twice, are [ErrInvalidArgument].
type SurveyBuilder struct {
	lent *handle[*C.lightspeed_survey]
	// Guarded by the handle's turn.
	numbers map[string]C.uint32_t
}

// NewSurvey begins a survey. Sources are analysed with the options, now and when they have changed.
func NewSurvey(options *BlocksOptions) (*SurveyBuilder, error) {
	given, err := options.given()
	if err != nil {
		return nil, err
	}
	var address *C.lightspeed_survey
	if err := try(func(err failure) status { return C.lightspeed_survey_new(given, &address, err) }); err != nil {
		return nil, err
	}
	lent := exclusive(address, func(address *C.lightspeed_survey) { C.lightspeed_survey_free(address) })
	return freed(&SurveyBuilder{lent: lent, numbers: map[string]C.uint32_t{}}, lent), nil
}

// AddFile adds a file by its content. The path is relative to the top of the sources, separated by '/'. Python files are followed by blocks, all
// others as a whole.
func (b *SurveyBuilder) AddFile(path string, content []byte) error {
	var p pins
	defer p.Unpin()
	name, bytes := p.text(path), p.bytes(content)
	return tryWith(b.lent, func(address *C.lightspeed_survey, err failure) status {
		return C.lightspeed_survey_add_file(address, name, bytes, err)
	})
}

// AddDirectory adds the Python files, and the sources and headers of compiled languages, below a directory, the top of the sources, and
// says how many they are. Those of version control, caches and virtual environments are left out.
func (b *SurveyBuilder) AddDirectory(root string) (int, error) {
	var p pins
	defer p.Unpin()
	path := p.text(root)
	var count C.size_t
	err := tryWith(b.lent, func(address *C.lightspeed_survey, err failure) status {
		return C.lightspeed_survey_add_directory(address, path, &count, err)
	})
	return int(count), err
}

// AddFS adds the regular files of a file system, whose root is the top of the sources, and says how many they are: those that `keep` wants, by
// default all but those whose path has a part that begins with a dot.
func (b *SurveyBuilder) AddFS(fsys fs.FS, keep func(path string) bool) (int, error) {
	count := 0
	err := eachFile(fsys, keep, func(path string) error {
		content, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		count++
		return b.AddFile(path, content)
	})
	return count, err
}

// AddBenchmark adds a benchmark, or one parameter combination of it, by its id.
func (b *SurveyBuilder) AddBenchmark(benchmark string) error {
	var p pins
	defer p.Unpin()
	id := p.text(benchmark)
	var number C.uint32_t
	return b.lent.lend(func(address *C.lightspeed_survey) error {
		err := try(func(err failure) status { return C.lightspeed_survey_add_benchmark(address, id, &number, err) })
		if err == nil {
			b.numbers[benchmark] = number
		}
		return err
	})
}

// Executed says that a benchmark executed lines of a file, counted from 1.
func (b *SurveyBuilder) Executed(benchmark, path string, lines []int) error {
	array := make([]C.uint32_t, len(lines))
	for place, line := range lines {
		if line < 0 || line > math.MaxUint32 {
			return refused(fmt.Sprintf("there is no line %d: lines are counted from 1, in 32 bits", line))
		}
		array[place] = C.uint32_t(line)
	}
	var p pins
	defer p.Unpin()
	name := p.text(path)
	return b.of(benchmark, func(address *C.lightspeed_survey, number C.uint32_t, err failure) status {
		return C.lightspeed_survey_executed(address, number, name, unsafe.SliceData(array), C.size_t(len(array)), err)
	})
}

// Covered says what a coverage report of a run of a benchmark says, and returns how many of its files were added ones; with 0 it tells nothing.
// Paths of the report may be absolute or begin anywhere.
func (b *SurveyBuilder) Covered(benchmark string, coverage *Coverage) (int, error) {
	var known C.size_t
	err := coverage.lent.lend(func(report *C.lightspeed_coverage) error {
		return b.of(benchmark, func(address *C.lightspeed_survey, number C.uint32_t, err failure) status {
			return C.lightspeed_survey_covered(address, number, report, &known, err)
		})
	})
	return int(known), err
}

// BeginsAt says that a benchmark begins at a function of a Go test file: Go's coverage leaves these files out. That function, and all that it may
// reach by names in the test files of its directory, counts as executed. The function's name is its qualified one: BenchmarkParse.
func (b *SurveyBuilder) BeginsAt(benchmark, path, function string) error {
	var p pins
	defer p.Unpin()
	name, start := p.text(path), p.text(function)
	return b.of(benchmark, func(address *C.lightspeed_survey, number C.uint32_t, err failure) status {
		return C.lightspeed_survey_begins_at(address, number, name, start, err)
	})
}

// DependsOn says that a benchmark depends on a file as a whole: it reads it, or is built from it.
func (b *SurveyBuilder) DependsOn(benchmark, path string) error {
	var p pins
	defer p.Unpin()
	name := p.text(path)
	return b.of(benchmark, func(address *C.lightspeed_survey, number C.uint32_t, err failure) status {
		return C.lightspeed_survey_depends_on(address, number, name, err)
	})
}

// Doubt says that what is told of a benchmark cannot be relied on: it is always affected, and the reason says why.
func (b *SurveyBuilder) Doubt(benchmark, reason string) error {
	var p pins
	defer p.Unpin()
	why := p.text(reason)
	return b.of(benchmark, func(address *C.lightspeed_survey, number C.uint32_t, err failure) status {
		return C.lightspeed_survey_doubt(address, number, why, err)
	})
}

// Finish makes the survey ready to be asked. The builder is closed by that, also where it fails.
func (b *SurveyBuilder) Finish() (*Index, error) {
	var made *C.lightspeed_index
	err := b.lent.consume(func(address *C.lightspeed_survey) error {
		return try(func(err failure) status { return C.lightspeed_survey_finish(address, &made, err) })
	})
	if err != nil {
		return nil, err
	}
	return newIndex(made), nil
}

// Close frees a builder that is not finished.
func (b *SurveyBuilder) Close() error {
	b.lent.close()
	return nil
}

// of makes a call about a benchmark; one that was not added gets a number that there cannot be, which the library refuses.
func (b *SurveyBuilder) of(benchmark string, call func(*C.lightspeed_survey, C.uint32_t, failure) status) error {
	return b.lent.lend(func(address *C.lightspeed_survey) error {
		number, found := b.numbers[benchmark]
		if !found {
			return refused(fmt.Sprintf("the survey has no benchmark %q: add it first", benchmark))
		}
		return try(func(err failure) status { return call(address, number, err) })
	})
}
