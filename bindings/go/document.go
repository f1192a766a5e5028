// Documents of the library.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"encoding/json"
)

// Document is JSON as the program prints it; its schema is in docs/schemas.
type Document []byte

// TextOptions say how the text of a document looks.
type TextOptions struct {
	// Width are the columns to fit into, up to 65535; by default any number.
	Width int
	// Colour uses the escape sequences of terminals.
	Colour bool
}

// Text is the document as the program prints it for people, without a line end after the last line. [ErrInvalidArgument] says that it is none
// of the library's.
func (d Document) Text(options *TextOptions) (string, error) {
	given := new(C.lightspeed_report_options)
	if err := try(func(err failure) status {
		return C.lightspeed_report_options_init(given, C.sizeof_lightspeed_report_options, err)
	}); err != nil {
		return "", err
	}
	if options != nil {
		if options.Width < 0 || options.Width > 65535 {
			return "", refused("a width is from 0 to 65535 columns")
		}
		given.width, given.colour = C.uint32_t(options.Width), flag(options.Colour)
	}
	var p pins
	defer p.Unpin()
	document := p.text(string(d))
	made, err := owned(func(buf *C.lightspeed_buf, err failure) status {
		return C.lightspeed_report_text(document, given, buf, err)
	})
	return string(made), err
}

// Decode reads the document into a value, as json.Unmarshal does.
func (d Document) Decode(into any) error {
	return json.Unmarshal(d, into)
}

// String is the JSON.
func (d Document) String() string { return string(d) }

// MarshalJSON is the document itself, so that it may be a part of another one.
func (d Document) MarshalJSON() ([]byte, error) {
	if d == nil {
		return []byte("null"), nil
	}
	return d, nil
}
