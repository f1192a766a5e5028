// Sessions, on a small suite of ASV: surveyed, selected from, measured, stopped.

package lightspeed_test

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"lightspeed"
)

func TestInit(t *testing.T) {
	folder := written(t)
	session := opened(t, folder)
	var events []lightspeed.Event
	options := &lightspeed.InitOptions{Timing: quick, Listener: func(event lightspeed.Event) error {
		events = append(events, event)
		return nil
	}}
	var report struct {
		Schema             string
		Surveyed, Measured int
	}
	must(t, must1(session.Init(within(t, time.Minute), options))(t).Decode(&report))
	if report.Schema != "lightspeed.init/1" || report.Surveyed != 2 || report.Measured != 2 {
		t.Fatalf("the report is %+v", report)
	}
	if len(events) == 0 || events[0].Kind != lightspeed.EventKindBegin {
		t.Fatalf("the events are %v", events)
	}
	must(t, must1(session.Init(context.Background(), options))(t).Decode(&report))
	if report.Surveyed != 0 {
		t.Fatalf("a second time surveys %d", report.Surveyed)
	}
	if _, err := os.Stat(must1(session.Database())(t)); err != nil {
		t.Fatal(err)
	}
	var results struct{ Baselines map[string]any }
	must(t, must1(session.Results(""))(t).Decode(&results))
	if len(results.Baselines) != 2 {
		t.Fatalf("the baselines are %v", results.Baselines)
	}
}

func TestSelect(t *testing.T) {
	folder, session := surveyed(t)
	ways := map[string]lightspeed.Changes{
		"files": lightspeed.Files("pkg/core.py"), "git": lightspeed.Since("HEAD"), "survey": lightspeed.SinceSurvey(), "zero": {},
	}
	for name, changes := range ways {
		if count := must1(session.Select(t.Context(), changes, nil))(t).Len(); count != 0 {
			t.Errorf("%s: nothing changed and %d are affected", name, count)
		}
	}
	write(t, folder, map[string]string{"pkg/core.py": changed})
	for name, changes := range ways {
		selection := must1(session.Select(t.Context(), changes, nil))(t)
		if !slices.Equal(selection.Benchmarks(), []string{"bench.time_two"}) {
			t.Errorf("%s: %v are affected", name, selection.Benchmarks())
		}
		for affected := range selection.All() {
			if !slices.Equal(affected.Reasons, []string{reason}) {
				t.Errorf("%s: %v", name, affected.Reasons)
			}
		}
	}
	if count := must1(session.Select(t.Context(), lightspeed.Files(), nil))(t).Len(); count != 0 {
		t.Errorf("no files affect %d", count)
	}
	whole := &lightspeed.SelectOptions{Policy: lightspeed.PolicyFile, HotfileThreshold: 1}
	if count := must1(session.Select(t.Context(), lightspeed.Changes{}, whole))(t).Len(); count != 2 {
		t.Errorf("as whole files %d are affected", count)
	}
	for _, changes := range ways {
		explained := must1(session.Explain(t.Context(), "bench.time_two", changes, nil))(t)
		if text := must1(explained.Text(&lightspeed.TextOptions{Width: 80, Colour: true}))(t); text == "" {
			t.Error("nothing is explained")
		}
	}
	_, err := session.Select(t.Context(), lightspeed.Files("pkg/other.py"), nil)
	is(t, err, lightspeed.ErrUnknownFile, fs.ErrNotExist)
	_, err = session.Select(t.Context(), lightspeed.Since("no-such-revision"), nil)
	is(t, err, lightspeed.ErrGit)
	_, err = session.Explain(t.Context(), "bench.time_none", lightspeed.Changes{}, nil)
	is(t, err, lightspeed.ErrInvalidArgument)
}

