package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
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

// inspect visits what an initialiser evaluates itself: what stands in function literals, it does not.
func inspect(expressions []ast.Expr, see func(ast.Node)) {
	for _, expression := range expressions {
		ast.Inspect(expression, func(node ast.Node) bool {
			if _, ok := node.(*ast.FuncLit); ok {
				return false
			}
			see(node)
			return true
		})
	}
}

// runs tells whether an initialiser may do something: whether it receives, or calls what is neither new, make nor certainly a type.
func runs(expressions []ast.Expr) bool {
	found := false
	inspect(expressions, func(node ast.Node) {
		switch n := node.(type) {
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			switch function := ast.Unparen(n.Fun).(type) {
			case *ast.StarExpr, *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.FuncType, *ast.InterfaceType, *ast.StructType:
			case *ast.Ident:
				found = found || function.Name != "new" && function.Name != "make"
			default:
				found = true
			}
		}
	})
	return found
}

// calls are the functions that an initialiser calls, each once, as far as they may be of the module.
func calls(file *ast.File, expressions []ast.Expr) []string {
	var all []string
	inspect(expressions, func(node ast.Node) {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return
		}
		function := called(call)
		if !counted(file, function) {
			return
		}
		var names []string
		ast.Inspect(function, func(inner ast.Node) bool {
			if name, ok := inner.(*ast.Ident); ok {
				names = append(names, name.Name)
			}
			return true
		})
		if name := strings.Join(names, "."); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	})
	slices.Sort(all)
	return all
}

// called is the function of a call, its type arguments taken off.
func called(call *ast.CallExpr) ast.Expr {
	switch function := ast.Unparen(call.Fun).(type) {
	case *ast.IndexExpr:
		return ast.Unparen(function.X)
	case *ast.IndexListExpr:
		return ast.Unparen(function.X)
	default:
		return function
	}
}

// counted tells whether a function may be one of the module: neither built in nor of the standard library.
func counted(file *ast.File, function ast.Expr) bool {
	switch f := function.(type) {
	case *ast.Ident:
		return types.Universe.Lookup(f.Name) == nil
	case *ast.SelectorExpr:
		name, ok := f.X.(*ast.Ident)
		if !ok {
			return true
		}
		var hosts []string
		for _, spec := range file.Imports {
			local := importedName(importPath(spec))
			if spec.Name != nil {
				local = spec.Name.Name
			}
			if host, _, _ := strings.Cut(importPath(spec), "/"); local == name.Name && host != "C" {
				hosts = append(hosts, host)
			}
		}
		return len(hosts) != 1 || strings.Contains(hosts[0], ".")
	}
	return false
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
