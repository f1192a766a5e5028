// Many handles, closed or left: memory stays what it was.

package lightspeed_test

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"lightspeed"
)

var handles = flag.Int("handles", 3000, "how many handles the leak test opens; the whole test is 100000")

// watched says that the race detector keeps memory of its own.
var watched bool

// TestLeaks opens handles of every kind that needs no suite, and closes them or leaves them to the collector: memory stays what it was.
func TestLeaks(t *testing.T) {
	if watched || testing.Short() {
		t.Skip("left out with -race, whose memory grows, and with -short")
	}
	for _, close := range []bool{true, false} {
		t.Run(map[bool]string{true: "closed", false: "left"}[close], func(t *testing.T) {
			use := func(count int) {
				for number := range count {
					open(t, close)
					if number%500 == 499 {
						settle()
					}
				}
				settle()
			}
			use(5000)
			before := resident(t)
			use(*handles)
			after := resident(t)
			t.Logf("%d of each kind: %d KiB before, %d KiB after", *handles, before>>10, after>>10)
			// The C allocator has memory for each thread, unless MALLOC_ARENA_MAX is 1, and takes it when a thread first needs it.
			if limit := int64(14 << 20); after-before > limit {
				t.Errorf("memory grew by %d KiB", (after-before)>>10)
			}
		})
	}
}

// open makes a survey, an index, a selection, a report and an experiment.
func open(t *testing.T, close bool) {
	made := index(t)
	selection := must1(made.Select(t.Context(), map[string][]byte{"core.py": []byte(changed)}, nil))(t)
	report := must1(lightspeed.ReadCoverage(strings.NewReader(lcov), lightspeed.CoverageFormatAny))(t)
	unfinished := must1(lightspeed.NewSurvey(nil))(t)
	waiting := experiment(t, []string{"a"}, nil)
	_, err := lightspeed.LoadIndex(strings.NewReader("an error is an object too"))
	is(t, err, lightspeed.ErrDatabase)
	if close {
		for _, one := range []interface{ Close() error }{made, selection, report, unfinished, waiting} {
			must(t, one.Close())
		}
	}
}

// settle waits until what was no longer held is freed: until a cleanup has run that came after theirs, twice.
func settle() {
	for range 2 {
		ran := make(chan bool)
		runtime.AddCleanup(new([64]byte), func(ran chan bool) { close(ran) }, ran)
		for waiting := true; waiting; {
			runtime.GC()
			select {
			case <-ran:
				waiting = false
			case <-time.After(time.Millisecond):
			}
		}
	}
}

// resident is how much memory the process has.
func resident(t *testing.T) int64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("only Linux says how much memory a process has: ", err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(raw))[1], 10, 64)
	must(t, err)
	return pages * int64(os.Getpagesize())
}
