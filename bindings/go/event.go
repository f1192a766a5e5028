// What a call that takes long tells while it runs.

package lightspeed

// #include "lightspeed.h"
// #include "listener.h"
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// Event is a step of a call's work.
type Event struct {
	// Kind says what happened.
	Kind EventKind
	// Text is as the kind says: the name of a stretch or an item, or a line.
	Text string
	// Total is how many items a stretch has that begins; else 0.
	Total int
}

// Listener hears events, on the goroutine that made the call and while that runs. An error stops the call, whose own error then matches it;
// a panic stops it too and goes on in the caller. From inside it calls on the session that it listens to are refused. It must not end
// its goroutine, as runtime.Goexit and testing.T.FailNow do.
type Listener func(Event) error

// hearing is a listener during a call.
type hearing struct {
	listener Listener
	err      error
	panicked any
	failed   bool
}

// hear is 0 to go on. Nothing may leave it but its answer.
func (h *hearing) hear(event Event) (answer C.int32_t) {
	answer = 1
	completed := false
	defer func() {
		if !completed {
			h.failed, h.panicked = true, recover()
		}
	}()
	h.err = h.listener(event)
	completed = true
	if h.err == nil {
		answer = 0
	}
	return answer
}

//export golightspeed_hear
func golightspeed_hear(userdata unsafe.Pointer, event *C.lightspeed_event) C.int32_t {
	collect()
	heard := (*cgo.Handle)(userdata).Value().(*hearing)
	return heard.hear(Event{Kind: EventKind(event.kind), Text: text(event.text), Total: int(event.total)})
}
