package main

import (
	"go/ast"
	"go/token"
	"strings"
)

func (m *mutator) declaration(node, parent ast.Node) {
	switch n := node.(type) {
	case *ast.FuncDecl:
		m.put("declaration deleted", nil, n.Pos(), n.End(), "")
		if n.Recv != nil {
			m.receiver(n)
		}
		if n.Body != nil {
			m.put("body emptied", nil, n.Body.Lbrace+1, n.Body.Rbrace, "")
			m.put("statement added", n, n.Body.Lbrace+1, n.Body.Lbrace+1, "added(); ")
		}
	case *ast.GenDecl:
		for i, spec := range n.Specs {
			m.spec(n, spec)
			if i > 0 && n.Tok == token.CONST {
				m.swap("constants swapped", nil, n.Specs[i-1], spec)
				m.put("group divided", nil, spec.Pos(), spec.Pos(), "\n)\nconst (\n")
			}
		}
	}
}

func (m *mutator) receiver(n *ast.FuncDecl) {
	field := n.Recv.List[0]
	if star, ok := field.Type.(*ast.StarExpr); ok {
		m.put("pointer of a receiver", field, star.Star, star.X.Pos(), "")
	} else {
		m.put("pointer of a receiver", field, field.Type.Pos(), field.Type.Pos(), "*")
	}
	m.put("method to function", nil, n.Recv.Pos(), n.Name.End(), "added")
}

func (m *mutator) spec(group *ast.GenDecl, node ast.Spec) {
	if group.Lparen.IsValid() {
		m.put("spec deleted", nil, node.Pos(), node.End(), "")
	} else {
		m.put("declaration deleted", nil, group.Pos(), group.End(), "")
	}
	switch n := node.(type) {
	case *ast.ImportSpec:
		m.imports(n)
	case *ast.TypeSpec:
		if n.Assign.IsValid() {
			m.put("alias", nil, n.Assign, n.Assign+1, "")
		} else {
			m.put("alias", nil, n.Type.Pos(), n.Type.Pos(), "= ")
		}
		if n.TypeParams == nil {
			m.put("type parameter added", nil, n.Name.End(), n.Name.End(), "[Added any]")
		}
	case *ast.ValueSpec:
		m.values(group, n)
	}
}

func (m *mutator) imports(n *ast.ImportSpec) {
	if importPath(n) == "C" {
		return
	}
	if n.Name != nil {
		m.put("import name dropped", nil, n.Name.Pos(), n.Path.Pos(), "")
		return
	}
	for _, name := range []string{"added", ".", "_"} {
		m.put("import name added", nil, n.Path.Pos(), n.Path.Pos(), name+" ")
	}
}

func (m *mutator) values(group *ast.GenDecl, n *ast.ValueSpec) {
	last := n.Names[len(n.Names)-1]
	if n.Type == nil && len(n.Values) > 0 {
		m.put("type added", nil, last.End(), last.End(), " added")
	}
	if n.Type != nil && len(n.Values) > 0 {
		m.put("type dropped", nil, n.Type.Pos(), n.Type.End(), "")
	}
	if len(n.Values) > 0 {
		m.put("value dropped", nil, max(last.End(), typeEnd(n)), n.End(), "")
	}
	if group.Tok == token.CONST && len(n.Values) == 0 {
		m.put("value added", nil, n.End(), n.End(), " = added")
		m.put("value added", nil, n.End(), n.End(), " = iota * iota")
	}
	if group.Tok == token.CONST && group.Lparen.IsValid() {
		m.put("constant added", nil, n.End(), n.End(), "\nadded\n")
	}
	if group.Tok == token.VAR && !group.Lparen.IsValid() && len(n.Values) > 0 {
		m.put("variable to constant", nil, group.TokPos, group.TokPos+3, "const")
	}
}

func typeEnd(n *ast.ValueSpec) token.Pos {
	if n.Type == nil {
		return token.NoPos
	}
	return n.Type.End()
}

// fields mutates parameters and the fields of structs.
func (m *mutator) fields(node, parent ast.Node) {
	switch n := node.(type) {
	case *ast.Field:
		switch n.Type.(type) {
		case *ast.Ident, *ast.SelectorExpr:
			m.put("pointer added to a type", n.Type, n.Type.Pos(), n.Type.Pos(), "*")
		}
	case *ast.FieldList:
		if parent, ok := parent.(*ast.FuncDecl); ok && n == parent.Recv {
			return
		}
		_, structure := parent.(*ast.StructType)
		for i, field := range n.List {
			if structure {
				m.put("field deleted", only(n, field), field.Pos(), field.End(), "")
			}
			if structure && field.Tag == nil {
				m.put("struct tag added", field, field.End(), field.End(), " `added`")
			}
			if i > 0 {
				m.swap("fields swapped", nil, n.List[i-1], field)
			}
		}
	}
}

// comments mutates remarks, which changes nothing, and directives.
func (m *mutator) comments() {
	for _, group := range m.text.file.Comments {
		for _, comment := range group.List {
			switch {
			case strings.HasPrefix(comment.Text, "//go:build "):
				m.put("build constraint", nil, comment.Pos()+11, comment.End(), "!("+strings.TrimSpace(comment.Text[11:])+")")
			case isDirective(comment):
				m.put("directive deleted", nil, comment.Pos(), comment.End(), "")
				m.put("directive", nil, comment.End(), comment.End(), "x")
			case m.text.counts(comment):
				m.put("preamble", nil, comment.Pos()+2, comment.Pos()+2, " added ")
			default:
				m.put("remark", nil, comment.Pos()+2, comment.Pos()+2, " added ")
			}
		}
	}
}

// tokens mutates without regard to the syntax: what of it is Go is often a change that nothing else here makes.
func (m *mutator) tokens() {
	var before lexeme
	for _, l := range m.text.lexemes() {
		if l.token == token.COMMENT || l.automatic {
			continue
		}
		start, end := l.offset, l.offset+len(l.text)
		m.add("token dropped", nil, edit{start, end, " "})
		m.add("token repeated", nil, edit{start, start, l.text + " "})
		if before.text != l.text && before.text != "" {
			m.add("token replaced by the one before", nil, edit{start, end, " " + before.text + " "})
			m.add("tokens swapped", nil, edit{before.offset, before.offset + len(before.text), l.text + " "}, edit{start, end, " " + before.text + " "})
		}
		before = l
	}
}
