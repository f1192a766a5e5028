// Coverage reports of other tools.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"io"
	"unsafe"
)

// CoveredFile is a file of a report.
type CoveredFile struct {
	// Path is as the tool wrote it.
	Path string
	// Lines are those that ran, from 1, rising.
	Lines []uint32
}

// Coverage is which lines of which files ran. It never changes.
type Coverage struct {
	lent *handle[*C.lightspeed_coverage]
}

// ReadCoverage reads a report. One that is broken is [ErrCoverage]: nothing is kept of a part that could be read.
func ReadCoverage(from io.Reader, format CoverageFormat) (*Coverage, error) {
	report, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	var p pins
	defer p.Unpin()
	content := p.bytes(report)
	var address *C.lightspeed_coverage
	err = try(func(err failure) status { return C.lightspeed_coverage_read(content, C.int32_t(format), &address, err) })
	if err != nil {
		return nil, err
	}
	lent := shared(address, func(address *C.lightspeed_coverage) { C.lightspeed_coverage_free(address) })
	return freed(&Coverage{lent: lent}, lent), nil
}

// Files are the files of the report, in the order of paths.
func (c *Coverage) Files() ([]CoveredFile, error) {
	var files []CoveredFile
	err := c.lent.lend(func(address *C.lightspeed_coverage) error {
		files = make([]CoveredFile, int(C.lightspeed_coverage_count(address)))
		for place := range files {
			if err := files[place].read(address, C.size_t(place)); err != nil {
				return err
			}
		}
		return nil
	})
	return files, err
}

func (f *CoveredFile) read(address *C.lightspeed_coverage, place C.size_t) (err error) {
	f.Path, err = borrowed(func(text *C.lightspeed_str, err failure) status {
		return C.lightspeed_coverage_path(address, place, text, err)
	})
	if err != nil {
		return err
	}
	var lines *C.uint32_t
	var count C.size_t
	err = try(func(err failure) status { return C.lightspeed_coverage_lines(address, place, &lines, &count, err) })
	if err == nil {
		f.Lines = append([]uint32{}, unsafe.Slice((*uint32)(unsafe.Pointer(lines)), int(count))...)
	}
	return err
}

// Close frees the report.
func (c *Coverage) Close() error {
	c.lent.close()
	return nil
}
