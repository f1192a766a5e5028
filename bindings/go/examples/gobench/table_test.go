package main

import (
	"math"
	"strings"
	"testing"

	"lightspeed"
)

// two are results of two packages, one of which failed.
func two() *comparison {
	none := math.NaN()
	return &comparison{
		affected: affected{reasons: map[string][]string{"a.test/x.BenchmarkB": {"r"}, "a.test/x.BenchmarkLong": {"r"}, "a.test/y.BenchmarkZ/z": {"r"}}, surveyed: 9},
		compared: []compared{
			{id: "a.test/x.BenchmarkB", name: "B", message: "new: panic: never",
				result: lightspeed.Result{Outcome: lightspeed.OutcomeFailed, Baseline: none, Current: none, Ratio: none, Low: none, High: none}},
			{id: "a.test/x.BenchmarkLong", name: "Long-2",
				result: lightspeed.Result{Verdict: lightspeed.VerdictRegressed, Baseline: 1e-6, Current: 1.5e-6, Ratio: 1.5, Low: 1.25, High: none, Pairs: 12}},
			{id: "a.test/y.BenchmarkZ/z", name: "Z/z-2",
				result: lightspeed.Result{Verdict: lightspeed.VerdictImproved, Baseline: 0.25, Current: 1e-9, Ratio: 0.5, Low: 0.25, High: 12, Pairs: 60}},
		},
		alpha: 0.05,
	}
}

const besides = `goos: linux
goarch: amd64
pkg: a.test/x
cpu: one
       │ old.txt │ new.txt │
       │ sec/op  │ sec/op  │
Long-2      1.0µ      1.5µ

pkg: a.test/y
      │ old.txt │ new.txt │
      │ sec/op  │ sec/op  │
Z/z-2     250m       1.0n
`

const wide = `pkg: a.test/x                                                        benchstat
        sec/op  sec/op                                                      │ old.txt │ new.txt │
           old     new   change  95 % interval  pairs  verdict              │ sec/op  │ sec/op  │
Long-2  1.000µ  1.500µ  +50.0 %   [+25.0 %, ?]     12  regressed     Long-2      1.0µ      1.5µ
B                                                      failed

pkg: a.test/y                                                        benchstat
       sec/op  sec/op                                                      │ old.txt │ new.txt │
          old     new   change   95 % interval  pairs  verdict             │ sec/op  │ sec/op  │
Z/z-2  250.0m  1.000n  -50.0 %  [-75.0 %, ×12]     60  improved      Z/z-2     250m       1.0n

`

func TestWide(t *testing.T) {
	found := two()
	if text := sideBySide(found.sections(120), theirs(besides), 120); text != wide {
		t.Errorf("it is\n%s", text)
	}
	if text := sideBySide(found.sections(80), theirs(besides), 80); text != "" {
		t.Errorf("80 columns have room for\n%s", text)
	}
}

func TestNarrow(t *testing.T) {
	wanted := "pkg: a.test/x\nLong-2\n  1.000µ → 1.500µ  +50.0 % [+25.0 %, ?]\n  12 pairs: regressed\nB\n  failed\n\n" +
		"pkg: a.test/y\nZ/z-2\n  250.0m → 1.000n  -50.0 % [-75.0 %, ×12]\n  60 pairs: improved\n\n"
	if text := joined(two().sections(40)); text != wanted {
		t.Errorf("it is\n%s", text)
	}
	for _, line := range strings.Split(joined(two().sections(80)), "\n") {
		if len([]rune(line)) > 80 {
			t.Errorf("too wide: %s", line)
		}
	}
}

func TestSummary(t *testing.T) {
	wanted := "3 of 9 benchmarks affected: 1 failed, 1 improved, 1 regressed\na.test/x.BenchmarkB: new: panic: never\n"
	if text := two().summary(); text != wanted {
		t.Errorf("it is\n%s", text)
	}
	if !two().isSlower() {
		t.Error("nothing is slower")
	}
}
