// What came of one benchmark.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"fmt"
	"math"
)

// Result is what the runs of a benchmark say. A number that there is none of is NaN.
type Result struct {
	Outcome Outcome
	// Verdict is what the evidence says, and Gate what to do about it.
	Verdict Verdict
	Gate    Gate
	// Control says that it is a negative control, which runs along to show whether the environment moves.
	Control bool
	// Baseline and Current are the medians before the change and now, in the benchmark's unit.
	Baseline, Current float64
	// Ratio is the estimate of current/baseline; Low and High are the ends of its interval at 1 − alpha, NaN also where the samples do
	// not bound it.
	Ratio, Low, High float64
	// DeltaPct is the change in per cent; a rise is positive.
	DeltaPct float64
	// PValue is that of "no difference", two-sided; NaN where pairs were run until they decided.
	PValue float64
	// EValue is the evidence against "no change beyond the margin", valid whenever one stops; NaN also where it exceeds a float64.
	EValue float64
	// SmallestEffect is the smallest change beyond the margin, a fraction, that runs like these could have shown.
	SmallestEffect float64
	// Pairs are the complete pairs; of two samples, the values of the smaller one; 0 where a session did not measure in pairs.
	Pairs int
}

func newResult(from *C.lightspeed_result) Result {
	return Result{
		Outcome:        Outcome(from.outcome),
		Verdict:        Verdict(from.verdict),
		Gate:           Gate(from.gate),
		Control:        from.control != 0,
		Baseline:       float64(from.baseline),
		Current:        float64(from.current),
		Ratio:          float64(from.ratio),
		Low:            float64(from.low),
		High:           float64(from.high),
		DeltaPct:       float64(from.delta_pct),
		PValue:         float64(from.p_value),
		EValue:         float64(from.e_value),
		SmallestEffect: float64(from.smallest_effect),
		Pairs:          int(from.pairs),
	}
}

// IsRegression says whether it is slower, beyond the margin.
func (r Result) IsRegression() bool { return r.Verdict == VerdictRegressed }

// String is such as REGRESSED: 1.5x [1.498, 1.503], or only the outcome.
func (r Result) String() string {
	if math.IsNaN(r.Ratio) {
		return r.Outcome.String()
	}
	return fmt.Sprintf("%s: %.4gx [%s, %s]", r.Verdict, r.Ratio, end(r.Low), end(r.High))
}

func end(value float64) string {
	if math.IsNaN(value) {
		return "?"
	}
	return fmt.Sprintf("%.4g", value)
}
