package frame_test

import (
	"log"
	"math"
	"strings"
	"testing"

	"lightspeed/frame"
)

func Example() {
	var told frame.Frame
	told.Counter("requests", 120, "", frame.Lower)
	told.Metric("quality", 0.93, "share", frame.Higher)
	if err := told.Print(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// --- lightspeed frame ---
	// {"metrics":{"quality":{"value":0.93,"unit":"share","better":"higher"}},"counters":{"requests":{"value":120,"unit":"","better":"lower","kind":"monotonic"}}}
	// --- end of frame ---
}

func TestRefused(t *testing.T) {
	for want, fill := range map[string]func(*frame.Frame){
		`the name "" must`:         func(f *frame.Frame) { f.Metric("", 1, "", frame.Lower) },
		`the name "a\nb" must`:     func(f *frame.Frame) { f.Counter("a\nb", 1, "", frame.Lower) },
		`the name "\xff" must`:     func(f *frame.Frame) { f.Gauge("\xff", 1, "", frame.Lower) },
		`the name "xxxxxxxxxx`:     func(f *frame.Frame) { f.Metric(strings.Repeat("x", 101), 1, "", frame.Lower) },
		`the unit "\u0085" must`:   func(f *frame.Frame) { f.Metric("a", 1, "\u0085", frame.Lower) },
		"a is NaN, and must":       func(f *frame.Frame) { f.Metric("a", math.NaN(), "", frame.Lower) },
		"a is -Inf, and must":      func(f *frame.Frame) { f.Gauge("a", math.Inf(-1), "", frame.Lower) },
		`better is "", and must`:   func(f *frame.Frame) { f.Metric("a", 1, "", "") },
		"b is +Inf, and must be f": func(f *frame.Frame) { f.Metric("a", 1, "", frame.Lower); f.Counter("b", math.Inf(1), "", frame.Lower) },
	} {
		var told frame.Frame
		fill(&told)
		if err := told.Print(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not tell %q", err, want)
		}
	}
}