func TestMeasure(t *testing.T) {
	folder, session := surveyed(t)
	write(t, folder, map[string]string{"pkg/core.py": changed})
	for name, changes := range map[string]lightspeed.Changes{"files": lightspeed.Files("pkg/core.py"), "survey": {}} {
		measurement := must1(session.Measure(t.Context(), changes, &lightspeed.MeasureOptions{Timing: quick, StepID: name}))(t)
		one := slices.Collect(measurement.All())[0]
		if measurement.Len() != 1 || one.Benchmark != "bench.time_two" || one.Unit != "seconds" || !slices.Equal(one.Reasons, []string{reason}) {
			t.Fatalf("measured %+v", one)
		}
		if one.Outcome != lightspeed.OutcomeOK || !(one.Baseline > 0) || !(one.Current > 0) || one.Pairs != 0 || measurement.Gate() != one.Gate {
			t.Fatalf("measured %+v", one)
		}
		var document struct{ Benchmarks map[string]any }
		must(t, must1(measurement.JSON())(t).Decode(&document))
		if len(document.Benchmarks) != 1 {
			t.Fatalf("the document has %v", document.Benchmarks)
		}
		must(t, measurement.Close())
		_, err := measurement.JSON()
		is(t, err, lightspeed.ErrClosed, fs.ErrClosed)
		must1(session.Results(name))(t)
	}
	_, err := session.Results("never")
	is(t, err, lightspeed.ErrInvalidArgument)
	options := &lightspeed.MeasureOptions{Select: lightspeed.SelectOptions{Listener: func(lightspeed.Event) error { return nil }}}
	_, err = session.Measure(t.Context(), lightspeed.Changes{}, options)
	is(t, err, lightspeed.ErrInvalidArgument)
	_, err = session.Measure(t.Context(), lightspeed.Changes{}, &lightspeed.MeasureOptions{Alpha: math.NaN()})
	is(t, err, lightspeed.ErrInvalidArgument)
}

func TestPaired(t *testing.T) {
	folder, session := surveyed(t)
	write(t, folder, map[string]string{"pkg/core.py": changed})
	options := &lightspeed.MeasureOptions{
		Timing: quick, StepID: "edit", Paired: &lightspeed.Paired{Base: "HEAD", MostPairs: 2, Seed: 5},
	}
	_, err := session.Measure(t.Context(), lightspeed.Since("HEAD"), options)
	is(t, err, lightspeed.ErrInvalidArgument)
	options.Timing.Rounds = 0
	measurement := must1(session.Measure(t.Context(), lightspeed.Since("HEAD"), options))(t)
	for one := range measurement.All() {
		if one.Pairs != 2 {
			t.Errorf("%d pairs", one.Pairs)
		}
	}
	var document struct {
		Paired     struct{ Seed int }
		Benchmarks map[string]struct{ Reward lightspeed.Reward }
	}
	must(t, must1(measurement.JSON())(t).Decode(&document))
	if document.Paired.Seed != 5 {
		t.Errorf("the seed is %d", document.Paired.Seed)
	}
	rewards := must1(session.Rewards("edit"))(t)
	kept, said := rewards.Benchmarks["bench.time_two"], document.Benchmarks["bench.time_two"].Reward
	if kept.LogRatio != said.LogRatio || kept.RewardLCB != said.RewardLCB || kept.Interval.Level != 0.95 || rewards.Mean == nil {
		t.Errorf("kept %+v, said %+v", kept, said)
	}
	write(t, folder, map[string]string{"pkg/core.py": "def one():\n    return 1\n\n\ndef two():\n    raise ValueError\n"})
	must1(session.Measure(t.Context(), lightspeed.Changes{}, &lightspeed.MeasureOptions{Timing: quick, StepID: "mistake"}))(t)
	rewards = must1(session.Rewards("mistake"))(t)
	if rewards.Mean != nil || len(rewards.Benchmarks) != 0 || rewards.Without["bench.time_two"] == "" {
		t.Errorf("a mistake is worth %+v", rewards)
	}
}

func TestCancelledSurvey(t *testing.T) {
	folder := written(t)
	session := opened(t, folder)
	write(t, folder, map[string]string{"benchmarks/bench.py": bench + "\n\ndef time_slow():\n    import time\n\n    time.sleep(60)\n"})
	why := errors.New("somebody lost patience")
	ctx, cancel := context.WithCancelCause(t.Context())
	options := &lightspeed.InitOptions{SurveyOnly: true, Listener: func(event lightspeed.Event) error {
		if event.Kind == lightspeed.EventKindItem {
			time.AfterFunc(500*time.Millisecond, func() { cancel(why) })
		}
		return nil
	}}
	began := time.Now()
	_, err := session.Init(ctx, options)
	is(t, err, lightspeed.ErrCancelled, context.Canceled, why)
	if took := time.Since(began); took > 40*time.Second {
		t.Fatalf("it took %v to stop", took)
	}
	deadline, done := context.WithTimeout(t.Context(), 3*time.Second)
	defer done()
	_, err = session.Init(deadline, &lightspeed.InitOptions{SurveyOnly: true})
	is(t, err, lightspeed.ErrCancelled, context.DeadlineExceeded)
	write(t, folder, map[string]string{"benchmarks/bench.py": bench})
	var report struct{ Discovered []string }
	must(t, must1(session.Init(t.Context(), &lightspeed.InitOptions{SurveyOnly: true}))(t).Decode(&report))
	if len(report.Discovered) != 2 {
		t.Errorf("discovered %v", report.Discovered)
	}
	if count := must1(session.Select(t.Context(), lightspeed.Changes{}, nil))(t).Len(); count != 0 {
		t.Errorf("%d are affected", count)
	}
}

