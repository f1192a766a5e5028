package main

import (
	"go/ast"
	"go/token"
	"math/rand/v2"
)

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

// needBare are the expressions that parentheses may not stand around, or would turn into something else; and the few that the
// grammar reads in another way with parentheses, which nobody writes there.
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
		all = append(all, leftmost(n.Lhs[0])...)
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
	case *ast.BinaryExpr:
		// Chains of operators may be thousands long; parentheses that deep are refused.
		if inner, ok := n.X.(*ast.BinaryExpr); ok {
			if _, ok := inner.X.(*ast.BinaryExpr); ok {
				add(inner)
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
	case *ast.ExprStmt:
		// After a line that ends with `a[i]`, the grammar goes on with a statement that begins with a parenthesis.
		all = append(all, leftmost(n.X)...)
	case *ast.SendStmt:
		all = append(all, leftmost(n.Chan)...)
	case *ast.IncDecStmt:
		all = append(all, leftmost(n.X)...)
	case *ast.CallExpr:
		switch function := n.Fun.(type) {
		case *ast.Ident:
			// The grammar reads types as arguments only where it sees these names.
			if function.Name == "make" || function.Name == "new" {
				add(function)
			}
		case *ast.IndexExpr, *ast.IndexListExpr:
			// To the grammar, type arguments of a call belong to the call.
			add(function)
		}
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

// leftmost are the expressions that begin where an expression does.
func leftmost(expression ast.Expr) []ast.Node {
	var all []ast.Node
	ast.Inspect(expression, func(node ast.Node) bool {
		if inner, ok := node.(ast.Expr); ok && inner.Pos() == expression.Pos() {
			all = append(all, inner)
		}
		return true
	})
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
