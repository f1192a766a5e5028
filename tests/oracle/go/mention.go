package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// typed are the packages whose mentions are compared with what go/types says.
var typed = []string{
	"archive/zip", "bufio", "bytes", "compress/flate", "container/heap", "container/list", "database/sql", "debug/elf", "encoding/binary",
	"encoding/json", "encoding/xml", "errors", "expvar", "flag", "fmt", "go/ast", "go/parser", "go/printer", "go/types", "html",
	"html/template", "image/png", "io", "io/fs", "iter", "log/slog", "maps", "math", "math/big", "math/rand/v2", "mime", "net/mail",
	"net/netip", "net/url", "path/filepath", "regexp", "regexp/syntax", "slices", "sort", "strconv", "strings", "sync", "testing",
	"text/scanner", "text/tabwriter", "text/template", "time", "unicode/utf8",
}

// universe checks packages with one importer: what they import is read once.
type universe struct {
	set      *token.FileSet
	importer types.Importer
}

func newUniverse() *universe {
	build.Default.CgoEnabled = false
	set := token.NewFileSet()
	return &universe{set, importer.ForCompiler(set, "source", nil)}
}

// meaning is what go/types knows of a package's identifiers.
type meaning struct {
	pkg  *types.Package
	uses map[*ast.Ident]types.Object
}

// mentions compares the mentions of each file of the packages.
func (c *checker) mentions(packages []string) error {
	u := newUniverse()
	for _, path := range packages {
		found, err := build.Import(path, "", 0)
		if err != nil {
			return err
		}
		var texts []*text
		var files []*ast.File
		for _, name := range found.GoFiles {
			source, err := os.ReadFile(filepath.Join(found.Dir, name))
			if err != nil {
				return err
			}
			t, err := readInto(u.set, filepath.Join(found.Dir, name), source)
			if err != nil {
				return err
			}
			texts, files = append(texts, t), append(files, t.file)
		}
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
		config := types.Config{Importer: u.importer, FakeImportC: true}
		pkg, err := config.Check(path, u.set, files, info)
		if err != nil {
			return err
		}
		for _, t := range texts {
			if err := c.mentioned(t, meaning{pkg, info.Uses}); err != nil {
				return err
			}
		}
	}
	return nil
}

// mentioned compares the mentions of a file.
func (c *checker) mentioned(t *text, m meaning) error {
	reply, err := c.analyse(t.source)
	if err != nil {
		return err
	}
	path := t.tokens.Name()
	rules := trace(t)
	if len(reply.Diagnostics) > 0 || len(structure(rules, reply)) > 0 {
		c.tally.count("mentions", "not comparable")
		return nil
	}
	expected := m.expected(t, rules)
	for _, block := range reply.Blocks {
		e := expected[holder{block.ID, -1}]
		c.compare(path, "block "+block.ID, block.First, e, block.Mentions)
	}
	functions := map[int]bool{}
	for _, declaration := range t.file.Decls {
		if d, ok := declaration.(*ast.FuncDecl); ok {
			for _, h := range rules.holders[declared{d}] {
				functions[h.definition] = true
			}
		}
	}
	for i, d := range reply.Definitions {
		e := expected[holder{"", i}]
		if functions[i] {
			// What its signature mentions, the block of the function does.
			e = nil
		}
		c.compare(path, fmt.Sprintf("definition %s %s %v", d.Scope, d.Kind, d.Binds), d.First, e, d.Mentions)
	}
	return nil
}

// expectation is what a block or definition must mention, and what it may.
type expectation struct {
	must, may map[string]bool
}

func (c *checker) compare(path, name string, line int, e *expectation, mentions []string) {
	if e == nil {
		e = &expectation{}
	}
	var wrong []difference
	for _, mention := range slices.Sorted(maps.Keys(e.must)) {
		kind, _, _ := strings.Cut(mention, " ")
		c.tally.count("mentioned: "+kind, "expected")
		if !slices.Contains(mentions, mention) {
			wrong = append(wrong, difference{line, fmt.Sprintf("%s does not mention %s", name, mention)})
		}
	}
	for _, mention := range mentions {
		if !e.must[mention] && !e.may[mention] {
			wrong = append(wrong, difference{line, fmt.Sprintf("%s mentions %s, which it does not use", name, mention)})
		}
	}
	c.tally.check("mentions", path, wrong)
}

// expected works out what each block and definition of a file mentions.
func (m meaning) expected(t *text, rules *Reference) map[holder]*expectation {
	all := map[holder]*expectation{}
	note := func(node ast.Node, must bool, mention string) {
		for _, h := range rules.holders[node] {
			if all[h] == nil {
				all[h] = &expectation{map[string]bool{}, map[string]bool{}}
			}
			if must {
				all[h].must[mention] = true
			} else {
				all[h].may[mention] = true
			}
		}
	}
	for _, spec := range t.file.Imports {
		name := ""
		if spec.Name != nil && spec.Name.Name == "." {
			name = "*"
		}
		note(spec, true, "member "+importPath(spec)+" "+name)
	}
	selected, keys := places(t.file)
	for name, object := range m.uses {
		if name.Pos() < t.file.FileStart || name.Pos() >= t.file.FileEnd {
			continue
		}
		switch selector := selected[name]; {
		case selector != nil:
			note(name, true, m.selection(selector))
		case keys[name] && isField(object):
			// By syntax alone, it may as well be a constant.
			note(name, false, "global "+name.Name)
			note(name, false, "attribute "+name.Name)
		case m.isGlobal(object):
			note(name, true, "global "+name.Name)
		}
	}
	return all
}

// selection is the mention that a selector makes.
func (m meaning) selection(n *ast.SelectorExpr) string {
	if name, ok := n.X.(*ast.Ident); ok {
		if pkg, ok := m.uses[name].(*types.PkgName); ok {
			return "member " + strings.TrimPrefix(pkg.Imported().Path(), "vendor/") + " " + n.Sel.Name
		}
	}
	return "attribute " + n.Sel.Name
}

// isGlobal tells whether an object is of a package, an import of the file, or built in.
func (m meaning) isGlobal(object types.Object) bool {
	if _, ok := object.(*types.PkgName); ok {
		return true
	}
	parent := object.Parent()
	return parent != nil && (parent == types.Universe || parent == m.pkg.Scope() || object.Pkg() != m.pkg)
}

func isField(object types.Object) bool {
	variable, ok := object.(*types.Var)
	return ok && variable.IsField()
}

// places are the identifiers that are selected, and those that are keys of composite literals.
func places(file *ast.File) (map[*ast.Ident]*ast.SelectorExpr, map[*ast.Ident]bool) {
	selected, keys := map[*ast.Ident]*ast.SelectorExpr{}, map[*ast.Ident]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.SelectorExpr:
			selected[n.Sel] = n
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok {
				keys[key] = true
			}
		}
		return true
	})
	return selected, keys
}
