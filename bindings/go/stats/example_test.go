// What the documentation shows, run, and what numbers may be handed in.

package stats_test

import (
	"fmt"
	"log"
	"math"
	"testing"

	"lightspeed"
	"lightspeed/stats"
)

func ExampleCompare() {
	before := []float64{1.0, 1.01, 0.99, 1.02, 0.98, 1.0}
	after := []float64{2.0, 2.02, 1.98, 2.04, 1.96, 2.0}
	result, err := stats.Compare(before, after, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v, %.0f times as long\n", result.Verdict, result.Ratio)
	// Output: REGRESSED, 2 times as long
}

func TestSamples(t *testing.T) {
	before, after := []float64{1, 1.01, 0.99, 1.02, 0.98, 1}, []float64{2, 2.02, 1.98, 2.04, 1.96, 2}
	for _, options := range []*stats.CompareOptions{nil, {Paired: true}, {Alpha: 0.1, Margin: -1}} {
		result, err := stats.Compare(before, after, options)
		if err != nil || result.Verdict != lightspeed.VerdictRegressed || result.Gate != lightspeed.GateFail || result.Pairs != 6 {
			t.Errorf("%+v, %v", result, err)
		}
	}
	for want, sample := range map[string][]float64{"Empty": nil, "NotFinite": {1, math.NaN()}, "NotPositive": {0, 1}} {
		if _, err := stats.Compare(sample, after, nil); cause(err) != want {
			t.Errorf("%v is not %s", err, want)
		}
	}
	one, err := stats.Summarize([]float64{3})
	if err != nil || one.N != 1 || one.Median != 3 || !math.IsNaN(one.SD) || !math.IsNaN(one.CI99A) {
		t.Errorf("%+v, %v", one, err)
	}
	if _, err := stats.CompareRuns([][]float64{{1, 2}, {1}}, [][]float64{{2}, {2, 3}}, 0.05, 0.02); err != nil {
		t.Error(err)
	}
	if _, err := stats.Call("no_such_statistic", struct{}{}); cause(err) != "UnknownFunction" {
		t.Error(err)
	}
}
