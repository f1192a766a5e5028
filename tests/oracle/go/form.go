package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"reflect"
	"strconv"
	"strings"
)

// writer writes the form of syntax trees: equal forms, equal code. Suites that are blocks of their own are left out of it; without a block or a
// variable (nodes that are compared) they are part of it.
type writer struct {
	reference *Reference
	block     *Block
	holder    holder
	// variable is what the value at hand belongs to, and literals how many function literals it had.
	variable string
	literals int
	// outline leaves out names of parameters.
	outline bool
	out     strings.Builder
}

var (
	commentType  = reflect.TypeFor[*ast.CommentGroup]()
	positionType = reflect.TypeFor[token.Pos]()
)

// node writes the form of a node that may be nil.
func (w *writer) node(node ast.Node) {
	// An identifier `_` is something else.
	if node == nil || reflect.ValueOf(node).IsNil() {
		w.out.WriteString("() ")
		return
	}
	w.reference.hold(node, w.holder)
	switch n := node.(type) {
	case *ast.ParenExpr:
		w.node(n.X)
	case *ast.Ident:
		w.out.WriteString(n.Name + " ")
	case *ast.BasicLit:
		w.out.WriteString(literal(n) + " ")
	case *ast.FieldList:
		w.fields(n)
	case *ast.FuncType:
		w.signature(n)
	case *ast.StructType:
		w.open("struct")
		w.named(n.Fields)
		w.close()
	case *ast.InterfaceType:
		w.open("interface")
		w.named(n.Methods)
		w.close()
	case *ast.FuncLit:
		w.open("func")
		w.node(n.Type)
		if w.variable != "" {
			w.literal(n.Body)
		} else {
			w.suite(w.ordinal("func"), n.Body)
		}
		w.close()
	case *ast.BlockStmt:
		w.open("block")
		w.statements(n.List)
		w.close()
	case ast.Stmt:
		w.statement(n)
	default:
		w.generic(node)
	}
}

func (w *writer) open(name string) { w.out.WriteString("(" + name + " ") }
func (w *writer) close()           { w.out.WriteString(") ") }

// statement writes statements that have suites, and those that layout may spell in two ways.
func (w *writer) statement(node ast.Stmt) {
	switch n := node.(type) {
	case *ast.IfStmt:
		w.ifs(n)
	case *ast.ForStmt:
		id := w.ordinal("for")
		w.open("for")
		w.node(n.Init)
		w.node(n.Cond)
		w.node(n.Post)
		w.suite(id, n.Body)
		w.close()
	case *ast.RangeStmt:
		id := w.ordinal("for")
		w.open("range" + n.Tok.String())
		w.node(n.Key)
		w.node(n.Value)
		w.node(n.X)
		w.suite(id, n.Body)
		w.close()
	case *ast.SwitchStmt:
		id := w.ordinal("switch")
		w.open("switch")
		w.node(n.Init)
		w.node(n.Tag)
		w.clauses(id, n.Body)
	case *ast.TypeSwitchStmt:
		id := w.ordinal("switch")
		w.open("typeswitch")
		w.node(n.Init)
		w.node(n.Assign)
		w.clauses(id, n.Body)
	case *ast.SelectStmt:
		id := w.ordinal("select")
		w.open("select")
		w.clauses(id, n.Body)
	case *ast.EmptyStmt:
		w.out.WriteString("empty ")
	case *ast.DeclStmt:
		for _, spec := range specs(n.Decl.(*ast.GenDecl)) {
			w.spec(spec)
		}
	default:
		w.generic(node)
	}
}

func (w *writer) ifs(n *ast.IfStmt) {
	id, at := w.ordinal("if"), 0
	suite := id
	w.open("if")
	for {
		w.reference.hold(n, w.holder)
		w.node(n.Init)
		w.node(n.Cond)
		w.suite(suite, n.Body)
		next, ok := n.Else.(*ast.IfStmt)
		if !ok {
			break
		}
		suite, n = fmt.Sprintf("%s.elif[%d]", id, at), next
		at++
	}
	if block, ok := n.Else.(*ast.BlockStmt); ok {
		w.suite(id+".else", block)
	}
	w.close()
}

// clauses writes the cases of a switch or select, and closes its form.
func (w *writer) clauses(id string, body *ast.BlockStmt) {
	for i, statement := range body.List {
		w.reference.hold(statement, w.holder)
		var suite []ast.Stmt
		switch clause := statement.(type) {
		case *ast.CaseClause:
			w.open("case" + strconv.FormatBool(clause.List == nil))
			for _, expression := range clause.List {
				w.node(expression)
			}
			suite = clause.Body
		case *ast.CommClause:
			w.open("comm")
			w.node(clause.Comm)
			suite = clause.Body
		}
		w.branch(fmt.Sprintf("%s.case[%d]", id, i), statement, suite)
		w.close()
	}
	w.close()
}

// suite writes a braced suite as the branch of this id.
func (w *writer) suite(id string, body *ast.BlockStmt) {
	w.branch(id, body, body.List)
}

