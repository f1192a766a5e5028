package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// tally counts what was checked, and keeps what failed. It may be used by several goroutines.
type tally struct {
	lock     sync.Mutex
	counts   map[string]map[string]int
	failures []string
	unread   []string
}

func newTally() *tally { return &tally{counts: map[string]map[string]int{}} }

// count counts a check's outcome.
func (t *tally) count(check, outcome string) { t.add(check, outcome, 1) }

func (t *tally) add(check, outcome string, number int) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.counts[check] == nil {
		t.counts[check] = map[string]int{}
	}
	t.counts[check][outcome] += number
}

// check counts a check that found differences, or none.
func (t *tally) check(name, path string, wrong []difference) {
	if len(wrong) == 0 {
		t.count(name, "right")
		return
	}
	t.count(name, "wrong")
	t.lock.Lock()
	defer t.lock.Unlock()
	for _, w := range wrong {
		t.failures = append(t.failures, fmt.Sprintf("%s:%d: %s: %s", path, w.line, name, w.message))
	}
}

// unknown notes a file that the analysis cannot read.
func (t *tally) unknown(path, why string) {
	t.count("files", "not read by the grammar")
	t.lock.Lock()
	defer t.lock.Unlock()
	t.unread = append(t.unread, path+": "+why)
}

// sum is how often a check had any outcome.
func (t *tally) sum(check string) int {
	sum := 0
	for _, n := range t.counts[check] {
		sum += n
	}
	return sum
}

// report prints what was counted and the first failures.
func (t *tally) report(out io.Writer, first int) {
	for _, check := range slices.Sorted(maps.Keys(t.counts)) {
		fmt.Fprintf(out, "%-36s", check)
		for _, outcome := range slices.Sorted(maps.Keys(t.counts[check])) {
			fmt.Fprintf(out, " %7d %s", t.counts[check][outcome], outcome)
		}
		fmt.Fprintln(out)
	}
	slices.Sort(t.unread)
	for _, file := range t.unread {
		fmt.Fprintln(out, "not read:", file)
	}
	slices.Sort(t.failures)
	for _, failure := range t.failures[:min(first, len(t.failures))] {
		fmt.Fprintln(out, failure)
	}
	fmt.Fprintf(out, "%d failures\n", len(t.failures))
}
