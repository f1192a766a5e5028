// Sweeps from the first run to the law.

package lightspeed_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"testing"
	"time"

	"lightspeed"
)

// swept runs a sweep to its end; `takes` says what a point takes.
func swept(t *testing.T, sweep *lightspeed.Experiment, takes func(lightspeed.Run, lightspeed.AxisValues) float64) *lightspeed.Sweep {
	t.Helper()
	points := must1(sweep.Sweep())(t).Points
	for run, err := range sweep.Runs(context.Background()) {
		must(t, err)
		if points[run.Index].ID != run.Benchmark {
			t.Errorf("%s is not %s", points[run.Index].ID, run.Benchmark)
		}
		must(t, sweep.Record([]float64{takes(run, points[run.Index].Values)}, time.Second))
	}
	return must1(sweep.Sweep())(t)
}

func TestSweep(t *testing.T) {
	axes := []lightspeed.Axis{{Name: "workers", Values: []int{1, 2, 4, 8}}, {Name: "load", Values: "0.5..1.5 step 0.5"}, {Name: "mode", Values: []string{"a", "b"}}}
	sweep := must1(lightspeed.NewSweep(axes, &lightspeed.SweepOptions{Seed: 1, Warmups: 1}))(t)
	amdahl := func(workers int64) float64 { return 0.1 + 0.9/float64(workers) }
	found := swept(t, sweep, func(run lightspeed.Run, values lightspeed.AxisValues) float64 {
		// Each round on a machine half as fast as in the one before.
		return math.Ldexp(amdahl(values["workers"].(int64))*values["load"].(float64), run.Pair)
	})
	if len(found.Points) != 24 || len(found.Lines) != 6 {
		t.Fatalf("%d points, %d lines", len(found.Points), len(found.Lines))
	}
	last := found.Points[23]
	if want := (lightspeed.AxisValues{"workers": int64(8), "load": 1.5, "mode": "b"}); last.ID != "workers=8,load=1.5,mode=b" || !maps.Equal(last.Values, want) {
		t.Errorf("%+v", last)
	}
	if near := math.Abs(last.Speedup.Estimate*amdahl(8)-1) < 1e-9; !near || last.Base != 5 || last.Note != "" {
		t.Errorf("%+v, %+v", last, last.Speedup)
	}
	if near := math.Abs(*last.Efficiency.Interval.Low*8*amdahl(8)-1) < 1e-9; !near || last.Spread.N != 6 || *last.Spread.Max <= *last.Spread.Min {
		t.Errorf("%+v, %+v", last.Efficiency, last.Spread)
	}
	if line := found.Lines[5]; line.Along != "workers" || fmt.Sprint(line.Points) != "[5 11 17 23]" || !maps.Equal(line.Fixed, lightspeed.AxisValues{"load": 1.5, "mode": "b"}) {
		t.Errorf("%+v", line)
	}
	if found.Drift == nil || math.Abs(found.Drift.Ratio-16) > 1e-9 {
		t.Errorf("%+v", found.Drift)
	}
	results := must1(sweep.Results())(t)
	if last := results[23]; last.Verdict != lightspeed.VerdictNone || last.Gate != lightspeed.GateNone || math.Abs(last.Ratio-amdahl(8)) > 1e-9 {
		t.Errorf("%+v", last)
	}
}

func TestSweepScaling(t *testing.T) {
	sweep := must1(lightspeed.NewSweep([]lightspeed.Axis{{Name: "n", Values: "log2 1..64"}}, &lightspeed.SweepOptions{Repeats: 3, Seed: 1}))(t)
	scaling := swept(t, sweep, func(run lightspeed.Run, values lightspeed.AxisValues) float64 {
		return (1 + 0.2*float64(values["n"].(int64))) * (1 + 0.001*float64(run.Pair))
	}).Lines[0].Scaling
	fit := scaling.Fit()
	if scaling.Model != lightspeed.ModelLinear || scaling.Reason != "" || fit == nil || fit.Weight < 0.9 {
		t.Fatalf("%+v", scaling)
	}
	for place, truth := range []float64{1, 0.2} {
		ends := fit.Intervals[place]
		if math.Abs(fit.Coefficients[place]/truth-1) > 0.01 || ends[0] > fit.Coefficients[place] || ends[1] < fit.Coefficients[place] {
			t.Errorf("%+v", fit)
		}
	}
	few := must1(lightspeed.NewSweep([]lightspeed.Axis{{Name: "n", Values: []float64{0.5, 1}}}, &lightspeed.SweepOptions{Repeats: 1, Seed: 1}))(t)
	found := swept(t, few, func(lightspeed.Run, lightspeed.AxisValues) float64 { return 1 })
	if scaling := found.Lines[0].Scaling; scaling.Model != "" || scaling.Reason == "" || scaling.Fit() != nil {
		t.Errorf("%+v", scaling)
	}
	if point := found.Points[1]; point.Note == "" || point.Speedup.Interval.Low != nil || point.Spread.Stdev != nil || point.Efficiency != nil {
		t.Errorf("%+v", point)
	}
}

func TestSweepOptions(t *testing.T) {
	axes := []lightspeed.Axis{{Name: "n", Values: []int{1, 2}}, {Name: "shape", Values: []string{"4x4", "8x8"}, Kind: "shape"}}
	options := &lightspeed.SweepOptions{Zipped: true, Along: "shape", Workers: "n", HigherIsBetter: true, Alpha: 0.5, Repeats: 2, Budget: time.Minute}
	sweep := must1(lightspeed.NewSweep(axes, options))(t)
	found := swept(t, sweep, func(_ lightspeed.Run, values lightspeed.AxisValues) float64 { return float64(values["n"].(int64)) })
	if len(found.Points) != 2 || found.Points[1].Speedup.Estimate != 2 || found.Points[1].Speedup.Interval.Low == nil || found.Lines[0].Along != "shape" {
		t.Errorf("%+v", found)
	}
	spent := must1(lightspeed.NewSweep(axes, &lightspeed.SweepOptions{Budget: time.Second}))(t)
	if swept(t, spent, func(lightspeed.Run, lightspeed.AxisValues) float64 { return 1 }); must1(spent.Progress())(t).Done != 1 {
		t.Error("a second does not end it")
	}
	for _, wrong := range [][]lightspeed.Axis{nil, {{Name: "n"}}, {{Name: "n m", Values: "1"}}, {{Name: "n", Values: []int{1, 1}}}, {{Name: "n", Values: math.NaN()}}, {{Name: "n", Values: "1", Kind: "number"}}} {
		if _, err := lightspeed.NewSweep(wrong, nil); !errors.Is(err, lightspeed.ErrInvalidArgument) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	for _, wrong := range []lightspeed.SweepOptions{{Repeats: -1}, {Along: "m"}, {Workers: "shape"}, {Alpha: 2}, {Warmups: -1}, {Budget: -1}} {
		if _, err := lightspeed.NewSweep(axes, &wrong); !errors.Is(err, lightspeed.ErrInvalidArgument) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	other := must1(lightspeed.NewExperiment(lightspeed.DesignPairs, []string{"a"}, nil))(t)
	if _, err := other.Sweep(); !errors.Is(err, lightspeed.ErrInvalidArgument) {
		t.Error(err)
	}
}
