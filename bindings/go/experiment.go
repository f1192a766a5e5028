// Experiments: what to run next, when it is enough, and what it says.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"context"
	"fmt"
	"iter"
	"time"
)

// Run is a process run that is asked for.
type Run struct {
	Benchmark string
	// Side says which code.
	Side Side
	// Pair is which pair of this benchmark, from 0.
	Pair int
	// First says that it is the first of its pair.
	First bool
	// Warmup says that it only warms up: its values do not count.
	Warmup bool
	// Index is the benchmark's place in the experiment.
	Index int
}

// Progress is how far an experiment is.
type Progress struct {
	// Done are the runs that were recorded, warm-ups included.
	Done int
	// Expected are the runs in all, if those that are not decided go on as far as they may need.
	Expected int
	// Decided of so many Benchmarks have nothing left to run.
	Decided, Benchmarks int
	// Spent is the time that runs took.
	Spent time.Duration
}

// Experiment says what to run until the evidence suffices. It starts nothing itself, and reads no clock. Run each in a process of its own,
// or as freshly as can be.
type Experiment struct {
	lent *handle[*C.lightspeed_experiment]
}

// ExperimentOptions say what an experiment is to find out, and at what cost.
type ExperimentOptions struct {
	// Pairs of each benchmark, 60 by default: at most for [DesignUntilDecided], exactly for [DesignPairs], of each comparison for
	// [DesignCalibration]; for [DesignTwoSamples] the runs of each side.
	Pairs int
	// Comparisons are those of a calibration for each benchmark, 1 by default.
	Comparisons int
	// Alpha is the probability of calling a change where there is none, 0.05 by default.
	Alpha float64
	// Margin is the fraction up to which changes do not matter: 0.02, the default, is 2 %; negative for none.
	Margin float64
	// Seed decides every order; 0 takes one that nothing decides. The report says which one it was.
	Seed uint64
	// Warmups are the runs of each side that come first and do not count.
	Warmups int
	// Budget is the time that runs may take together, by default without a limit.
	Budget time.Duration
	// Controls are how many of the benchmarks, the last ones, are negative controls: proven unaffected, they run along to show whether the
	// environment moves.
	Controls int
}

func (o *ExperimentOptions) given(design Design) (*C.lightspeed_experiment_options, error) {
	made := new(C.lightspeed_experiment_options)
	if err := try(func(err failure) status {
		return C.lightspeed_experiment_options_init(made, C.sizeof_lightspeed_experiment_options, err)
	}); err != nil {
		return nil, err
	}
	made.design = C.int32_t(design)
	if o == nil {
		return made, nil
	}
	chosen(&made.pairs, o.Pairs)
	chosen(&made.comparisons, o.Comparisons)
	chosen(&made.alpha, o.Alpha)
	chosen(&made.margin, o.Margin)
	made.seed, made.random_seed = C.uint64_t(o.Seed), flag(o.Seed == 0)
	chosen(&made.warmups, o.Warmups)
	chosen(&made.budget_s, o.Budget.Seconds())
	chosen(&made.controls, o.Controls)
	return made, nil
}

// NewExperiment makes an experiment of benchmarks whose names differ, at least one. Nothing is run yet.
func NewExperiment(design Design, benchmarks []string, options *ExperimentOptions) (*Experiment, error) {
	given, err := options.given(design)
	if err != nil {
		return nil, err
	}
	var p pins
	defer p.Unpin()
	names, count := p.texts(benchmarks)
	return newExperiment(func(made **C.lightspeed_experiment, err failure) status {
		return C.lightspeed_experiment_new(names, count, given, made, err)
	})
}

// ExperimentFromPlan makes an experiment of a whole plan as JSON, for what options do not say; its form is in docs/c-reference.md.
func ExperimentFromPlan(plan Document) (*Experiment, error) {
	var p pins
	defer p.Unpin()
	text := p.text(string(plan))
	return newExperiment(func(made **C.lightspeed_experiment, err failure) status {
		return C.lightspeed_experiment_from_plan(text, made, err)
	})
}

// ResumeExperiment takes up the experiment whose [Experiment.State] this is, where it was, in whatever process.
func ResumeExperiment(state Document) (*Experiment, error) {
	var p pins
	defer p.Unpin()
	text := p.text(string(state))
	return newExperiment(func(made **C.lightspeed_experiment, err failure) status {
		return C.lightspeed_experiment_resume(text, made, err)
	})
}

func newExperiment(call func(**C.lightspeed_experiment, failure) status) (*Experiment, error) {
	var address *C.lightspeed_experiment
	if err := try(func(err failure) status { return call(&address, err) }); err != nil {
		return nil, err
	}
	lent := exclusive(address, func(address *C.lightspeed_experiment) { C.lightspeed_experiment_free(address) })
	return freed(&Experiment{lent: lent}, lent), nil
}

