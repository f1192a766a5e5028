// Why a call failed.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"context"
	"errors"
	"io/fs"
	"os"
)

// Error is a failure of the library: what was wrong and what to do, in one sentence.
type Error struct {
	// Status is the kind of the failure; errors.Is knows it too.
	Status Status
	// Message is the sentence.
	Message string
	// Detail is what stands behind it, such as a traceback, or the name of a cause, such as NotPositive; often empty.
	Detail string
	// Path and Line (from 1) say where, if it is about a place; else they are empty and 0.
	Path string
	Line int

	causes []error
}

// Error is the sentence.
func (e *Error) Error() string { return e.Message }

// Unwrap gives the status, and what is known of the reasons: an error of package io/fs, that of a context, that of a listener.
func (e *Error) Unwrap() []error {
	return append([]error{e.Status}, e.causes...)
}

// Error is the name of the status, so that a status is an error that errors.Is and errors.As can ask for.
func (s Status) Error() string { return "lightspeed: " + s.String() }

// taken is the Go error of one of the library, which is freed.
func taken(status Status, failed *C.lightspeed_error) *Error {
	if failed == nil {
		return &Error{Status: status, Message: "the library failed without saying why: " + status.String()}
	}
	defer C.lightspeed_error_free(failed)
	made := &Error{
		Status:  Status(C.lightspeed_error_code(failed)),
		Message: text(C.lightspeed_error_message(failed)),
		Detail:  text(C.lightspeed_error_detail(failed)),
		Path:    text(C.lightspeed_error_path(failed)),
		Line:    int(C.lightspeed_error_line(failed)),
	}
	made.causes = fileCauses(made)
	return made
}

// fileCauses looks at the file that an error is about.
func fileCauses(failed *Error) []error {
	if failed.Status == StatusUnknownFile {
		return []error{fs.ErrNotExist}
	}
	if failed.Path == "" {
		return nil
	}
	file, err := os.Open(failed.Path)
	if err == nil {
		// Nothing was written.
		_ = file.Close()
		return nil
	}
	for _, cause := range []error{fs.ErrNotExist, fs.ErrPermission} {
		if errors.Is(err, cause) {
			return []error{cause}
		}
	}
	return nil
}

// stopped adds what stopped a call to its error.
func stopped(ctx context.Context, err error, heard error) error {
	var failed *Error
	if !errors.As(err, &failed) || failed.Status != StatusCancelled {
		return err
	}
	if heard != nil {
		failed.causes = append(failed.causes, heard)
	}
	if ctx.Err() != nil {
		failed.causes = append(failed.causes, ctx.Err(), context.Cause(ctx))
	}
	return err
}

// refused is the error of what the package itself does not take.
func refused(message string) error {
	return &Error{Status: StatusInvalidArgument, Message: message}
}
