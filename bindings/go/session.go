// Sessions: a suite of ASV, surveyed, selected from and measured.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"context"
	"time"
)

// Session is an ASV suite and its database. It holds no process and no open file between calls.
type Session struct {
	lent *handle[*C.lightspeed_session]
}

// SessionOptions say what a session is opened with.
type SessionOptions struct {
	// Dir is where relative paths start from; the process's own directory by default.
	Dir string
	// SourceRoot are the sources under change; by default what the last survey was told.
	SourceRoot string
	// Python runs the suite, a path or a name on PATH; by default that of the last survey, else the active environment's.
	Python string
	// ResultsDir is where the database lies; the configuration's results_dir by default.
	ResultsDir string
	// Launch says how benchmarks get a process of their own.
	Launch Launch
}

// Open opens the suite of an asv.conf.json; with an empty path the only one in or below the directory of the options. It reads the configuration
// and touches nothing else.
func Open(config string, options *SessionOptions) (*Session, error) {
	var p pins
	defer p.Unpin()
	given, err := options.given(&p)
	if err != nil {
		return nil, err
	}
	var address *C.lightspeed_session
	path := p.text(config)
	if err := try(func(err failure) status { return C.lightspeed_session_open(path, given, &address, err) }); err != nil {
		return nil, err
	}
	lent := shared(address, func(address *C.lightspeed_session) { C.lightspeed_session_free(address) })
	return freed(&Session{lent: lent}, lent), nil
}

func (o *SessionOptions) given(p *pins) (*C.lightspeed_session_options, error) {
	made := new(C.lightspeed_session_options)
	if err := try(func(err failure) status {
		return C.lightspeed_session_options_init(made, C.sizeof_lightspeed_session_options, err)
	}); err != nil || o == nil {
		return made, err
	}
	made.cwd, made.source_root = p.text(o.Dir), p.text(o.SourceRoot)
	made.python, made.results_dir = p.text(o.Python), p.text(o.ResultsDir)
	made.launch = C.int32_t(o.Launch)
	return made, nil
}

// Database is where the session's database lies, whether there is one yet or not.
func (s *Session) Database() (string, error) {
	path, err := ownedWith(s.lent, func(address *C.lightspeed_session, path *C.lightspeed_buf, err failure) status {
		return C.lightspeed_session_database(address, path, err)
	})
	return string(path), err
}

// InitOptions say how to initialise.
type InitOptions struct {
	// Force surveys and measures everything again, also what is still true.
	Force bool
	// SurveyOnly leaves the baseline timing out.
	SurveyOnly bool
	// Wait is how long to wait for another process's survey: by default as long as it takes, negative not at all.
	Wait time.Duration
	// BaseCommit is the revision of the sources to survey and measure; by default the tree as it is.
	BaseCommit string
	Timing
	Listener Listener
}

// Timing says how benchmarks are timed.
type Timing struct {
	// Rounds are the process runs of each timed benchmark; by default the benchmark's own number.
	Rounds int
	// Repeat are the samples in each run; by default the benchmark's own number.
	Repeat int
	// Warmup is the time in each run before samples count: by default the benchmark's own, negative for none.
	Warmup time.Duration
}

// into sets what is not the default.
func (t Timing) into(rounds, repeat *C.int64_t, warmup *C.double) error {
	if t.Rounds < 0 || t.Repeat < 0 {
		return refused("rounds and repeat are counted from 1, with 0 for the benchmark's own numbers")
	}
	chosen(rounds, t.Rounds)
	chosen(repeat, t.Repeat)
	chosen(warmup, t.Warmup.Seconds())
	return nil
}

// Init surveys the suite and measures its baseline; what is there and still true is kept. It runs the suite's Python.
//
// It returns the document that `lightspeed init --json` prints; what goes wrong in one benchmark is in it, and no error. After [ErrCancelled] the
// same call goes on where this one ended.
func (s *Session) Init(ctx context.Context, options *InitOptions) (Document, error) {
	if options == nil {
		options = new(InitOptions)
	}
	var p pins
	defer p.Unpin()
	given := new(C.lightspeed_init_options)
	if err := try(func(err failure) status {
		return C.lightspeed_init_options_init(given, C.sizeof_lightspeed_init_options, err)
	}); err != nil {
		return nil, err
	}
	given.force, given.survey_only = flag(options.Force), flag(options.SurveyOnly)
	given.base_commit = p.text(options.BaseCommit)
	chosen(&given.wait_s, options.Wait.Seconds())
	if err := options.Timing.into(&given.rounds, &given.repeat, &given.warmup_time); err != nil {
		return nil, err
	}
	var report Document
	err := long(ctx, options.Listener, func(w wires) (err error) {
		given.cancel, given.listener, given.userdata = w.cancel, w.listener, w.userdata
		report, err = ownedWith(s.lent, func(address *C.lightspeed_session, json *C.lightspeed_buf, err failure) status {
			return C.lightspeed_session_init(address, given, json, err)
		})
		return err
	})
	return report, err
}

