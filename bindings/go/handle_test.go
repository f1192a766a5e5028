// Handles, errors and generated constants, from inside.

package lightspeed

import (
	"errors"
	"io/fs"
	"os/exec"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"
)

// freedNumbers are what a test frees, in order.
type freedNumbers struct {
	numbers []int
}

func (f *freedNumbers) free(number int) { f.numbers = append(f.numbers, number) }

func (f *freedNumbers) are(t *testing.T, wanted ...int) {
	t.Helper()
	if !slices.Equal(f.numbers, wanted) {
		t.Errorf("freed are %v, not %v", f.numbers, wanted)
	}
}

func TestFreedAfterTheLastCall(t *testing.T) {
	var freed freedNumbers
	lent := shared(7, freed.free)
	err := lent.lend(func(outer int) error {
		return lent.lend(func(inner int) error {
			lent.close()
			freed.are(t)
			if again := lent.lend(func(int) error { return nil }); again != ErrClosed || outer != inner {
				t.Errorf("it was lent: %v", again)
			}
			return fs.ErrExist
		})
	})
	if err != fs.ErrExist {
		t.Errorf("the call gives %v", err)
	}
	lent.close()
	freed.are(t, 7)
}

func TestFreedAfterAPanic(t *testing.T) {
	var freed freedNumbers
	lent := exclusive(7, freed.free)
	func() {
		defer func() { _ = recover() }()
		_ = lent.lend(func(int) error { panic("oops") })
	}()
	if err := lent.lend(func(int) error { return nil }); err != nil {
		t.Error(err)
	}
	lent.close()
	freed.are(t, 7)
}

func TestConsumed(t *testing.T) {
	var freed freedNumbers
	lent := exclusive(7, freed.free)
	if err := lent.consume(func(int) error { return fs.ErrExist }); err != fs.ErrExist {
		t.Error(err)
	}
	if err := lent.consume(func(int) error { return nil }); err != ErrClosed {
		t.Error(err)
	}
	lent.close()
	freed.are(t)
}

func TestOneAtATime(t *testing.T) {
	lent := exclusive(7, func(int) {})
	var order []string
	other := make(chan error, 1)
	err := lent.lend(func(int) error {
		go func() {
			other <- lent.lend(func(int) error {
				order = append(order, "other")
				return nil
			})
		}()
		time.Sleep(50 * time.Millisecond)
		order = append(order, "first")
		return nil
	})
	if err := errors.Join(err, <-other); err != nil || !slices.Equal(order, []string{"first", "other"}) {
		t.Errorf("%v, %v", order, err)
	}
}

// TestCollected: an owner that nobody holds frees what it has, but not while a call has it.
func TestCollected(t *testing.T) {
	type owner struct{ lent *handle[int] }
	gone := make(chan int, 1)
	lent := shared(7, func(number int) { gone <- number })
	made := freed(&owner{lent: lent}, lent)
	_ = made.lent.lend(func(int) error {
		for range 3 {
			runtime.GC()
			time.Sleep(10 * time.Millisecond)
		}
		if len(gone) != 0 {
			t.Error("it was freed during the call")
		}
		return nil
	})
	made = nil
	for range 100 {
		runtime.GC()
		select {
		case number := <-gone:
			if number != 7 {
				t.Errorf("freed is %d", number)
			}
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Errorf("%v was not freed", made)
}

// TestErrorCauses: what an error matches, its own status among it.
func TestErrorCauses(t *testing.T) {
	missing := &Error{Status: StatusIO, Path: "there-is-no-such-file"}
	missing.causes = fileCauses(missing)
	here := &Error{Status: StatusIO, Path: "go.mod"}
	here.causes = fileCauses(here)
	if !errors.Is(missing, fs.ErrNotExist) || errors.Is(here, fs.ErrNotExist) || !errors.Is(here, ErrIO) || errors.Is(here, ErrBusy) {
		t.Errorf("%#v, %#v", missing, here)
	}
	if !reflect.DeepEqual(refused("no").(*Error).Unwrap(), []error{StatusInvalidArgument}) {
		t.Error("a refusal has other causes")
	}
}

// TestGenerated: constants.go is what the header and bindings/constants.json give.
func TestGenerated(t *testing.T) {
	if output, err := exec.Command("go", "run", "./internal/generate", "-check").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	}
	if OutcomeTimedOut.String() != "TIMED_OUT" || Outcome(99).String() != "UNKNOWN_99" {
		t.Errorf("%v, %v", OutcomeTimedOut, Outcome(99))
	}
}
