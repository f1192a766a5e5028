// What a change affects.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"iter"
	"slices"
)

// Affected is a benchmark instance that a change affects.
type Affected struct {
	// Benchmark is its id: the name, or name-K for the K-th combination of parameters, from 0.
	Benchmark string
	// Reasons say why, in words; at least one.
	Reasons []string
}

// Selection are the affected instances, in the order of the suite. It never changes, and lives longer than what made it. Closing it only
// takes [Selection.JSON] away.
type Selection struct {
	lent       *handle[*C.lightspeed_selection]
	affected   []Affected
	unaffected int
}

func newSelection(address *C.lightspeed_selection) (*Selection, error) {
	lent := shared(address, func(address *C.lightspeed_selection) { C.lightspeed_selection_free(address) })
	made := freed(&Selection{lent: lent}, lent)
	err := lent.lend(func(address *C.lightspeed_selection) error {
		made.unaffected = int(C.lightspeed_selection_unaffected_count(address))
		made.affected = make([]Affected, int(C.lightspeed_selection_count(address)))
		for place := range made.affected {
			if err := made.affected[place].read(address, C.size_t(place)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		lent.close()
		return nil, err
	}
	return made, nil
}

func (a *Affected) read(address *C.lightspeed_selection, place C.size_t) (err error) {
	a.Benchmark, err = borrowed(func(text *C.lightspeed_str, err failure) status {
		return C.lightspeed_selection_benchmark(address, place, text, err)
	})
	if err != nil {
		return err
	}
	a.Reasons, err = reasons(func(count *C.size_t, err failure) status {
		return C.lightspeed_selection_reason_count(address, place, count, err)
	}, func(reason C.size_t, text *C.lightspeed_str, err failure) status {
		return C.lightspeed_selection_reason(address, place, reason, text, err)
	})
	return err
}

// reasons are as many texts as a call counts, each from another call.
func reasons(count func(*C.size_t, failure) status, reason func(C.size_t, *C.lightspeed_str, failure) status) ([]string, error) {
	var number C.size_t
	if err := try(func(err failure) status { return count(&number, err) }); err != nil {
		return nil, err
	}
	found := make([]string, int(number))
	for place := range found {
		text, err := borrowed(func(text *C.lightspeed_str, err failure) status { return reason(C.size_t(place), text, err) })
		if err != nil {
			return nil, err
		}
		found[place] = text
	}
	return found, nil
}

// Len is how many instances are affected.
func (s *Selection) Len() int { return len(s.affected) }

// Unaffected is how many instances are not affected, left-out changes of hotfiles included.
func (s *Selection) Unaffected() int { return s.unaffected }

// All are the affected instances.
func (s *Selection) All() iter.Seq[Affected] { return slices.Values(s.affected) }

// Benchmarks are the ids of the affected instances.
func (s *Selection) Benchmarks() []string {
	ids := make([]string, len(s.affected))
	for place, one := range s.affected {
		ids[place] = one.Benchmark
	}
	return ids
}

// JSON is the whole as a document, the one that `lightspeed select --json` prints.
func (s *Selection) JSON() (Document, error) {
	return ownedWith(s.lent, func(address *C.lightspeed_selection, json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_selection_json(address, json, err)
	})
}

// Close frees what the library holds of it.
func (s *Selection) Close() error {
	s.lent.close()
	return nil
}
