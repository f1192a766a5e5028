package main

import (
	"go/ast"
	"go/token"
)

func (m *mutator) statement(node ast.Stmt) {
	switch n := node.(type) {
	case *ast.BlockStmt:
		m.list(n.List)
	case *ast.CaseClause:
		m.list(n.Body)
		m.cases(n)
	case *ast.CommClause:
		m.list(n.Body)
	case *ast.AssignStmt:
		m.operator("assignment", n, n.TokPos, n.Tok)
		if len(n.Rhs) > 1 {
			m.swap("assigned swapped", n, n.Rhs[0], n.Rhs[1])
		}
	case *ast.IncDecStmt:
		m.operator("operator", n, n.TokPos, n.Tok)
	case *ast.GoStmt:
		m.operator("go and defer", n, n.Go, token.GO)
	case *ast.DeferStmt:
		m.operator("go and defer", n, n.Defer, token.DEFER)
	case *ast.BranchStmt:
		m.operator("break and continue", n, n.TokPos, n.Tok)
		if n.Label != nil && n.Tok != token.GOTO {
			m.put("label dropped", n, n.Label.Pos(), n.Label.End(), "")
		}
	case *ast.LabeledStmt:
		m.put("label dropped", n, n.Label.Pos(), n.Colon+1, "")
	case *ast.ReturnStmt:
		m.results(n)
	default:
		m.compound(node)
	}
}

func (m *mutator) results(n *ast.ReturnStmt) {
	if len(n.Results) > 0 {
		first, last := n.Results[0], n.Results[len(n.Results)-1]
		m.put("results dropped", only(n, n), first.Pos(), n.End(), "")
		if first != last {
			m.swap("results swapped", n, first, last)
		}
	}
}

// list mutates the statements of a suite.
func (m *mutator) list(list []ast.Stmt) {
	for i, statement := range list {
		if _, ok := statement.(*ast.EmptyStmt); ok {
			continue
		}
		switch statement.(type) {
		case *ast.CaseClause, *ast.CommClause:
			m.put("case deleted", nil, statement.Pos(), statement.End(), "")
			if i > 0 {
				m.swap("cases swapped", nil, list[i-1], statement)
			}
			continue
		}
		held := only(statement, statement)
		m.put("statement deleted", held, statement.Pos(), statement.End(), "")
		m.put("statement repeated", held, statement.End(), statement.End(), "; "+m.text.of(statement))
		if i > 0 {
			m.swap("statements swapped", statement, list[i-1], statement)
		}
		if held != nil {
			m.put("statement put into a suite", nil, statement.Pos(), statement.End(), "if added { "+m.text.of(statement)+" }")
		}
		// After `if a { b() }`, the grammar takes a brace for the suite of `if a{b()}`.
		if before := m.text.source[m.text.offset(list[max(i-1, 0)].End())-1]; held != nil && (i == 0 || before != '}' && before != ']') {
			m.put("statement put into braces", held, statement.Pos(), statement.End(), "{ "+m.text.of(statement)+" }")
		}
	}
}

func (m *mutator) cases(n *ast.CaseClause) {
	if len(n.List) == 0 {
		m.put("default to case", n, n.Case, n.Case+token.Pos(len("default")), "case added")
		return
	}
	last := n.List[len(n.List)-1]
	m.put("case expression added", n, last.End(), last.End(), ", added")
	if len(n.List) > 1 {
		m.swap("case expressions swapped", n, n.List[0], last)
		m.put("case expression dropped", only(n, n.List[0]), n.List[0].Pos(), n.List[1].Pos(), "")
	}
}

func (m *mutator) compound(node ast.Stmt) {
	switch n := node.(type) {
	case *ast.IfStmt:
		if n.Init != nil {
			m.put("initialiser dropped", only(n, n.Init), n.Init.Pos(), n.Cond.Pos(), "")
		}
		m.put("condition", n, n.Cond.Pos(), n.Cond.End(), "!("+m.text.of(n.Cond)+")")
		if n.Else != nil {
			m.put("else deleted", nil, n.Body.End(), n.Else.End(), "")
		} else {
			m.put("else added", nil, n.Body.End(), n.Body.End(), " else { added() }")
			m.put("empty else added", nil, n.Body.End(), n.Body.End(), " else { }")
		}
	case *ast.ForStmt:
		if n.Post != nil {
			m.put("part of a loop dropped", only(n, n.Post), n.Post.Pos(), n.Post.End(), "")
		}
		if n.Cond != nil {
			m.put("part of a loop dropped", only(n, n.Cond), n.Cond.Pos(), n.Cond.End(), "")
		}
		if n.Init != nil {
			m.put("part of a loop dropped", only(n, n.Init), n.Init.Pos(), n.Init.End(), "")
		}
	case *ast.RangeStmt:
		if n.Tok != token.ILLEGAL {
			m.operator("assignment", n, n.TokPos, n.Tok)
			m.put("part of a loop dropped", only(n, n.Key), n.Key.Pos(), n.Range, "")
		}
		if n.Value != nil {
			m.put("part of a loop dropped", only(n, n.Value), n.Key.End(), n.Value.End(), "")
		}
	case *ast.SwitchStmt:
		if n.Tag != nil {
			m.put("tag dropped", only(n, n.Tag), n.Tag.Pos(), n.Tag.End(), "")
		}
		m.put("case added", nil, n.Body.Lbrace+1, n.Body.Lbrace+1, "\ncase added: added()\n")
		m.put("case added at the end", nil, n.Body.Rbrace, n.Body.Rbrace, "\ncase added: added()\n")
	case *ast.SelectStmt:
		m.put("case added", nil, n.Body.Lbrace+1, n.Body.Lbrace+1, "\ncase <-added: added()\n")
	}
}