// literal makes a function without a name of the body of a literal that stands in a declaration of the package.
func (w *writer) literal(body *ast.BlockStmt) {
	id := w.reference.unique(fmt.Sprintf("%s/func[%d]", w.variable, w.literals))
	w.literals++
	w.blockOf(id, "function", body, body.List)
}

// branch makes a block of a suite, or writes it in place where there are no blocks.
func (w *writer) branch(id string, node ast.Node, list []ast.Stmt) {
	if w.block == nil {
		w.open("suite")
		w.statements(list)
		w.close()
		return
	}
	w.blockOf(id, "branch", node, list)
}

func (w *writer) blockOf(id, kind string, node ast.Node, list []ast.Stmt) {
	w.open("suite")
	defer w.close()
	block := w.reference.add(id, kind, node.Pos(), node.End())
	inner := &writer{reference: w.reference, block: block, holder: holder{block: id, definition: -1}}
	inner.statements(list)
	block.Form = inner.out.String()
}

// ordinal is the id of the next branch of a kind in the block.
func (w *writer) ordinal(kind string) string {
	if w.block == nil {
		return ""
	}
	at := w.block.ordinals[kind]
	w.block.ordinals[kind]++
	return fmt.Sprintf("%s/%s[%d]", w.block.ID, kind, at)
}

func (w *writer) statements(list []ast.Stmt) {
	for _, statement := range list {
		if _, ok := statement.(*ast.EmptyStmt); ok {
			w.reference.hold(statement, w.holder)
			continue
		}
		w.node(statement)
	}
}

// named writes a list whose names count everywhere.
func (w *writer) named(list *ast.FieldList) { w.list(list, true) }

// fields writes parameters.
func (w *writer) fields(list *ast.FieldList) {
	w.list(list, !w.outline)
}

// list writes each name of a field list with the field's type; without the names where they do not count.
func (w *writer) list(list *ast.FieldList, names bool) {
	w.open("fields")
	defer w.close()
	if list == nil {
		return
	}
	w.reference.hold(list, w.holder)
	for _, field := range list.List {
		w.reference.hold(field, w.holder)
		write := func(name *ast.Ident) {
			if names {
				w.node(name)
			}
			w.node(field.Type)
			w.node(field.Tag)
		}
		if len(field.Names) == 0 {
			write(nil)
		}
		for _, name := range field.Names {
			write(name)
		}
	}
}

// signature writes a function type; `func()` and `func() ()` are one.
func (w *writer) signature(n *ast.FuncType) {
	w.open("signature")
	w.reference.hold(n, w.holder)
	w.named(n.TypeParams)
	w.fields(n.Params)
	w.fields(n.Results)
	w.close()
}

// spec writes one constant, variable or type with all that gives it its value.
func (w *writer) spec(s spec) {
	w.reference.hold(s.node, w.holder)
	switch n := s.node.(type) {
	case *ast.ValueSpec:
		w.open(s.token.String())
		for _, name := range n.Names {
			w.node(name)
		}
		w.out.WriteString(": ")
		w.node(s.typed)
		for _, value := range s.values {
			w.node(value)
		}
		if s.iota >= 0 {
			w.out.WriteString("iota=" + strconv.Itoa(s.iota))
		}
		w.close()
	case *ast.TypeSpec:
		w.open("type" + strconv.FormatBool(n.Assign.IsValid()))
		w.node(n.Name)
		w.named(n.TypeParams)
		w.node(n.Type)
		w.close()
	}
}

// generic writes what go/ast says about a node, positions and comments left out.
func (w *writer) generic(node ast.Node) {
	value := reflect.ValueOf(node).Elem()
	kind := value.Type()
	w.open(kind.Name())
	for i := range kind.NumField() {
		w.value(value.Field(i))
	}
	// A position that says something: f(xs...) or f(xs).
	if call, ok := node.(*ast.CallExpr); ok && call.Ellipsis.IsValid() {
		w.out.WriteString("... ")
	}
	w.close()
}

func (w *writer) value(value reflect.Value) {
	switch value.Type() {
	case commentType, positionType:
		return
	}
	if value.Kind() == reflect.Slice {
		w.open("list")
		for i := range value.Len() {
			w.value(value.Index(i))
		}
		w.close()
		return
	}
	switch v := value.Interface().(type) {
	case nil:
		w.out.WriteString("() ")
	case ast.Node:
		w.node(v)
	default:
		fmt.Fprintf(&w.out, "%v ", v)
	}
}

// alike tells whether two nodes have one form.
func alike(a, b ast.Node) bool {
	form := func(node ast.Node) string {
		w := &writer{reference: &Reference{}}
		w.node(node)
		return w.out.String()
	}
	return form(a) == form(b)
}

// literal is the kind and value of a literal, whatever its spelling.
func literal(n *ast.BasicLit) string {
	if n.Kind == token.STRING {
		value, err := strconv.Unquote(n.Value)
		if err != nil {
			return n.Value
		}
		return strconv.Quote(value)
	}
	return n.Kind.String() + constant.MakeFromLiteral(n.Value, n.Kind, 0).ExactString()
}
