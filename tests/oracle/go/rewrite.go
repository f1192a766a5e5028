package main

import (
	"bytes"
	"go/format"
	"go/printer"
	"math/rand/v2"
)

// rewrite spells a source in another way that means the same. It gives nil where it does not apply.
type rewrite struct {
	name  string
	apply func(t *text, chance *rand.Rand) []byte
}

// rewrites are all ways of spelling a source anew; the last one is several of them in turn.
var rewrites = []rewrite{
	{"printed raw", printed(printer.RawFormat, 8)},
	{"printed with spaces", printed(printer.UseSpaces, 3)},
	{"printed with tabs", printed(printer.TabIndent, 4)},
	{"printed with positions", withoutC(printed(printer.SourcePos|printer.UseSpaces|printer.TabIndent, 8))},
	{"comments dropped", commentsDropped},
	{"comments added", withoutC(commentsAdded)},
	{"line ends of Windows", carriageReturns},
	{"byte order mark", byteOrderMark},
	{"semicolons", semicolons},
	{"trailing commas", trailingCommas},
	{"parentheses", parentheses},
	{"numbers", numbers},
	{"strings", texts},
	{"fields split", fieldsSplit},
	{"groups split", groupsSplit},
	{"groups made", groupsMade},
	{"constants repeated", constantsRepeated},
	{"imports shuffled", importsShuffled},
	{"declarations shuffled", declarationsShuffled},
	{"all at once", everything},
}

// formatted is a source as gofmt has it.
func formatted(source []byte) ([]byte, error) { return format.Source(source) }

func printed(mode printer.Mode, width int) func(*text, *rand.Rand) []byte {
	return func(t *text, chance *rand.Rand) []byte {
		var out bytes.Buffer
		config := printer.Config{Mode: mode, Tabwidth: width, Indent: chance.IntN(3)}
		if t.usesC() {
			// The preamble would be indented too.
			config.Indent = 0
		}
		if config.Fprint(&out, t.set, t.file) != nil {
			return nil
		}
		return out.Bytes()
	}
}

// withoutC leaves out files for cgo, to which a comment before `import "C"` is code.
func withoutC(apply func(*text, *rand.Rand) []byte) func(*text, *rand.Rand) []byte {
	return func(t *text, chance *rand.Rand) []byte {
		if t.usesC() {
			return nil
		}
		return apply(t, chance)
	}
}

// everything applies what edits the source in turn, each on what the one before has left.
func everything(t *text, chance *rand.Rand) []byte {
	steps := []func(*text, *rand.Rand) []byte{
		importsShuffled, groupsSplit, fieldsSplit, constantsRepeated, numbers, texts, parentheses, trailingCommas, commentsDropped,
		groupsMade, semicolons, carriageReturns,
	}
	for _, step := range steps {
		source := step(t, chance)
		if source == nil {
			continue
		}
		next, err := read(source)
		if err != nil {
			return source
		}
		t = next
	}
	return t.source
}

func carriageReturns(t *text, _ *rand.Rand) []byte {
	if bytes.ContainsRune(t.source, '\r') {
		return nil
	}
	return bytes.ReplaceAll(t.source, []byte("\n"), []byte("\r\n"))
}

func byteOrderMark(t *text, _ *rand.Rand) []byte {
	return append([]byte("\xef\xbb\xbf"), t.source...)
}
