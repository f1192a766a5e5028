package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// Block is a unit of code that runs or does not.
type Block struct {
	ID, Kind    string
	First, Last int
	// Form is equal where the block's own code is.
	Form string

	ordinals map[string]int
}

// Definition is a declaration of the package.
type Definition struct {
	Scope, Kind string
	First, Last int
	Binds       []string
	Form        string
}

// holder names the block or the definition that a node is part of; the other is empty or -1.
type holder struct {
	block      string
	definition int
}

// Reference holds the blocks and definitions of a file as the written rules have them, worked out from its syntax tree alone.
type Reference struct {
	Text        *text
	Blocks      []*Block
	Definitions []*Definition

	holders map[ast.Node][]holder
	counts  map[string]int
	// before is where the declaration before the one at hand ends.
	before token.Pos
	// called counts the variables that are initialised by calling a function.
	called map[string]int
}

// refer works out blocks and definitions.
func refer(t *text) *Reference { return (&Reference{Text: t}).filled() }

// trace does so too, and notes which of them each node is part of.
func trace(t *text) *Reference {
	return (&Reference{Text: t, holders: map[ast.Node][]holder{}}).filled()
}

func (r *Reference) filled() *Reference {
	t := r.Text
	r.counts, r.called = map[string]int{}, map[string]int{}
	module := r.add("<module>", "module", t.file.FileStart, t.file.FileEnd)
	own := &writer{reference: r, holder: holder{block: module.ID, definition: -1}}
	own.node(t.file.Name)
	r.clause()
	r.before = t.file.Name.End()
	for _, declaration := range t.file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			r.function(d)
		case *ast.GenDecl:
			for _, one := range specs(d) {
				r.declare(one, own)
				r.before = one.node.End()
			}
		}
		r.before = declaration.End()
	}
	if len(t.directives(r.before, t.file.FileEnd)) > 0 {
		// They stand before no declaration.
		r.define("<module>", "effect", ending{t.file}, nil, func(w *writer) { w.directives(ending{t.file}) })
	}
	module.Form = own.out.String()
	return r
}

// hold notes that a node is part of a block or definition.
func (r *Reference) hold(node ast.Node, h holder) {
	if r.holders == nil {
		return
	}
	if held := r.holders[node]; !slices.Contains(held, h) {
		r.holders[node] = append(held, h)
	}
}

func (r *Reference) add(id, kind string, start, end token.Pos) *Block {
	block := &Block{ID: id, Kind: kind, First: r.Text.line(start), Last: r.Text.line(end - 1), ordinals: map[string]int{}}
	r.Blocks = append(r.Blocks, block)
	return block
}

// define adds a definition whose form is what `write` writes.
func (r *Reference) define(scope, kind string, node ast.Node, binds []string, write func(w *writer)) {
	w := &writer{reference: r, holder: holder{definition: len(r.Definitions)}}
	r.hold(node, w.holder)
	write(w)
	binds = slices.DeleteFunc(binds, func(name string) bool { return name == "_" })
	slices.Sort(binds)
	first, last := r.Text.line(node.Pos()), r.Text.line(node.End()-1)
	r.Definitions = append(r.Definitions, &Definition{scope, kind, first, last, binds, w.out.String()})
}

// clause adds the package clause and the build constraints before it.
func (r *Reference) clause() {
	file := r.Text.file
	r.define("<module>", "guard", clause{file}, nil, func(w *writer) {
		w.node(file.Name)
		for _, line := range append(constraints(r.Text), r.Text.directives(file.FileStart, file.Package)...) {
			w.out.WriteString(line + "\n")
		}
	})
}

// clause is the package clause as a node.
type clause struct{ file *ast.File }

func (c clause) Pos() token.Pos { return c.file.Package }
func (c clause) End() token.Pos { return c.file.Name.End() }

// ending is the end of a file as a node.
type ending struct{ file *ast.File }

func (e ending) Pos() token.Pos { return e.file.FileEnd - 1 }
func (e ending) End() token.Pos { return e.file.FileEnd }

// constraints are the lines before the package clause that say when the file is built, and with what.
func constraints(t *text) []string {
	var lines []string
	for _, group := range t.file.Comments {
		for _, comment := range group.List {
			if comment.Pos() < t.file.Package && t.counts(comment) && !isDirective(comment) {
				lines = append(lines, strings.TrimSpace(comment.Text))
			}
		}
	}
	return lines
}