// SelectOptions say how to select.
type SelectOptions struct {
	// HotfileThreshold: changes of one file that affect more than this share of the suite, where as large a share executes it, are left
	// out and reported as a hotfile. By default 0.5; 1 leaves nothing out.
	HotfileThreshold float64
	// StrictEnvironment selects everything where the environment differs from the survey's. An [Index] does not look at it.
	StrictEnvironment bool
	// Policy says how finely changes are followed.
	Policy   Policy
	Listener Listener
}

func (o SelectOptions) given() (*C.lightspeed_select_options, error) {
	made := new(C.lightspeed_select_options)
	if err := try(func(err failure) status {
		return C.lightspeed_select_options_init(made, C.sizeof_lightspeed_select_options, err)
	}); err != nil {
		return nil, err
	}
	chosen(&made.hotfile_threshold, o.HotfileThreshold)
	made.strict_environment, made.policy = flag(o.StrictEnvironment), C.int32_t(o.Policy)
	return made, nil
}

// Select says which instances the changes affect. It starts no Python unless files of the suite changed.
func (s *Session) Select(ctx context.Context, changes Changes, options *SelectOptions) (*Selection, error) {
	var made *C.lightspeed_selection
	err := selecting(ctx, options, func(given *C.lightspeed_select_options) error {
		return s.lent.lend(func(address *C.lightspeed_session) error {
			var p pins
			defer p.Unpin()
			return changes.try(&p, changeCalls{
				files: func(files *C.lightspeed_str, count C.size_t, err failure) status {
					return C.lightspeed_session_select_files(address, files, count, given, &made, err)
				},
				git: func(base C.lightspeed_str, err failure) status {
					return C.lightspeed_session_select_git(address, base, given, &made, err)
				},
				survey: func(err failure) status { return C.lightspeed_session_select_survey(address, given, &made, err) },
			})
		})
	})
	if err != nil {
		return nil, err
	}
	return newSelection(made)
}

// Explain says what of the changes reaches a benchmark and on which way: the document that `lightspeed explain --json` prints. The benchmark
// is the id of an instance, or a name, which stands for all its instances.
func (s *Session) Explain(ctx context.Context, benchmark string, changes Changes, options *SelectOptions) (Document, error) {
	var document Document
	err := selecting(ctx, options, func(given *C.lightspeed_select_options) error {
		return s.lent.lend(func(address *C.lightspeed_session) (err error) {
			document, err = explained(address, benchmark, changes, given)
			return err
		})
	})
	return document, err
}

func explained(address *C.lightspeed_session, benchmark string, changes Changes, given *C.lightspeed_select_options) ([]byte, error) {
	var p pins
	defer p.Unpin()
	name := p.text(benchmark)
	var json C.lightspeed_buf
	err := changes.try(&p, changeCalls{
		files: func(files *C.lightspeed_str, count C.size_t, err failure) status {
			return C.lightspeed_session_explain_files(address, name, files, count, given, &json, err)
		},
		git: func(base C.lightspeed_str, err failure) status {
			return C.lightspeed_session_explain_git(address, name, base, given, &json, err)
		},
		survey: func(err failure) status { return C.lightspeed_session_explain_survey(address, name, given, &json, err) },
	})
	if err != nil {
		return nil, err
	}
	return copied(&json), nil
}

// selecting wires the options of a selection.
func selecting(ctx context.Context, options *SelectOptions, work func(*C.lightspeed_select_options) error) error {
	if options == nil {
		options = new(SelectOptions)
	}
	given, err := options.given()
	if err != nil {
		return err
	}
	return long(ctx, options.Listener, func(w wires) error {
		given.cancel, given.listener, given.userdata = w.cancel, w.listener, w.userdata
		return work(given)
	})
}

// Results are what the database keeps of measurements, the baselines, or with a step the results of that: the document that
// `lightspeed results --json` prints.
func (s *Session) Results(step string) (Document, error) {
	var p pins
	defer p.Unpin()
	id := p.text(step)
	return ownedWith(s.lent, func(address *C.lightspeed_session, json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_session_results_json(address, id, json, err)
	})
}

// Rewards are what a step is worth to a learning loop.
func (s *Session) Rewards(step string) (*Rewards, error) {
	document, err := s.Results(step)
	if err != nil {
		return nil, err
	}
	return newRewards(document)
}

// Close frees the session; what it returned lives on.
func (s *Session) Close() error {
	s.lent.close()
	return nil
}