// Next is what to run now, the same until it was recorded; false where nothing is left.
func (e *Experiment) Next() (Run, bool, error) {
	var run Run
	var more bool
	err := e.lent.lend(func(address *C.lightspeed_experiment) error {
		var given C.lightspeed_run
		err := try(func(err failure) status { return C.lightspeed_experiment_next(address, &given, err) })
		if err != nil || !bool(given.more) {
			return err
		}
		more = true
		run = Run{
			Benchmark: text(given.benchmark),
			Side:      Side(given.side),
			Pair:      int(given.pair),
			First:     bool(given.first),
			Warmup:    bool(given.warmup),
			Index:     int(given.index),
		}
		return nil
	})
	return run, more, err
}

// Runs are what to run, until nothing is left or the context ends. What came of each must be recorded before the next; an error is the last
// of them.
func (e *Experiment) Runs(ctx context.Context) iter.Seq2[Run, error] {
	return func(yield func(Run, error) bool) {
		for {
			if ctx.Err() != nil {
				yield(Run{}, context.Cause(ctx))
				return
			}
			run, more, before, err := e.nextAfter()
			if err != nil {
				yield(Run{}, err)
				return
			}
			if !more || !yield(run, nil) {
				return
			}
			if same, _, done, err := e.nextAfter(); err == nil && done == before && same == run {
				yield(Run{}, refused(fmt.Sprintf("nothing was recorded of the run of %s: call Record or RecordFailed", run.Benchmark)))
				return
			}
		}
	}
}

// nextAfter is what to run now, and how many runs were recorded before.
func (e *Experiment) nextAfter() (Run, bool, int, error) {
	run, more, err := e.Next()
	if err != nil {
		return Run{}, false, 0, err
	}
	progress, err := e.Progress()
	return run, more, progress.Done, err
}

// Record records the values that the run gave, all above 0, in the benchmark's unit, and the time that it took in all; the values of one run
// collapse to their median. With [ErrStatistics], for values that are not usable, the run is still the next one.
func (e *Experiment) Record(values []float64, wall time.Duration) error {
	return e.record(values, wall.Seconds())
}

func (e *Experiment) record(values []float64, wallS float64) error {
	return tryWith(e.lent, func(address *C.lightspeed_experiment, err failure) status {
		numbers, count := doubles(values)
		return C.lightspeed_experiment_record(address, numbers, count, C.double(wallS), err)
	})
}

// RecordFailed records that the run raised an error, exited or crashed, and why. Its benchmark is not run again.
func (e *Experiment) RecordFailed(reason string) error {
	var p pins
	defer p.Unpin()
	why := p.text(reason)
	return tryWith(e.lent, func(address *C.lightspeed_experiment, err failure) status {
		return C.lightspeed_experiment_record_failed(address, why, err)
	})
}

// RecordTimedOut records that the run's time was up. Its benchmark is not run again.
func (e *Experiment) RecordTimedOut() error {
	return tryWith(e.lent, func(address *C.lightspeed_experiment, err failure) status {
		return C.lightspeed_experiment_record_timed_out(address, err)
	})
}

// RecordSkipped records that the run asked to be skipped. Its benchmark is not run again.
func (e *Experiment) RecordSkipped() error {
	return tryWith(e.lent, func(address *C.lightspeed_experiment, err failure) status {
		return C.lightspeed_experiment_record_skipped(address, err)
	})
}

// Cancel asks for nothing more. What was recorded stays and has results.
func (e *Experiment) Cancel() error {
	return tryWith(e.lent, func(address *C.lightspeed_experiment, err failure) status {
		return C.lightspeed_experiment_cancel(address, err)
	})
}

// Progress is how far it is.
func (e *Experiment) Progress() (Progress, error) {
	var given C.lightspeed_progress
	err := tryWith(e.lent, func(address *C.lightspeed_experiment, err failure) status {
		return C.lightspeed_experiment_progress(address, &given, err)
	})
	return Progress{
		Done:       int(given.done),
		Expected:   int(given.expected),
		Decided:    int(given.decided),
		Benchmarks: int(given.benchmarks),
		Spent:      time.Duration(float64(given.spent_s) * float64(time.Second)),
	}, err
}

// Results are what the runs say so far, at any time, in the order of the benchmarks.
func (e *Experiment) Results() ([]Result, error) {
	var results []Result
	err := e.lent.lend(func(address *C.lightspeed_experiment) error {
		results = make([]Result, int(C.lightspeed_experiment_count(address)))
		for place := range results {
			var given C.lightspeed_result
			if err := try(func(err failure) status {
				return C.lightspeed_experiment_result(address, C.size_t(place), &given, err)
			}); err != nil {
				return err
			}
			results[place] = newResult(&given)
		}
		return nil
	})
	return results, err
}

// Report is what the runs say so far as a document, with assumptions and warnings, controls that moved, and the seed.
func (e *Experiment) Report() (Document, error) {
	return ownedWith(e.lent, func(address *C.lightspeed_experiment, json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_experiment_results_json(address, json, err)
	})
}

// State is all there is to it, for [ResumeExperiment]: keep it after any step.
func (e *Experiment) State() (Document, error) {
	return ownedWith(e.lent, func(address *C.lightspeed_experiment, json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_experiment_state(address, json, err)
	})
}

// Close frees the experiment.
func (e *Experiment) Close() error {
	e.lent.close()
	return nil
}
