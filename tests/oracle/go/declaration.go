package main

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// spec is one constant, variable, type or import of a declaration, with what it takes over from those before it.
type spec struct {
	node   ast.Spec
	group  *ast.GenDecl
	token  token.Token
	typed  ast.Expr
	values []ast.Expr
	// iota is the place in the group where the value depends on it, otherwise -1.
	iota int
}

// specs are those of a declaration, repeated constants written out.
func specs(group *ast.GenDecl) []spec {
	var all []spec
	var typed ast.Expr
	var values []ast.Expr
	for i, node := range group.Specs {
		one := spec{node: node, group: group, token: group.Tok, iota: -1}
		if value, ok := node.(*ast.ValueSpec); ok {
			if group.Tok != token.CONST || value.Type != nil || len(value.Values) > 0 {
				typed, values = value.Type, value.Values
			}
			one.typed, one.values = typed, values
			if group.Tok == token.CONST && mentionsIota(typed, values) {
				one.iota = i
			}
		}
		all = append(all, one)
	}
	return all
}

func mentionsIota(typed ast.Expr, values []ast.Expr) bool {
	found := false
	see := func(node ast.Node) bool {
		name, ok := node.(*ast.Ident)
		found = found || ok && name.Name == "iota"
		return true
	}
	if typed != nil {
		ast.Inspect(typed, see)
	}
	for _, value := range values {
		ast.Inspect(value, see)
	}
	return found
}

// runs tells whether an initialiser may do something: whether it calls what is neither new, make nor a conversion of nil.
func runs(expressions []ast.Expr) bool {
	found := false
	for _, expression := range expressions {
		ast.Inspect(expression, func(node ast.Node) bool {
			if _, ok := node.(*ast.FuncLit); ok {
				return false
			}
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			name, _ := ast.Unparen(call.Fun).(*ast.Ident)
			allocates := name != nil && (name.Name == "new" || name.Name == "make")
			found = found || !allocates && !(len(call.Args) == 1 && isNil(call.Args[0]))
			return true
		})
	}
	return found
}

func isNil(expression ast.Expr) bool {
	name, ok := ast.Unparen(expression).(*ast.Ident)
	return ok && name.Name == "nil"
}

func importPath(n *ast.ImportSpec) string {
	value, err := strconv.Unquote(n.Path.Value)
	if err != nil {
		return n.Path.Value
	}
	return value
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// importedName is the name that an import without one most likely binds.
func importedName(imported string) string {
	last := path.Base(imported)
	if version.MatchString(last) && path.Dir(imported) != "." {
		last = path.Base(path.Dir(imported))
	}
	if strings.HasPrefix(imported, "gopkg.in/") {
		if before, after, ok := strings.Cut(last, ".v"); ok && version.MatchString("v"+after) {
			last = before
		}
	}
	return last
}

// receiver is the name of the type that a method belongs to.
func receiver(declaration *ast.FuncDecl) string {
	if declaration.Recv == nil || len(declaration.Recv.List) == 0 {
		return ""
	}
	expression := declaration.Recv.List[0].Type
	for {
		switch e := expression.(type) {
		case *ast.ParenExpr:
			expression = e.X
		case *ast.StarExpr:
			expression = e.X
		case *ast.IndexExpr:
			expression = e.X
		case *ast.IndexListExpr:
			expression = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