func TestListeners(t *testing.T) {
	_, session := surveyed(t)
	why := errors.New("heard enough")
	force := func(listener lightspeed.Listener) *lightspeed.InitOptions {
		return &lightspeed.InitOptions{SurveyOnly: true, Force: true, Listener: listener}
	}
	_, err := session.Init(t.Context(), force(func(lightspeed.Event) error { return why }))
	is(t, err, lightspeed.ErrCancelled, why)
	if errors.Is(err, context.Canceled) {
		t.Error("the context was not cancelled")
	}
	func() {
		defer func() {
			if found := recover(); found != "oops" {
				t.Errorf("recovered %v", found)
			}
		}()
		_, _ = session.Init(t.Context(), force(func(lightspeed.Event) error { panic("oops") }))
		t.Error("the panic did not come out")
	}()
	inside := 0
	must1(session.Init(t.Context(), force(func(lightspeed.Event) error {
		inside++
		_, err := session.Select(context.Background(), lightspeed.Changes{}, nil)
		if !errors.Is(err, lightspeed.ErrInvalidArgument) {
			return errors.Join(errors.New("it was not refused"), err)
		}
		return nil
	})))(t)
	if inside == 0 {
		t.Error("nothing was heard")
	}
}

func TestClosedByTheListener(t *testing.T) {
	_, session := surveyed(t)
	heard := 0
	must1(session.Init(t.Context(), &lightspeed.InitOptions{SurveyOnly: true, Force: true, Listener: func(lightspeed.Event) error {
		heard++
		return session.Close()
	}}))(t)
	if heard < 2 {
		t.Errorf("%d events", heard)
	}
	_, err := session.Select(t.Context(), lightspeed.Changes{}, nil)
	is(t, err, lightspeed.ErrClosed)
}

func TestSessionConcurrently(t *testing.T) {
	folder, session := surveyed(t)
	write(t, folder, map[string]string{"pkg/core.py": changed})
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 20 {
				selection, err := session.Select(t.Context(), lightspeed.Files("pkg/core.py"), nil)
				if err != nil || !slices.Equal(selection.Benchmarks(), []string{"bench.time_two"}) {
					t.Errorf("%v, %v", selection, err)
					return
				}
			}
		}()
	}
	group.Wait()
}

func TestSessionErrors(t *testing.T) {
	folder := t.TempDir()
	_, err := lightspeed.Open("", &lightspeed.SessionOptions{Dir: folder})
	is(t, err, lightspeed.ErrConfig)
	broken := filepath.Join(folder, "asv.conf.json")
	write(t, folder, map[string]string{"asv.conf.json": "{\n\"version\": 1,\n\"project\" \"pkg\"\n}\n"})
	_, err = lightspeed.Open(broken, nil)
	var failed *lightspeed.Error
	if !errors.As(err, &failed) || failed.Status != lightspeed.StatusConfig || failed.Path != broken || failed.Line != 3 {
		t.Fatalf("%#v", err)
	}
	var status lightspeed.Status
	if !errors.As(err, &status) || status.String() != "CONFIG" {
		t.Errorf("the status is %v", status)
	}
	_, err = opened(t, written(t)).Select(t.Context(), lightspeed.Changes{}, nil)
	is(t, err, lightspeed.ErrNoSurvey)
	_, err = lightspeed.Open(filepath.Join(folder, "nowhere", "asv.conf.json"), nil)
	is(t, err, lightspeed.ErrIO, fs.ErrNotExist)
}
