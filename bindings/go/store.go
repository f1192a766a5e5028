// The database: a survey, baselines and results of steps in one file.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"encoding/json"
	"unsafe"
)

// Store is an open database, the one that sessions use too. Goroutines take turns in it; other processes may read it meanwhile.
type Store struct {
	lent *handle[*C.lightspeed_store]
}

// OpenStore opens a database file; with [StoreModeWrite] it is made where it is not there. One that is to be read and not there is [ErrNoSurvey],
// and fs.ErrNotExist.
func OpenStore(path string, mode StoreMode) (*Store, error) {
	var p pins
	defer p.Unpin()
	name := p.text(path)
	var address *C.lightspeed_store
	if err := try(func(err failure) status { return C.lightspeed_store_open(name, C.int32_t(mode), &address, err) }); err != nil {
		return nil, err
	}
	lent := shared(address, func(address *C.lightspeed_store) { C.lightspeed_store_free(address) })
	return freed(&Store{lent: lent}, lent), nil
}

// PutSurvey keeps a survey. The one before is gone, with the baselines of instances that the new one does not have.
func (s *Store) PutSurvey(index *Index) error {
	return index.lent.lend(func(survey *C.lightspeed_index) error {
		return tryWith(s.lent, func(address *C.lightspeed_store, err failure) status {
			return C.lightspeed_store_put_survey(address, survey, err)
		})
	})
}

// Survey is the one that answers, a session's as well.
func (s *Store) Survey() (*Index, error) {
	var made *C.lightspeed_index
	err := tryWith(s.lent, func(address *C.lightspeed_store, err failure) status {
		return C.lightspeed_store_survey(address, &made, err)
	})
	if err != nil {
		return nil, err
	}
	return newIndex(made), nil
}

// PutBaseline keeps samples, in the order of time, as the baseline of an instance. The unit says what they count: seconds, bytes …
func (s *Store) PutBaseline(benchmark, unit string, samples []float64) error {
	var p pins
	defer p.Unpin()
	id, counted := p.text(benchmark), p.text(unit)
	return tryWith(s.lent, func(address *C.lightspeed_store, err failure) status {
		numbers, count := doubles(samples)
		return C.lightspeed_store_put_baseline(address, id, counted, numbers, count, err)
	})
}

// Baseline are the samples of the baseline of an instance; none where it has no baseline.
func (s *Store) Baseline(benchmark string) ([]float64, error) {
	var p pins
	defer p.Unpin()
	id := p.text(benchmark)
	var samples []float64
	for {
		var count C.size_t
		err := tryWith(s.lent, func(address *C.lightspeed_store, err failure) status {
			room, capacity := doubles(samples)
			return C.lightspeed_store_baseline(address, id, room, capacity, &count, err)
		})
		if err != nil {
			return nil, err
		}
		if int(count) <= len(samples) {
			return samples[:count], nil
		}
		// Another process may replace the baseline between two looks.
		samples = make([]float64, int(count))
	}
}

// BeginStep begins a step, one measured change. Results of an earlier one of the same id are gone.
func (s *Store) BeginStep(id string) error {
	var p pins
	defer p.Unpin()
	step := p.text(id)
	return tryWith(s.lent, func(address *C.lightspeed_store, err failure) status {
		return C.lightspeed_store_begin_step(address, step, err)
	})
}

// StepResult is what a step measured of an instance.
type StepResult struct {
	Benchmark string
	// Unit says what the samples count: seconds, bytes …
	Unit string
	// Samples are in the order of time.
	Samples []float64
	// Verdict is what they say against the baseline.
	Verdict Verdict
}

// PutResult keeps a result of a step that was begun. Other processes see it at once.
func (s *Store) PutResult(step string, result StepResult) error {
	var p pins
	defer p.Unpin()
	id, benchmark, unit := p.text(step), p.text(result.Benchmark), p.text(result.Unit)
	return tryWith(s.lent, func(address *C.lightspeed_store, err failure) status {
		numbers, count := doubles(result.Samples)
		return C.lightspeed_store_put_result(address, id, benchmark, unit, numbers, count, C.int32_t(result.Verdict), err)
	})
}

// Results are the baselines, or with a step the results of that: the document that `lightspeed results --json` prints.
func (s *Store) Results(step string) (Document, error) {
	var p pins
	defer p.Unpin()
	id := p.text(step)
	return ownedWith(s.lent, func(address *C.lightspeed_store, json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_store_results_json(address, id, json, err)
	})
}

// Suite is the suite as the last survey found it (docs/schemas/suite.json).
func (s *Store) Suite() (Document, error) {
	return ownedWith(s.lent, func(address *C.lightspeed_store, json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_store_suite_json(address, json, err)
	})
}

// ExportBaselines are all baselines by instance (docs/schemas/baselines.json), to be loaded into another database.
func (s *Store) ExportBaselines() (Document, error) {
	return ownedWith(s.lent, func(address *C.lightspeed_store, json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_store_baselines_json(address, json, err)
	})
}

// Loaded is what became of baselines that were handed in.
type Loaded struct {
	// Kept is how many were.
	Kept int `json:"loaded"`
	// Refused are the others, with the reason.
	Refused map[string]string `json:"refused"`
}

// LoadBaselines keeps baselines of such a document, of each of which only the median is required; all that fit the survey, at once. Who hands them
// in vouches for what they do not say, such as that they were measured on this machine.
func (s *Store) LoadBaselines(baselines Document) (*Loaded, error) {
	var p pins
	defer p.Unpin()
	given := p.text(unsafe.String(unsafe.SliceData(baselines), len(baselines)))
	report, err := ownedWith(s.lent, func(address *C.lightspeed_store, report *C.lightspeed_buf, err failure) status {
		return C.lightspeed_store_load_baselines(address, given, report, err)
	})
	if err != nil {
		return nil, err
	}
	loaded := new(Loaded)
	return loaded, json.Unmarshal(report, loaded)
}

// Close closes the file; indexes live on.
func (s *Store) Close() error {
	s.lent.close()
	return nil
}
