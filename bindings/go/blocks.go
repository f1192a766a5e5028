// What a source file is made of.

package lightspeed

// #include "lightspeed.h"
import "C"

import (
	"iter"
	"slices"
)

// Block is a piece of a file that changes and runs as one.
type Block struct {
	// ID is its identity inside the file: the qualified name, branches below it, Class.method/if[0].else.
	ID   string
	Kind BlockKind
	// StartLine and EndLine are its lines, from 1, both included.
	StartLine, EndLine int
	// Checksum is a CRC-32 of its own statements, in which layout and comments do not count.
	Checksum uint32
}

// Diagnostic is a part of a file that could not be read: whatever depends on it counts as affected.
type Diagnostic struct {
	Text string
	// Line is its first line, from 1.
	Line int
}

// Blocks are the blocks of a file, in the order of first lines; the first is the module.
type Blocks struct {
	// Diagnostics say what could not be read.
	Diagnostics []Diagnostic

	blocks []Block
}

// BlocksOptions say how to analyse.
type BlocksOptions struct {
	// Docstrings counts them as code.
	Docstrings bool
	// Language of the source; surveys go by the names of files.
	Language Language
}

func (o *BlocksOptions) given() (*C.lightspeed_blocks_options, error) {
	made := new(C.lightspeed_blocks_options)
	err := try(func(err failure) status {
		return C.lightspeed_blocks_options_init(made, C.sizeof_lightspeed_blocks_options, err)
	})
	if err == nil && o != nil {
		made.docstrings = flag(o.Docstrings)
		made.language = C.int32_t(o.Language)
	}
	return made, err
}

// AnalyseBlocks analyses source: the bytes of a file, in the encoding that they declare. What cannot be read is no error but a diagnostic.
func AnalyseBlocks(source []byte, options *BlocksOptions) (*Blocks, error) {
	given, err := options.given()
	if err != nil {
		return nil, err
	}
	var p pins
	defer p.Unpin()
	content := p.bytes(source)
	var address *C.lightspeed_blocks
	if err := try(func(err failure) status { return C.lightspeed_blocks_analyse(content, given, &address, err) }); err != nil {
		return nil, err
	}
	defer C.lightspeed_blocks_free(address)
	made := &Blocks{
		blocks:      make([]Block, int(C.lightspeed_blocks_count(address))),
		Diagnostics: make([]Diagnostic, int(C.lightspeed_blocks_diagnostic_count(address))),
	}
	for place := range made.blocks {
		if err := made.blocks[place].read(address, C.size_t(place)); err != nil {
			return nil, err
		}
	}
	for place := range made.Diagnostics {
		if err := made.Diagnostics[place].read(address, C.size_t(place)); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (b *Block) read(address *C.lightspeed_blocks, place C.size_t) (err error) {
	b.ID, err = borrowed(func(text *C.lightspeed_str, err failure) status {
		return C.lightspeed_blocks_id(address, place, text, err)
	})
	if err != nil {
		return err
	}
	var kind C.int32_t
	if err := try(func(err failure) status { return C.lightspeed_blocks_kind(address, place, &kind, err) }); err != nil {
		return err
	}
	var start, end, checksum C.uint32_t
	if err := try(func(err failure) status { return C.lightspeed_blocks_lines(address, place, &start, &end, err) }); err != nil {
		return err
	}
	if err := try(func(err failure) status { return C.lightspeed_blocks_checksum(address, place, &checksum, err) }); err != nil {
		return err
	}
	b.Kind, b.StartLine, b.EndLine, b.Checksum = BlockKind(kind), int(start), int(end), uint32(checksum)
	return nil
}

func (d *Diagnostic) read(address *C.lightspeed_blocks, place C.size_t) error {
	var said C.lightspeed_str
	var line C.uint32_t
	err := try(func(err failure) status { return C.lightspeed_blocks_diagnostic(address, place, &said, &line, err) })
	if err == nil {
		d.Text, d.Line = text(said), int(line)
	}
	return err
}

// Len is how many blocks there are.
func (b *Blocks) Len() int { return len(b.blocks) }

// All are the blocks.
func (b *Blocks) All() iter.Seq[Block] { return slices.Values(b.blocks) }

// At is the innermost block with this line, from 1; false where there is none.
func (b *Blocks) At(line int) (Block, bool) {
	var found Block
	for _, one := range b.blocks {
		around := one.StartLine <= line && line <= one.EndLine
		if around && (found.EndLine == 0 || one.EndLine-one.StartLine < found.EndLine-found.StartLine) {
			found = one
		}
	}
	return found, found.EndLine != 0
}
