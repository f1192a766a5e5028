// Calls that take long: a context stops them, a listener hears them.

package lightspeed

// #include "lightspeed.h"
// #include "listener.h"
import "C"

import (
	"context"
	"runtime/cgo"
	"unsafe"
)

// wires are the fields of options that a call that takes long has.
type wires struct {
	cancel   *C.lightspeed_cancel
	listener C.lightspeed_listener
	userdata unsafe.Pointer
}

// long makes a call that the context can stop; `work` puts the wires into its options.
func long(ctx context.Context, listener Listener, work func(wires) error) error {
	if ctx.Err() != nil {
		return stopped(ctx, &Error{Status: StatusCancelled, Message: "the context was done before the call"}, nil)
	}
	var given wires
	if ctx.Done() != nil {
		token, err := newToken(ctx)
		if err != nil {
			return err
		}
		defer token.close()
		given.cancel = token.address
	}
	if listener == nil {
		return stopped(ctx, work(given), nil)
	}
	heard := &hearing{listener: listener}
	userdata := cgo.NewHandle(heard)
	defer userdata.Delete()
	var pinned pins
	defer pinned.Unpin()
	pinned.Pin(&userdata)
	given.listener = C.lightspeed_listener(C.golightspeed_listener)
	given.userdata = unsafe.Pointer(&userdata)
	err := work(given)
	if heard.failed {
		panic(heard.panicked)
	}
	return stopped(ctx, err, heard.err)
}

// token is the library's, raised when its context ends.
type token struct {
	address *C.lightspeed_cancel
	stop    func() bool
	raised  chan struct{}
}

func newToken(ctx context.Context) (*token, error) {
	made := &token{raised: make(chan struct{})}
	if err := try(func(err failure) status { return C.lightspeed_cancel_new(&made.address, err) }); err != nil {
		return nil, err
	}
	made.stop = context.AfterFunc(ctx, func() {
		defer close(made.raised)
		C.lightspeed_cancel_raise(made.address)
	})
	return made, nil
}

// close frees the token when nobody raises it any more.
func (t *token) close() {
	if !t.stop() {
		<-t.raised
	}
	C.lightspeed_cancel_free(t.address)
}
