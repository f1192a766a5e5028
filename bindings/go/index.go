// What each benchmark executed, ready to be asked what a change affects.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"unsafe"
)

// Index answers which benchmarks a change affects. It never changes.
type Index struct {
	lent *handle[*C.lightspeed_index]
}

var _ io.WriterTo = (*Index)(nil)

func newIndex(address *C.lightspeed_index) *Index {
	lent := shared(address, func(address *C.lightspeed_index) { C.lightspeed_index_free(address) })
	return freed(&Index{lent: lent}, lent)
}

// LoadIndex reads what [Index.WriteTo] wrote, to the end. [ErrVersion] says that another release wrote it, [ErrDatabase] that it is
// damaged or something else.
func LoadIndex(from io.Reader) (*Index, error) {
	kept, err := io.ReadAll(from)
	if err != nil {
		return nil, err
	}
	var p pins
	defer p.Unpin()
	content := p.bytes(kept)
	var address *C.lightspeed_index
	if err := try(func(err failure) status { return C.lightspeed_index_load(content, &address, err) }); err != nil {
		return nil, err
	}
	return newIndex(address), nil
}

// WriteTo writes the index, to be kept or sent; the same index gives the same bytes.
func (x *Index) WriteTo(to io.Writer) (int64, error) {
	kept, err := ownedWith(x.lent, func(address *C.lightspeed_index, bytes *C.lightspeed_buf, err failure) status {
		return C.lightspeed_index_save(address, bytes, err)
	})
	if err != nil {
		return 0, err
	}
	written, err := to.Write(kept)
	return int64(written), err
}

// Benchmarks are the ids of all instances.
func (x *Index) Benchmarks() ([]string, error) {
	var ids []string
	err := x.lent.lend(func(address *C.lightspeed_index) (err error) {
		ids, err = listed(C.lightspeed_index_count(address), func(place C.size_t, text *C.lightspeed_str, err failure) status {
			return C.lightspeed_index_benchmark(address, place, text, err)
		})
		return err
	})
	return ids, err
}

// Files are the paths of all files, relative to the top of the sources.
func (x *Index) Files() ([]string, error) {
	var paths []string
	err := x.lent.lend(func(address *C.lightspeed_index) (err error) {
		paths, err = listed(C.lightspeed_index_file_count(address), func(place C.size_t, text *C.lightspeed_str, err failure) status {
			return C.lightspeed_index_file(address, place, text, err)
		})
		return err
	})
	return paths, err
}

// listed are the texts that a call gives for each place.
func listed(count C.size_t, call func(C.size_t, *C.lightspeed_str, failure) status) ([]string, error) {
	found := make([]string, int(count))
	for place := range found {
		text, err := borrowed(func(text *C.lightspeed_str, err failure) status { return call(C.size_t(place), text, err) })
		if err != nil {
			return nil, err
		}
		found[place] = text
	}
	return found, nil
}

// Select says what files, as they are now, affect: the content of each by its path, nil for one that is gone. Those with the content that the
// survey saw are passed over, so that all files of the tree may be handed in.
func (x *Index) Select(ctx context.Context, files map[string][]byte, options *SelectOptions) (*Selection, error) {
	var p pins
	defer p.Unpin()
	array := make([]C.lightspeed_file, 0, len(files))
	for name, content := range files {
		array = append(array, C.lightspeed_file{path: p.text(name), content: p.bytes(content), deleted: flag(content == nil)})
	}
	return x.selection(ctx, options, func(address *C.lightspeed_index, given *C.lightspeed_select_options, made **C.lightspeed_selection, err failure) status {
		return C.lightspeed_index_select(address, unsafe.SliceData(array), C.size_t(len(array)), given, made, err)
	})
}

// SelectFS says what every difference affects between the survey and a file system, whose root is the top of the sources: changed and deleted files,
// and new files of Python and Go, but for those whose path has a part that begins with a dot.
func (x *Index) SelectFS(ctx context.Context, fsys fs.FS, options *SelectOptions) (*Selection, error) {
	known, err := x.Files()
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte, len(known))
	for _, name := range known {
		content, err := fs.ReadFile(fsys, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		files[name] = present(content, err)
	}
	err = eachFile(fsys, nil, func(name string) error {
		if _, found := files[name]; found || path.Ext(name) != ".py" && path.Ext(name) != ".go" {
			return ctx.Err()
		}
		content, err := fs.ReadFile(fsys, name)
		files[name] = present(content, err)
		return err
	})
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	return x.Select(ctx, files, options)
}

// present is the content of a file that is there, not nil even where it is empty; nil where it is not.
func present(content []byte, err error) []byte {
	if err != nil {
		return nil
	}
	return append([]byte{}, content...)
}

// SelectDirectory says what every difference affects between the survey and the files below a directory, the top of the sources: changed and
// deleted ones, and new Python files.
func (x *Index) SelectDirectory(ctx context.Context, root string, options *SelectOptions) (*Selection, error) {
	var p pins
	defer p.Unpin()
	top := p.text(root)
	return x.selection(ctx, options, func(address *C.lightspeed_index, given *C.lightspeed_select_options, made **C.lightspeed_selection, err failure) status {
		return C.lightspeed_index_select_directory(address, top, given, made, err)
	})
}

// selectCall selects from an index.
type selectCall = func(*C.lightspeed_index, *C.lightspeed_select_options, **C.lightspeed_selection, failure) status

func (x *Index) selection(ctx context.Context, options *SelectOptions, call selectCall) (*Selection, error) {
	var made *C.lightspeed_selection
	err := selecting(ctx, options, func(given *C.lightspeed_select_options) error {
		return tryWith(x.lent, func(address *C.lightspeed_index, err failure) status {
			return call(address, given, &made, err)
		})
	})
	if err != nil {
		return nil, err
	}
	return newSelection(made)
}

// Close frees the index; selections live on.
func (x *Index) Close() error {
	x.lent.close()
	return nil
}
