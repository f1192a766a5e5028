// Stores: a survey, baselines and results in one file.

package lightspeed_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"lightspeed"
)

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept.db")
	_, err := lightspeed.OpenStore(path, lightspeed.StoreModeRead)
	is(t, err, lightspeed.ErrNoSurvey, fs.ErrNotExist)
	store := must1(lightspeed.OpenStore(path, lightspeed.StoreModeWrite))(t)
	_, err = store.Survey()
	is(t, err, lightspeed.ErrNoSurvey)
	must(t, store.PutSurvey(index(t)))
	kept := must1(store.Survey())(t)
	must(t, store.PutBaseline("time_two", "seconds", []float64{1, 2, 3}))
	if samples := must1(store.Baseline("time_two"))(t); !slices.Equal(samples, []float64{1, 2, 3}) {
		t.Errorf("the baseline is %v", samples)
	}
	if samples := must1(store.Baseline("time_one"))(t); len(samples) != 0 {
		t.Errorf("the baseline is %v", samples)
	}
	result := lightspeed.StepResult{Benchmark: "time_two", Unit: "seconds", Samples: []float64{2, 4, 6}, Verdict: lightspeed.VerdictRegressed}
	is(t, store.PutResult("edit", result), lightspeed.ErrInvalidArgument)
	must(t, store.BeginStep("edit"))
	must(t, store.PutResult("edit", result))
	var results struct {
		Step struct {
			Benchmarks map[string]struct{ Verdict string }
		}
	}
	must(t, must1(store.Results("edit"))(t).Decode(&results))
	if verdict := results.Step.Benchmarks["time_two"].Verdict; verdict != "regressed" {
		t.Errorf("the verdict is %q", verdict)
	}
	_, err = store.Results("other")
	is(t, err, lightspeed.ErrInvalidArgument)
	is(t, store.PutBaseline("time_two", "seconds", nil), lightspeed.ErrInvalidArgument)
	must(t, store.Close())
	must(t, store.Close())
	_, err = store.Results("")
	is(t, err, lightspeed.ErrClosed)
	expectTwo(t, must1(kept.Select(t.Context(), map[string][]byte{"core.py": []byte(changed)}, nil))(t))
	again := must1(lightspeed.OpenStore(path, lightspeed.StoreModeRead))(t)
	if samples := must1(again.Baseline("time_two"))(t); len(samples) != 3 {
		t.Errorf("the baseline is %v", samples)
	}
	must(t, again.Close())
}

func TestBaselinesTravel(t *testing.T) {
	folder := t.TempDir()
	here := must1(lightspeed.OpenStore(filepath.Join(folder, "here.db"), lightspeed.StoreModeWrite))(t)
	there := must1(lightspeed.OpenStore(filepath.Join(folder, "there.db"), lightspeed.StoreModeWrite))(t)
	_, err := there.LoadBaselines(lightspeed.Document("{}"))
	is(t, err, lightspeed.ErrNoSurvey)
	for _, store := range []*lightspeed.Store{here, there} {
		must(t, store.PutSurvey(index(t)))
	}
	must(t, here.PutBaseline("time_two", "", []float64{1, 2, 3}))
	var exported map[string]any
	must(t, must1(here.ExportBaselines())(t).Decode(&exported))
	if len(exported) != 1 {
		t.Errorf("exported %v", exported)
	}
	loaded := must1(there.LoadBaselines(must1(here.ExportBaselines())(t)))(t)
	if loaded.Kept != 1 || len(loaded.Refused) != 0 {
		t.Errorf("loaded %+v", loaded)
	}
	loaded = must1(there.LoadBaselines(lightspeed.Document(`{"time_gone": {"median": 1.0}}`)))(t)
	if loaded.Kept != 0 || loaded.Refused["time_gone"] != "the survey has no such instance" {
		t.Errorf("loaded %+v", loaded)
	}
	_, err = there.LoadBaselines(nil)
	is(t, err, lightspeed.ErrInvalidArgument)
	var suite struct {
		Benchmarks, Files map[string]any
	}
	must(t, must1(there.Suite())(t).Decode(&suite))
	if len(suite.Benchmarks) != 2 || len(suite.Files) != 1 {
		t.Errorf("the suite is %v", suite)
	}
}

func TestNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept.db")
	must(t, os.WriteFile(path, bytes.Repeat([]byte("something else "), 100), 0o644))
	_, err := lightspeed.OpenStore(path, lightspeed.StoreModeRead)
	is(t, err, lightspeed.ErrDatabase)
}
