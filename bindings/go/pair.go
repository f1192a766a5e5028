// Two commands, run in turn until it is known whether the wall time changed.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"context"
	"time"
)

// PairOptions say how often to run, and what counts as a change.
type PairOptions struct {
	// Name is what it is called in the receipt; pair by default.
	Name string
	// Dir is where both run; the process's own directory by default.
	Dir string
	// Timeout is the time that a run may take, a minute by default.
	Timeout time.Duration
	// Warmup are the pairs that come first and do not count: 1 by default, negative for none.
	Warmup int
	// LeastPairs are the pairs at least. Where that is also the most, the evidence is looked at once, at the end.
	LeastPairs int
	// MostPairs are the pairs at most, 60 by default.
	MostPairs int
	// Alpha is the probability of calling a change where there is none, 0.05 by default.
	Alpha float64
	// Threshold is the share up to which a change does not matter: 0.05, the default, is 5 %; negative for none.
	Threshold float64
	// Seed decides the order in the pairs; 0 takes one that nothing decides. The receipt says which one it was.
	Seed uint64
	// AllowNonzero takes exit codes other than 0 for no failure.
	AllowNonzero bool
	// WorkUnits is how much work one run does, for what is told by the piece.
	WorkUnits float64
	Listener  Listener
}

// Receipt is what running both commands gave.
type Receipt struct {
	// Gate is what to do; [GateError] where a run failed.
	Gate Gate
	// Document is every run and what they say, as `lightspeed pair --json` prints it.
	Document Document
}

// Pair runs two commands, each a program and its arguments, in turn; no shell reads them. A run that fails is no error but in the receipt; a command
// that cannot be started is [ErrProcess]. Beside [ErrCancelled] it returns the receipt of what was run until then, unless the context was done before.
func Pair(ctx context.Context, baseline, current []string, options *PairOptions) (*Receipt, error) {
	if options == nil {
		options = new(PairOptions)
	}
	var p pins
	defer p.Unpin()
	given, err := options.given(&p)
	if err != nil {
		return nil, err
	}
	given.baseline, given.baseline_count = p.texts(baseline)
	given.current, given.current_count = p.texts(current)
	var gate C.int32_t
	var receipt Document
	err = long(ctx, options.Listener, func(w wires) (err error) {
		given.cancel, given.listener, given.userdata = w.cancel, w.listener, w.userdata
		var json C.lightspeed_buf
		err = try(func(err failure) status { return C.lightspeed_pair_run(given, &gate, &json, err) })
		if json.ptr != nil {
			receipt = copied(&json)
		}
		return err
	})
	if receipt == nil {
		return nil, err
	}
	return &Receipt{Gate: Gate(gate), Document: receipt}, err
}

func (o *PairOptions) given(p *pins) (*C.lightspeed_pair_options, error) {
	made := new(C.lightspeed_pair_options)
	if err := try(func(err failure) status {
		return C.lightspeed_pair_options_init(made, C.sizeof_lightspeed_pair_options, err)
	}); err != nil {
		return nil, err
	}
	made.name, made.cwd = p.text(o.Name), p.text(o.Dir)
	chosen(&made.timeout_s, o.Timeout.Seconds())
	chosen(&made.warmup, o.Warmup)
	chosen(&made.least_pairs, o.LeastPairs)
	chosen(&made.most_pairs, o.MostPairs)
	chosen(&made.alpha, o.Alpha)
	chosen(&made.threshold, o.Threshold)
	made.seed, made.random_seed = C.uint64_t(o.Seed), flag(o.Seed == 0)
	made.allow_nonzero = flag(o.AllowNonzero)
	chosen(&made.work_units, o.WorkUnits)
	return made, nil
}
