// Calls into the library: values in, values out, failures as errors.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"bytes"
	"fmt"
	"runtime"
	"unsafe"
)

type (
	status  = C.lightspeed_status
	failure = **C.lightspeed_error
)

// Version is that of the library, such as 0.1.0.
func Version() string {
	return text(C.lightspeed_version())
}

// mismatch is the error of a header and an archive that do not belong together.
var mismatch = func() error {
	if has := C.lightspeed_abi_version(); has != C.LIGHTSPEED_ABI_VERSION {
		message := fmt.Sprintf("the library has the binary interface %d, and this package needs %d: build both from one release", has, C.LIGHTSPEED_ABI_VERSION)
		return &Error{Status: StatusVersion, Message: message}
	}
	return nil
}()

// try makes a call whose last parameter is the error.
func try(call func(failure) status) error {
	if mismatch != nil {
		return mismatch
	}
	collect()
	var failed *C.lightspeed_error
	done := call(&failed)
	collect()
	if done == C.LIGHTSPEED_STATUS_OK {
		return nil
	}
	return taken(Status(done), failed)
}

// owned makes a call that gives bytes, which are copied.
func owned(call func(*C.lightspeed_buf, failure) status) ([]byte, error) {
	var buf C.lightspeed_buf
	if err := try(func(err failure) status { return call(&buf, err) }); err != nil {
		return nil, err
	}
	return copied(&buf), nil
}

// copied is what a buffer holds, which is freed.
func copied(buf *C.lightspeed_buf) []byte {
	defer C.lightspeed_buf_free(buf)
	return bytes.Clone(unsafe.Slice((*byte)(unsafe.Pointer(buf.ptr)), int(buf.len)))
}

// tryWith makes a call with what a handle lends.
func tryWith[P comparable](lent *handle[P], call func(P, failure) status) error {
	return lent.lend(func(address P) error {
		return try(func(err failure) status { return call(address, err) })
	})
}

// ownedWith makes a call with what a handle lends that gives bytes.
func ownedWith[P comparable](lent *handle[P], call func(P, *C.lightspeed_buf, failure) status) (Document, error) {
	var found Document
	err := lent.lend(func(address P) (err error) {
		found, err = owned(func(buf *C.lightspeed_buf, err failure) status { return call(address, buf, err) })
		return err
	})
	return found, err
}

// borrowed makes a call that lends a text, which is copied.
func borrowed(call func(*C.lightspeed_str, failure) status) (string, error) {
	var lent C.lightspeed_str
	if err := try(func(err failure) status { return call(&lent, err) }); err != nil {
		return "", err
	}
	return text(lent), nil
}

// text copies what a borrowed text says.
func text(lent C.lightspeed_str) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(lent.ptr)), int(lent.len)))
}

// pins keeps in place what a call reads; `defer pins.Unpin()`.
type pins struct {
	runtime.Pinner
}

func (p *pins) text(value string) C.lightspeed_str {
	if value == "" {
		return C.lightspeed_str{}
	}
	first := unsafe.StringData(value)
	p.Pin(first)
	return C.lightspeed_str{ptr: (*C.char)(unsafe.Pointer(first)), len: C.size_t(len(value))}
}

func (p *pins) bytes(value []byte) C.lightspeed_bytes {
	if len(value) == 0 {
		return C.lightspeed_bytes{}
	}
	first := unsafe.SliceData(value)
	p.Pin(first)
	return C.lightspeed_bytes{ptr: (*C.uint8_t)(unsafe.Pointer(first)), len: C.size_t(len(value))}
}

// texts is an array for a call; nil where there are none.
func (p *pins) texts(values []string) (*C.lightspeed_str, C.size_t) {
	if len(values) == 0 {
		return nil, 0
	}
	array := make([]C.lightspeed_str, len(values))
	for place, value := range values {
		array[place] = p.text(value)
	}
	p.Pin(&array[0])
	return &array[0], C.size_t(len(array))
}

// doubles are numbers as a call takes them.
func doubles(values []float64) (*C.double, C.size_t) {
	return (*C.double)(unsafe.SliceData(values)), C.size_t(len(values))
}

// flag is 1 for yes.
func flag(yes bool) C.int32_t {
	if yes {
		return 1
	}
	return 0
}

// number is of the kinds that options have.
type number interface {
	~int32 | ~uint32 | ~int64 | ~uint64 | ~float64
}

// chosen sets a number of options that is not the default: 0 leaves it as it is, and a negative one stands for zero.
func chosen[To number, From ~int | ~int64 | ~float64](field *To, value From) {
	switch {
	case value > 0 || value != value:
		*field = To(value)
	case value < 0:
		*field = 0
	}
}
