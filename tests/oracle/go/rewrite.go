package main

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/printer"
	"go/token"
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

// parentheses puts redundant ones around random operands.
func parentheses(t *text, chance *rand.Rand) []byte {
	bare := needBare(t.file)
	var edits []edit
	ast.Inspect(t.file, func(node ast.Node) bool {
		expression, ok := node.(ast.Expr)
		if ok && !bare[node] && chance.IntN(3) == 0 {
			edits = append(edits, t.insert(expression.Pos(), "("), t.insert(expression.End(), ")"))
		}
		return true
	})
	return t.edited(edits)
}

// needBare are the expressions that parentheses may not stand around, or would turn into something else.
func needBare(file *ast.File) map[ast.Node]bool {
	bare := map[ast.Node]bool{file.Name: true}
	ast.Inspect(file, func(node ast.Node) bool {
		for _, child := range barePlaces(node) {
			bare[child] = true
		}
		return true
	})
	return bare
}

func barePlaces(node ast.Node) []ast.Node {
	var all []ast.Node
	add := func(expressions ...ast.Expr) {
		for _, e := range expressions {
			all = append(all, e)
		}
	}
	identifiers := func(list []*ast.Ident) {
		for _, name := range list {
			all = append(all, name)
		}
	}
	switch n := node.(type) {
	case *ast.ImportSpec:
		all = append(all, n.Name, n.Path)
	case *ast.Field:
		identifiers(n.Names)
		all = append(all, n.Tag)
		if _, ok := n.Type.(*ast.FuncType); ok || len(n.Names) == 0 {
			add(n.Type)
			if star, ok := n.Type.(*ast.StarExpr); ok {
				add(star.X)
			}
		}
		if variadic, ok := n.Type.(*ast.Ellipsis); ok {
			add(variadic)
		}
	case *ast.FuncDecl:
		all = append(all, n.Name, n.Type)
		if n.Recv != nil {
			ast.Inspect(n.Recv, func(inner ast.Node) bool {
				switch inner := inner.(type) {
				case *ast.IndexExpr:
					add(inner.Index)
				case *ast.IndexListExpr:
					add(inner.Indices...)
				}
				return true
			})
		}
	case *ast.FuncLit:
		all = append(all, n.Type)
	case *ast.ValueSpec:
		identifiers(n.Names)
	case *ast.TypeSpec:
		all = append(all, n.Name)
		all = append(all, inConstraints(n.TypeParams)...)
	case *ast.FuncType:
		all = append(all, inConstraints(n.TypeParams)...)
	case *ast.InterfaceType:
		all = append(all, inConstraints(n.Methods)...)
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			add(n.Lhs...)
		}
	case *ast.RangeStmt:
		if n.Tok == token.DEFINE {
			add(n.Key, n.Value)
		}
	case *ast.SelectorExpr:
		// Packages may not stand in parentheses.
		if _, ok := n.X.(*ast.Ident); ok {
			add(n.X)
		}
		add(n.Sel)
	case *ast.IndexExpr:
		// Where a type is expected, it may be a generic one.
		add(n.X)
	case *ast.IndexListExpr:
		add(n.X)
	case *ast.CompositeLit:
		add(n.Type)
		for _, element := range n.Elts {
			if inner, ok := element.(*ast.CompositeLit); ok && inner.Type == nil {
				add(inner)
			}
			if _, ok := element.(*ast.KeyValueExpr); ok {
				add(element)
			}
		}
	case *ast.KeyValueExpr:
		add(n.Key)
		// What stands in braces here is no expression of its own.
		if literal, ok := n.Value.(*ast.CompositeLit); ok && literal.Type == nil {
			add(literal)
		}
	case *ast.LabeledStmt:
		all = append(all, n.Label)
	case *ast.BranchStmt:
		all = append(all, n.Label)
	case *ast.GoStmt:
		add(n.Call)
	case *ast.DeferStmt:
		add(n.Call)
	case *ast.TypeSwitchStmt:
		ast.Inspect(n.Assign, func(inner ast.Node) bool {
			if guard, ok := inner.(*ast.TypeAssertExpr); ok && guard.Type == nil {
				add(guard)
			}
			return true
		})
	case *ast.ArrayType:
		if _, ok := n.Len.(*ast.Ellipsis); ok {
			add(n.Len)
		}
	}
	return all
}

// inConstraints are the expressions of constraints and interfaces: not all of them may stand in parentheses.
func inConstraints(list *ast.FieldList) []ast.Node {
	var all []ast.Node
	if list == nil {
		return nil
	}
	for _, field := range list.List {
		ast.Inspect(field.Type, func(node ast.Node) bool {
			if _, ok := node.(ast.Expr); ok {
				all = append(all, node)
			}
			return true
		})
	}
	return all
}