// declare adds the definition that a spec is. Blank variables say something to the compiler only, and belong to the file.
func (r *Reference) declare(s spec, own *writer) {
	node := s.node
	switch n := s.node.(type) {
	case *ast.ImportSpec:
		r.imports(n, s)
	case *ast.TypeSpec:
		r.define("<module>", "binding", node, []string{n.Name.Name}, func(w *writer) { w.directives(s.node); w.spec(s) })
	case *ast.ValueSpec:
		binds := names(n.Names)
		kind := "binding"
		if s.token == token.VAR && !slices.ContainsFunc(binds, func(name string) bool { return name != "_" }) {
			if !runs(n.Values) {
				own.variable, own.literals = binds[0], 0
				own.spec(s)
				return
			}
			kind = "effect"
		}
		r.define("<module>", kind, node, binds, func(w *writer) {
			w.directives(s.node)
			w.variable = binds[0]
			w.spec(s)
			if s.token == token.VAR {
				w.order(n.Values)
			}
		})
	}
}

func names(identifiers []*ast.Ident) []string {
	var all []string
	for _, identifier := range identifiers {
		all = append(all, identifier.Name)
	}
	return all
}

// directives writes those that stand before a declaration.
func (w *writer) directives(node ast.Node) {
	for _, line := range w.reference.Text.directives(w.reference.before, node.Pos()) {
		w.out.WriteString(line + "\n")
	}
}

// order writes how many variables before this one were initialised by calling the same functions: they may count their calls.
func (w *writer) order(values []ast.Expr) {
	var before []string
	for _, function := range calls(w.reference.Text.file, values) {
		if count := w.reference.called[function]; count > 0 {
			before = append(before, strconv.Itoa(count))
		}
		w.reference.called[function]++
	}
	w.out.WriteString(strings.Join(before, ","))
}

func (r *Reference) imports(n *ast.ImportSpec, s spec) {
	path := importPath(n)
	kind, binds := "import", []string{importedName(path)}
	switch {
	case path == "C":
		kind, binds = "effect", nil
	case n.Name != nil && n.Name.Name == ".":
		kind, binds = "star", nil
	case n.Name != nil && n.Name.Name == "_":
		kind, binds = "effect", nil
	case n.Name != nil:
		binds = []string{n.Name.Name}
	}
	r.define("<module>", kind, n, binds, func(w *writer) {
		w.node(n.Name)
		w.node(n.Path)
		for _, comment := range w.reference.Text.preamble(s.group, n) {
			w.out.WriteString(strconv.Quote(comment.Text))
		}
	})
}

// unique is the id, numbered where the file has it already.
func (r *Reference) unique(id string) string {
	r.counts[id]++
	if n := r.counts[id]; n > 1 {
		id += "#" + strconv.Itoa(n)
	}
	return id
}

func (r *Reference) function(d *ast.FuncDecl) {
	scope, id := "<module>", d.Name.Name
	if owner := receiver(d); owner != "" {
		scope, id = owner, owner+"."+id
		r.class(owner, d)
	}
	id = r.unique(id)
	kind, binds := "binding", []string{d.Name.Name}
	if id := d.Name.Name; d.Recv == nil && (id == "init" || id == "TestMain") {
		kind, binds = "effect", nil
	}
	r.define(scope, kind, declared{d}, binds, func(w *writer) {
		w.outline = true
		w.fields(d.Recv)
		w.signature(d.Type)
	})
	block := r.add(id, "function", d.Pos(), d.End())
	w := &writer{reference: r, block: block, holder: holder{block: id, definition: -1}}
	w.directives(d)
	r.hold(d, w.holder)
	w.node(d.Name)
	w.fields(d.Recv)
	w.signature(d.Type)
	if d.Body != nil {
		w.open("body")
		w.statements(d.Body.List)
		w.close()
	}
	block.Form = w.out.String()
}

// declared is the declaration of a function as part of the package's definitions; its body is not.
type declared struct{ *ast.FuncDecl }

// class adds the block of a type at its first method.
func (r *Reference) class(owner string, d *ast.FuncDecl) {
	if !slices.ContainsFunc(r.Blocks, func(b *Block) bool { return b.ID == owner && b.Kind == "class" }) {
		r.add(owner, "class", d.Pos(), d.End())
	}
}
