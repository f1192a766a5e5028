// A handle of the library that is freed once, when nobody uses it any more.

package lightspeed

import (
	"fmt"
	"io/fs"
	"runtime"
	"sync"
)

// ErrClosed is what calls of a value answer that was closed. It matches [io/fs.ErrClosed].
var ErrClosed = fmt.Errorf("lightspeed: it is used after it was closed: %w", fs.ErrClosed)

// handle lends the address of a library's object. After close it is lent no more, and freed when the last call that has it returns:
// so that neither a Close on another goroutine nor a collection takes it away from a call.
type handle[P comparable] struct {
	address P
	free    func(P)
	// Held while an exclusive handle is lent, else nil.
	turn *sync.Mutex

	mu     sync.Mutex
	users  int
	closed bool
	gone   bool
}

func shared[P comparable](address P, free func(P)) *handle[P] {
	return &handle[P]{address: address, free: free}
}

func exclusive[P comparable](address P, free func(P)) *handle[P] {
	return &handle[P]{address: address, free: free, turn: new(sync.Mutex)}
}

// freed closes the handle of an owner that was not closed, once nobody holds the owner.
func freed[T any, P comparable](owner *T, lent *handle[P]) *T {
	runtime.AddCleanup(owner, func(lent *handle[P]) { lent.close() }, lent)
	return owner
}

// lend calls use with the address, unless the handle was closed.
func (h *handle[P]) lend(use func(P) error) error {
	if h.turn != nil {
		h.turn.Lock()
		defer h.turn.Unlock()
	}
	if !h.take() {
		return ErrClosed
	}
	defer h.giveBack()
	return use(h.address)
}

func (h *handle[P]) take() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.users++
	return true
}

func (h *handle[P]) giveBack() {
	h.mu.Lock()
	h.users--
	last := h.last()
	h.mu.Unlock()
	if last {
		h.free(h.address)
	}
}

// close may be called as often as one likes.
func (h *handle[P]) close() {
	h.mu.Lock()
	h.closed = true
	last := h.last()
	h.mu.Unlock()
	if last {
		h.free(h.address)
	}
}

// last says whether the caller has to free the object: once, after it was closed and nobody has it.
func (h *handle[P]) last() bool {
	if !h.closed || h.users > 0 || h.gone {
		return false
	}
	h.gone = true
	return true
}

// consume lends an exclusive handle to a call that frees it.
func (h *handle[P]) consume(use func(P) error) error {
	return h.lend(func(address P) error {
		h.mu.Lock()
		h.closed, h.gone = true, true
		h.mu.Unlock()
		return use(address)
	})
}
