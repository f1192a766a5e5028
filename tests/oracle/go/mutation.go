package main

import (
	"cmp"
	"go/ast"
	"go/token"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
)

// mutation is a change of one node. What holds `node`, and nothing else, changes with it; where a mutation moves ordinals or names
// there is no such node.
type mutation struct {
	kind  string
	edits []edit
	node  ast.Node
}

// mutator collects mutations of a file.
type mutator struct {
	text  *text
	found []mutation
}

// mutations are all changes of one node that this file allows. Some make no Go.
func mutations(t *text) []mutation {
	m := &mutator{text: t}
	var around []ast.Node
	ast.Inspect(t.file, func(node ast.Node) bool {
		if node == nil {
			around = around[:len(around)-1]
			return true
		}
		var parent ast.Node
		if len(around) > 0 {
			parent = around[len(around)-1]
		}
		around = append(around, node)
		switch n := node.(type) {
		case ast.Expr:
			m.expression(n, parent)
		case ast.Stmt:
			m.statement(n)
		case *ast.Field, *ast.FieldList:
			m.fields(node, parent)
		default:
			m.declaration(node, parent)
		}
		return true
	})
	m.comments()
	m.tokens()
	return m.found
}

// chosen takes as many mutations of each kind as there are, so that rare ones are not drowned.
func chosen(all []mutation, count int, chance *rand.Rand) []mutation {
	kinds := map[string][]mutation{}
	for _, m := range all {
		kinds[m.kind] = append(kinds[m.kind], m)
	}
	var order []string
	for kind, some := range kinds {
		order = append(order, kind)
		// Maps have no order: which mutation is taken must depend on the source and the seed alone.
		slices.SortFunc(some, func(a, b mutation) int { return cmp.Compare(a.edits[0].start, b.edits[0].start) })
	}
	slices.Sort(order)
	for _, kind := range order {
		some := kinds[kind]
		chance.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	}
	var taken []mutation
	for len(order) > 0 && len(taken) < count {
		chance.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		order = slices.DeleteFunc(order, func(kind string) bool {
			taken = append(taken, kinds[kind][0])
			kinds[kind] = kinds[kind][1:]
			return len(kinds[kind]) == 0
		})
	}
	return taken[:min(count, len(taken))]
}

func (m *mutator) add(kind string, node ast.Node, edits ...edit) {
	m.found = append(m.found, mutation{kind, edits, node})
}

// put adds a mutation that writes a text in the place of a part.
func (m *mutator) put(kind string, node ast.Node, start, end token.Pos, text string) {
	m.add(kind, node, edit{m.text.offset(start), m.text.offset(end), text})
}

// swap adds a mutation that exchanges two nodes of a list; what they hold may have ordinals.
func (m *mutator) swap(kind string, node ast.Node, a, b ast.Node) {
	if alike(a, b) {
		return
	}
	if hasSuites(a) || hasSuites(b) {
		node = nil
	}
	m.add(kind, node, m.text.replace(a, m.text.of(b)), m.text.replace(b, m.text.of(a)))
}

// hasSuites tells whether blocks stand in a node.
func hasSuites(node ast.Node) bool {
	found := false
	ast.Inspect(node, func(inner ast.Node) bool {
		switch inner.(type) {
		case *ast.FuncLit, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			found = true
		}
		return !found
	})
	return found
}

// only is the node, unless blocks stand in what changes.
func only(node ast.Node, changed ...ast.Node) ast.Node {
	for _, part := range changed {
		if hasSuites(part) {
			return nil
		}
	}
	return node
}

var operators = map[token.Token]string{
	token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "%", token.REM: "*", token.AND: "&^", token.OR: "^", token.XOR: "|",
	token.SHL: ">>", token.SHR: "<<", token.AND_NOT: "&", token.LAND: "||", token.LOR: "&&", token.EQL: "!=", token.NEQ: "==",
	token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">", token.NOT: "-", token.ARROW: "!",
	token.ADD_ASSIGN: "-=", token.SUB_ASSIGN: "+=", token.MUL_ASSIGN: "/=", token.QUO_ASSIGN: "*=", token.REM_ASSIGN: "/=",
	token.AND_ASSIGN: "|=", token.OR_ASSIGN: "&=", token.XOR_ASSIGN: "&^=", token.SHL_ASSIGN: ">>=", token.SHR_ASSIGN: "<<=",
	token.AND_NOT_ASSIGN: "^=", token.DEFINE: "=", token.ASSIGN: ":=", token.INC: "--", token.DEC: "++",
	token.BREAK: "continue", token.CONTINUE: "break", token.GO: "defer", token.DEFER: "go",
}

// operator adds a mutation of the operator or keyword at a position.
func (m *mutator) operator(kind string, node ast.Node, at token.Pos, old token.Token) {
	if other, ok := operators[old]; ok {
		m.put(kind, node, at, at+token.Pos(len(old.String())), other)
	}
}

