// What measuring a change gave.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"context"
	"iter"
	"slices"
	"time"
)

// Paired says how to measure in pairs: the tree before the change and the tree as it is, in turn, until it is known whether they differ.
type Paired struct {
	// Base is the revision before the change; by default the one that git compared with, else the last commit.
	Base string
	// MostPairs are the pairs of each instance at most, 60 by default.
	MostPairs int
	// Budget is the time that all runs may take together, by default without a limit; what is undecided then stays so.
	Budget time.Duration
	// Seed decides every order; 0 takes one that nothing decides. The document says which one it was.
	Seed uint64
}

// MeasureOptions say how to measure and compare.
type MeasureOptions struct {
	// Select says how to select; its listener must be nil.
	Select SelectOptions
	Timing
	// StepID names the step under which the database keeps the results; by default it keeps none.
	StepID string
	// Margin is the fraction up to which changes do not matter: 0.02, the default, is 2 %; negative for none.
	Margin float64
	// Alpha is the probability of claiming a change where there is none, 0.05 by default.
	Alpha float64
	// StrictHost refuses to measure where a baseline is of another class of machine ([ErrOtherHost]).
	StrictHost bool
	// Paired measures in pairs; nil compares with the stored baselines instead.
	Paired   *Paired
	Listener Listener
}

// Measure runs what the changes affect and compares it. It starts no Python where nothing is affected. What goes wrong in one benchmark is in the
// measurement, and no error. After [ErrCancelled] the results so far are in the step, if one was named.
func (s *Session) Measure(ctx context.Context, changes Changes, options *MeasureOptions) (*Measurement, error) {
	if options == nil {
		options = new(MeasureOptions)
	}
	if options.Select.Listener != nil {
		return nil, refused("the listener of a measurement stands in MeasureOptions, not in its Select")
	}
	var p pins
	defer p.Unpin()
	selecting, err := options.Select.given()
	if err != nil {
		return nil, err
	}
	given, err := options.given(&p)
	if err != nil {
		return nil, err
	}
	var made *C.lightspeed_measurement
	err = long(ctx, options.Listener, func(w wires) error {
		given.cancel, given.listener, given.userdata = w.cancel, w.listener, w.userdata
		return s.lent.lend(func(address *C.lightspeed_session) error {
			return changes.try(&p, changeCalls{
				files: func(files *C.lightspeed_str, count C.size_t, err failure) status {
					return C.lightspeed_session_measure_files(address, files, count, selecting, given, &made, err)
				},
				git: func(base C.lightspeed_str, err failure) status {
					return C.lightspeed_session_measure_git(address, base, selecting, given, &made, err)
				},
				survey: func(err failure) status {
					return C.lightspeed_session_measure_survey(address, selecting, given, &made, err)
				},
			})
		})
	})
	if err != nil {
		return nil, err
	}
	return newMeasurement(made)
}

func (o *MeasureOptions) given(p *pins) (*C.lightspeed_measure_options, error) {
	made := new(C.lightspeed_measure_options)
	if err := try(func(err failure) status {
		return C.lightspeed_measure_options_init(made, C.sizeof_lightspeed_measure_options, err)
	}); err != nil {
		return nil, err
	}
	if err := o.Timing.into(&made.rounds, &made.repeat, &made.warmup_time); err != nil {
		return nil, err
	}
	made.step_id, made.strict_host = p.text(o.StepID), flag(o.StrictHost)
	chosen(&made.margin, o.Margin)
	chosen(&made.alpha, o.Alpha)
	if o.Paired == nil {
		return made, nil
	}
	paired, err := o.Paired.given(p)
	if err != nil {
		return nil, err
	}
	p.Pin(paired)
	made.paired = paired
	return made, nil
}

func (o *Paired) given(p *pins) (*C.lightspeed_paired_options, error) {
	made := new(C.lightspeed_paired_options)
	if err := try(func(err failure) status {
		return C.lightspeed_paired_options_init(made, C.sizeof_lightspeed_paired_options, err)
	}); err != nil {
		return nil, err
	}
	made.base = p.text(o.Base)
	chosen(&made.most_pairs, o.MostPairs)
	chosen(&made.budget_s, o.Budget.Seconds())
	made.seed, made.random_seed = C.uint64_t(o.Seed), flag(o.Seed == 0)
	return made, nil
}

// Measured is what came of one instance.
type Measured struct {
	// Benchmark is its id, name or name-K.
	Benchmark string
	Result
	// Unit is what its numbers count: seconds, bytes …; empty where that is not known.
	Unit string
	// Message says why the outcome is not OK, or why there is no verdict; empty where neither is so.
	Message string
	// Reasons say why it was selected; none where it is no longer in the suite.
	Reasons []string
}

// Measurement is every selected instance, and those that are no longer in the suite, in the order of ids. It never changes, and lives longer than its
// session. Closing it only takes [Measurement.JSON] away.
type Measurement struct {
	lent     *handle[*C.lightspeed_measurement]
	measured []Measured
	gate     Gate
}

func newMeasurement(address *C.lightspeed_measurement) (*Measurement, error) {
	lent := shared(address, func(address *C.lightspeed_measurement) { C.lightspeed_measurement_free(address) })
	made := freed(&Measurement{lent: lent}, lent)
	err := lent.lend(func(address *C.lightspeed_measurement) error {
		made.gate = Gate(C.lightspeed_measurement_gate(address))
		made.measured = make([]Measured, int(C.lightspeed_measurement_count(address)))
		for place := range made.measured {
			if err := made.measured[place].read(address, C.size_t(place)); err != nil {
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

func (m *Measured) read(address *C.lightspeed_measurement, place C.size_t) error {
	var result C.lightspeed_result
	err := try(func(err failure) status { return C.lightspeed_measurement_result(address, place, &result, err) })
	if err != nil {
		return err
	}
	m.Result = newResult(&result)
	m.Benchmark, err = borrowed(func(text *C.lightspeed_str, err failure) status {
		return C.lightspeed_measurement_benchmark(address, place, text, err)
	})
	if err != nil {
		return err
	}
	m.Unit, err = borrowed(func(text *C.lightspeed_str, err failure) status {
		return C.lightspeed_measurement_unit(address, place, text, err)
	})
	if err != nil {
		return err
	}
	m.Message, err = borrowed(func(text *C.lightspeed_str, err failure) status {
		return C.lightspeed_measurement_message(address, place, text, err)
	})
	if err != nil {
		return err
	}
	m.Reasons, err = reasons(func(count *C.size_t, err failure) status {
		return C.lightspeed_measurement_reason_count(address, place, count, err)
	}, func(reason C.size_t, text *C.lightspeed_str, err failure) status {
		return C.lightspeed_measurement_reason(address, place, reason, text, err)
	})
	return err
}

// Len is how many instances it has.
func (m *Measurement) Len() int { return len(m.measured) }

// Gate is the worst gate of all instances; [GateNone] where there are none.
func (m *Measurement) Gate() Gate { return m.gate }

// All are the instances.
func (m *Measurement) All() iter.Seq[Measured] { return slices.Values(m.measured) }

// JSON is the whole as a document, the one that `lightspeed measure --json` prints.
func (m *Measurement) JSON() (Document, error) {
	return ownedWith(m.lent, func(address *C.lightspeed_measurement, json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_measurement_json(address, json, err)
	})
}

// Close frees what the library holds of it.
func (m *Measurement) Close() error {
	m.lent.close()
	return nil
}
