// Experiments from the first run to the verdict.

package lightspeed_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"lightspeed"
)

// value is what a run gives: slow takes half as long again after the change.
func value(run lightspeed.Run) float64 {
	base := 1.0 + 0.001*float64(run.Pair%3)
	if run.Benchmark == "slow" && run.Side == lightspeed.SideCurrent {
		return base * 1.5
	}
	return base
}

func experiment(t testing.TB, names []string, options *lightspeed.ExperimentOptions) *lightspeed.Experiment {
	t.Helper()
	return must1(lightspeed.NewExperiment(lightspeed.DesignUntilDecided, names, options))(t)
}

func TestUntilDecided(t *testing.T) {
	made := experiment(t, []string{"slow", "same"}, &lightspeed.ExperimentOptions{Seed: 1, Pairs: 40, Margin: 0.05})
	for run, err := range made.Runs(t.Context()) {
		must(t, err)
		must(t, made.Record([]float64{value(run)}, time.Second/2))
	}
	results := must1(made.Results())(t)
	if results[0].Verdict != lightspeed.VerdictRegressed || results[1].Verdict != lightspeed.VerdictEquivalent || !results[0].IsRegression() {
		t.Errorf("the results are %v", results)
	}
	if math.Abs(results[0].Ratio-1.5) > 0.01 || results[0].Pairs >= 40 || results[0].Pairs == 0 {
		t.Errorf("the result is %+v", results[0])
	}
	progress := must1(made.Progress())(t)
	if progress.Decided != 2 || progress.Benchmarks != 2 || progress.Spent != time.Duration(progress.Done)*time.Second/2 {
		t.Errorf("the progress is %+v", progress)
	}
	if _, more, err := made.Next(); more || err != nil {
		t.Errorf("there is more: %v", err)
	}
	var report struct{ Seed int }
	if must(t, must1(made.Report())(t).Decode(&report)); report.Seed != 1 {
		t.Errorf("the report is %+v", report)
	}
}

func TestResumed(t *testing.T) {
	options := &lightspeed.ExperimentOptions{Seed: 7}
	whole, halved := experiment(t, []string{"slow", "same"}, options), experiment(t, []string{"slow", "same"}, options)
	for run, err := range whole.Runs(t.Context()) {
		must(t, err)
		if other, more, err := halved.Next(); !more || err != nil || other != run {
			t.Fatalf("%v is not %v: %v", other, run, err)
		}
		for _, one := range []*lightspeed.Experiment{whole, halved} {
			must(t, one.Record([]float64{value(run)}, time.Second))
		}
		state := must1(halved.State())(t)
		must(t, halved.Close())
		halved = must1(lightspeed.ResumeExperiment(state))(t)
	}
	if one, other := must1(whole.State())(t), must1(halved.State())(t); !slices.Equal(one, other) {
		t.Error("the states differ")
	}
}

func TestPlan(t *testing.T) {
	plan := `{"design": {"kind": "pairs", "pairs": 5}, "benchmarks": [{"id": "slow", "margin": 0.1, "control": false, "run_s": null}],
		"alpha": 0.05, "seed": 3, "warmups": 1, "budget_s": null}`
	made := must1(lightspeed.ExperimentFromPlan(lightspeed.Document(plan)))(t)
	warmups := 0
	for run, err := range made.Runs(t.Context()) {
		must(t, err)
		if run.Warmup {
			warmups++
		}
		must(t, made.Record([]float64{value(run), value(run)}, 0))
	}
	if results := must1(made.Results())(t); warmups != 2 || results[0].Pairs != 5 {
		t.Errorf("%d warm-ups, %v", warmups, results)
	}
}

func TestEndings(t *testing.T) {
	made := experiment(t, []string{"fails", "skips", "waits", "same"}, &lightspeed.ExperimentOptions{Seed: 1})
	for run, err := range made.Runs(t.Context()) {
		must(t, err)
		switch run.Benchmark {
		case "fails":
			must(t, made.RecordFailed("it raised"))
		case "skips":
			must(t, made.RecordSkipped())
		case "waits":
			must(t, made.RecordTimedOut())
		default:
			must(t, made.Record([]float64{value(run)}, 0))
		}
	}
	var outcomes []string
	for _, result := range must1(made.Results())(t) {
		outcomes = append(outcomes, result.Outcome.String())
	}
	if !slices.Equal(outcomes, []string{"FAILED", "SKIPPED", "TIMED_OUT", "OK"}) {
		t.Errorf("the outcomes are %v", outcomes)
	}
	if said := must1(made.Results())(t)[0].String(); said != "FAILED" {
		t.Errorf("a failure is %q", said)
	}
}

func TestExperimentRefuses(t *testing.T) {
	made := experiment(t, []string{"slow"}, nil)
	is(t, made.Record([]float64{1}, 0), lightspeed.ErrInvalidArgument)
	run, _, err := made.Next()
	must(t, err)
	err = made.Record([]float64{-1}, 0)
	var failed *lightspeed.Error
	if is(t, err, lightspeed.ErrStatistics); !errors.As(err, &failed) || failed.Detail != "NotPositive" {
		t.Errorf("%#v", err)
	}
	if again, more, err := made.Next(); again != run || !more || err != nil {
		t.Errorf("the next run is %v", again)
	}
	var last error
	asked := 0
	for _, err := range made.Runs(t.Context()) {
		asked, last = asked+1, err
	}
	if is(t, last, lightspeed.ErrInvalidArgument); asked != 2 {
		t.Errorf("a run of which nothing is recorded came %d times", asked)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	why := errors.New("enough")
	for run, err := range made.Runs(ctx) {
		if last = err; err == nil {
			must(t, made.Record([]float64{value(run)}, 0))
			cancel(why)
		}
	}
	is(t, last, why)
	must(t, made.Cancel())
	if _, more, err := made.Next(); more || err != nil {
		t.Errorf("there is more after it was cancelled: %v", err)
	}
	for _, names := range [][]string{nil, {"a", "a"}} {
		_, err := lightspeed.NewExperiment(lightspeed.DesignPairs, names, nil)
		is(t, err, lightspeed.ErrInvalidArgument)
	}
	for _, options := range []*lightspeed.ExperimentOptions{{Pairs: -1}, {Alpha: 1}, {Margin: math.NaN()}, {Controls: 7}} {
		_, err := lightspeed.NewExperiment(lightspeed.DesignPairs, []string{"slow"}, options)
		is(t, err, lightspeed.ErrInvalidArgument)
	}
	_, err = lightspeed.NewExperiment(99, []string{"slow"}, nil)
	is(t, err, lightspeed.ErrInvalidArgument)
	_, err = lightspeed.ResumeExperiment(nil)
	is(t, err, lightspeed.ErrInvalidArgument)
	must(t, made.Close())
	_, err = made.State()
	is(t, err, lightspeed.ErrClosed)
}
