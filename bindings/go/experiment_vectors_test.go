// The shared vectors of the experiments.

package lightspeed_test

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"lightspeed"
)

// givenExperiment is a vector: a plan, and what its runs give.
type givenExperiment struct {
	Name     string
	Plan     json.RawMessage
	Outcomes struct {
		Seed        uint64
		Values      int
		Spread      float64
		Side        string
		Levels      map[string]float64
		Ends        map[string]ending
		CancelAfter *int `json:"cancel_after"`
	}
}

// digest is what came of a vector; that of the transcript, which Go has no document of, is left out.
type digest struct {
	Runs           int
	Results, State string
}

type ending struct {
	Pair    int
	Outcome struct{ Kind, Reason string }
}

// TestExperimentVectors has the results and the state of every platform, by their CRC-32, and as many runs.
func TestExperimentVectors(t *testing.T) {
	folder := filepath.Join("..", "..", "tests", "vectors", "experiment")
	var digests map[string]digest
	must(t, json.Unmarshal(must1(os.ReadFile(filepath.Join(folder, "digests.json")))(t), &digests))
	counted := 0
	for _, path := range must1(filepath.Glob(filepath.Join(folder, "*.json")))(t) {
		var file struct {
			Design  string
			Vectors []givenExperiment
		}
		if filepath.Base(path) == "digests.json" {
			continue
		}
		must(t, json.Unmarshal(must1(os.ReadFile(path))(t), &file))
		for _, one := range file.Vectors {
			name := file.Design + ": " + one.Name
			counted++
			if testing.Short() && digests[name].Runs > 100 {
				continue
			}
			t.Run(name, func(t *testing.T) {
				if found := one.play(t); found != digests[name] {
					t.Errorf("%+v is not %+v", found, digests[name])
				}
			})
		}
	}
	if counted != len(digests) || counted < 26 {
		t.Errorf("%d vectors have %d digests", counted, len(digests))
	}
}

// play runs the experiment, which is taken up again before every seventh run.
func (g *givenExperiment) play(t *testing.T) digest {
	crc := func(document lightspeed.Document) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE(document)) }
	made := must1(lightspeed.ExperimentFromPlan(lightspeed.Document(g.Plan)))(t)
	for runs := 0; ; runs++ {
		if runs%7 == 6 {
			made = must1(lightspeed.ResumeExperiment(must1(made.State())(t)))(t)
		}
		if g.Outcomes.CancelAfter != nil && runs == *g.Outcomes.CancelAfter {
			must(t, made.Cancel())
		}
		run, more, err := made.Next()
		if must(t, err); !more {
			return digest{Runs: runs, Results: crc(must1(made.Report())(t)), State: crc(must1(made.State())(t))}
		}
		g.record(t, made, run)
	}
}

func (g *givenExperiment) record(t *testing.T, made *lightspeed.Experiment, run lightspeed.Run) {
	if end, found := g.Outcomes.Ends[run.Benchmark]; found && !run.Warmup && run.Pair >= end.Pair {
		must(t, end.record(made))
		return
	}
	level := 1.0
	levelled := lightspeed.SideCurrent
	if g.Outcomes.Side == "baseline" {
		levelled = lightspeed.SideBaseline
	}
	if named, found := g.Outcomes.Levels[run.Benchmark]; found && run.Side == levelled {
		level = named
	}
	values := make([]float64, g.Outcomes.Values)
	for place := range values {
		g.Outcomes.Seed = g.Outcomes.Seed*6364136223846793005 + 1442695040888963407
		// The conversions round: no fused operation may take their place.
		values[place] = level * float64(1+float64(g.Outcomes.Spread*float64((g.Outcomes.Seed>>33)%1000)))
	}
	must(t, made.RecordSeconds(values, 3*values[0]))
}

func (e ending) record(made *lightspeed.Experiment) error {
	switch e.Outcome.Kind {
	case "failed":
		return made.RecordFailed(e.Outcome.Reason)
	case "timed_out":
		return made.RecordTimedOut()
	case "skipped":
		return made.RecordSkipped()
	}
	return fmt.Errorf("there is no outcome %s", e.Outcome.Kind)
}