func (m *mutator) expression(node ast.Expr, parent ast.Node) {
	switch n := node.(type) {
	case *ast.Ident:
		m.name(n, parent)
	case *ast.BasicLit:
		m.literal(n, parent)
	case *ast.BinaryExpr:
		m.operator("operator", n, n.OpPos, n.Op)
		m.swap("operands swapped", n, n.X, n.Y)
		m.put("operand dropped", only(n, n.Y), n.OpPos, n.Y.End(), "")
		if right, ok := n.Y.(*ast.BinaryExpr); ok {
			m.add("regrouped", n, m.text.insert(n.Pos(), "("), m.text.insert(right.X.End(), ")"))
		}
		if left, ok := n.X.(*ast.BinaryExpr); ok {
			m.add("regrouped", n, m.text.insert(left.Y.Pos(), "("), m.text.insert(n.End(), ")"))
		}
	case *ast.UnaryExpr:
		m.operator("operator", n, n.OpPos, n.Op)
		m.put("operator dropped", n, n.OpPos, n.X.Pos(), "")
	case *ast.StarExpr:
		m.put("operator dropped", n, n.Star, n.X.Pos(), "")
	case *ast.ParenExpr:
		m.add("parentheses dropped", nil, m.text.cut(n.Lparen, n.Lparen+1), m.text.cut(n.Rparen, n.Rparen+1))
	case *ast.CallExpr:
		m.call(n)
	case *ast.CompositeLit:
		m.composite(n)
	case *ast.SliceExpr:
		if n.High != nil && !n.Slice3 {
			m.put("index dropped", only(n, n.High), n.High.Pos(), n.High.End(), "")
		}
		if n.Low != nil {
			m.put("index dropped", only(n, n.Low), n.Low.Pos(), n.Low.End(), "")
		}
	case *ast.ChanType:
		// A channel of both directions or of the other one.
		m.put("channel direction", n, n.Begin, n.Value.Pos(), []string{"", "<-chan ", "chan ", "chan<- "}[n.Dir])
	case *ast.ArrayType:
		if n.Len != nil {
			m.put("array to slice", only(n, n.Len), n.Len.Pos(), n.Len.End(), "")
		}
	case *ast.Ellipsis:
		if n.Elt != nil {
			m.put("variadic parameter", n, n.Ellipsis, n.Elt.Pos(), "[]")
		}
	}
}

func (m *mutator) call(n *ast.CallExpr) {
	if n.Ellipsis.IsValid() {
		m.put("spread argument", n, n.Ellipsis, n.Ellipsis+3, "")
	} else if len(n.Args) > 0 {
		m.put("spread argument", n, n.Args[len(n.Args)-1].End(), n.Args[len(n.Args)-1].End(), "...")
	}
	if len(n.Args) > 1 {
		m.swap("arguments swapped", n, n.Args[0], n.Args[1])
		m.put("argument dropped", only(n, n.Args[0]), n.Args[0].Pos(), n.Args[1].Pos(), "")
	}
}

func (m *mutator) composite(n *ast.CompositeLit) {
	if len(n.Elts) < 2 {
		return
	}
	last, before := n.Elts[len(n.Elts)-1], n.Elts[len(n.Elts)-2]
	m.swap("elements swapped", n, before, last)
	m.put("element dropped", only(n, last), before.End(), last.End(), "")
	if pair, ok := last.(*ast.KeyValueExpr); ok {
		m.put("key dropped", only(n, pair.Key), pair.Pos(), pair.Value.Pos(), "")
	}
}

// name renames an identifier, by what it is for.
func (m *mutator) name(n *ast.Ident, parent ast.Node) {
	kind, held := "name", ast.Node(n)
	switch p := parent.(type) {
	case *ast.File:
		kind = "package name"
	case *ast.SelectorExpr:
		if p.Sel == n {
			kind = "selector"
		}
	case *ast.KeyValueExpr:
		if p.Key == n {
			kind = "key"
		}
	case *ast.Field:
		if kind = "type"; p.Type != n {
			kind = "name of a field or parameter"
		}
	case *ast.FuncDecl:
		kind, held = "function name", nil
	case *ast.TypeSpec:
		if p.Name == n {
			kind, held = "type name", nil
		}
	case *ast.ValueSpec:
		if slices.Contains(p.Names, n) {
			kind, held = "name of a constant or variable", nil
		}
	case *ast.ImportSpec:
		kind, held = "import name", nil
	case *ast.BranchStmt, *ast.LabeledStmt:
		kind = "label"
	}
	m.put(kind, held, n.Pos(), n.End(), "renamed_"+strings.Trim(n.Name, "_"))
}

func (m *mutator) literal(n *ast.BasicLit, parent ast.Node) {
	other := func(kind, first, second string) {
		if literal(n) == literal(&ast.BasicLit{Kind: n.Kind, Value: first}) {
			first = second
		}
		m.put(kind, n, n.Pos(), n.End(), first)
	}
	switch n.Kind {
	case token.INT:
		if value, ok := new(big.Int).SetString(n.Value, 0); ok {
			m.put("number", n, n.Pos(), n.End(), value.Add(value, big.NewInt(1)).String())
			m.put("kind of number", n, n.Pos(), n.End(), value.String()+".0")
		}
	case token.FLOAT:
		other("number", "7.25", "8.5")
		m.put("kind of number", n, n.Pos(), n.End(), n.Value+"i")
	case token.IMAG:
		other("number", "7i", "8i")
	case token.CHAR:
		other("rune", "'q'", "'w'")
		m.put("kind of number", n, n.Pos(), n.End(), strings.TrimPrefix(literal(n), "CHAR"))
	case token.STRING:
		kind := "string"
		held := ast.Node(n)
		switch parent.(type) {
		case *ast.ImportSpec:
			kind, held = "import path", nil
		case *ast.Field:
			kind = "struct tag"
			m.put("struct tag dropped", n, n.Pos(), n.End(), "")
		}
		m.put(kind, held, n.End()-1, n.End()-1, "x")
	}
}
