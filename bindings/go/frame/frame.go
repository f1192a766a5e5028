// Package frame prints what a program tells of itself to libLightspeed: numbers in a frame on standard output (docs/frames.md).
//
// It needs neither cgo nor anything outside the standard library, and this file can be copied.
package frame

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Better says which way is better.
type Better string

// Which way is better.
const (
	Lower  Better = "lower"
	Higher Better = "higher"
)

// Frame is a frame that is being filled; the zero value is an empty one. It is for one goroutine at a time.
type Frame struct {
	told  numbers
	wrong error
}

// Both are left out where they are nil: null is no JSON object.
type numbers struct {
	Metrics  map[string]number `json:"metrics,omitempty"`
	Counters map[string]number `json:"counters,omitempty"`
}

type number struct {
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Better Better  `json:"better"`
	Kind   string  `json:"kind,omitempty"`
}

// Metric tells a number that stands for itself. What is refused here, Print tells.
func (f *Frame) Metric(name string, value float64, unit string, better Better) {
	f.add(&f.told.Metrics, name, number{value, unit, better, ""})
}

// Counter tells a reading of what only rises: told before and after the measured part, the rise counts.
func (f *Frame) Counter(name string, value float64, unit string, better Better) {
	f.add(&f.told.Counters, name, number{value, unit, better, "monotonic"})
}

// Gauge tells a reading of what rises and falls: the last one counts.
func (f *Frame) Gauge(name string, value float64, unit string, better Better) {
	f.add(&f.told.Counters, name, number{value, unit, better, "gauge"})
}

// Print writes the frame to standard output, on lines of its own, and empties it for the next one. What the program buffers itself it
// must flush before. A frame of which something was refused is not printed: the error says what.
func (f *Frame) Print() error {
	told, wrong := f.told, f.wrong
	*f = Frame{}
	if wrong != nil {
		return wrong
	}
	text, err := json.Marshal(told)
	if err != nil {
		return fmt.Errorf("frame: %w", err)
	}
	_, err = fmt.Fprintf(os.Stdout, "\n--- lightspeed frame ---\n%s\n--- end of frame ---\n", text)
	return err
}

func (f *Frame) add(into *map[string]number, name string, told number) {
	if err := check(name, told); err != nil {
		f.wrong = errors.Join(f.wrong, err)
		return
	}
	if *into == nil {
		*into = map[string]number{}
	}
	(*into)[name] = told
}

func check(name string, told number) error {
	switch {
	case name == "" || !plain(name):
		return fmt.Errorf("frame: the name %q must have 1 to 100 bytes of UTF-8 and no control characters", name)
	case !plain(told.Unit):
		return fmt.Errorf("frame: the unit %q must have at most 100 bytes of UTF-8 and no control characters", told.Unit)
	case math.IsNaN(told.Value) || math.IsInf(told.Value, 0):
		return fmt.Errorf("frame: %s is %v, and must be finite", name, told.Value)
	case told.Better != Lower && told.Better != Higher:
		return fmt.Errorf("frame: better is %q, and must be lower or higher", told.Better)
	}
	return nil
}

func plain(text string) bool {
	return len(text) <= 100 && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
