package main

import (
	"go/ast"
	"go/token"
	"math/rand/v2"
	"strings"
)

// groups calls a function for each declaration of constants, variables, types or imports, local ones too.
func groups(t *text, see func(*ast.GenDecl)) {
	ast.Inspect(t.file, func(node ast.Node) bool {
		if group, ok := node.(*ast.GenDecl); ok {
			see(group)
		}
		return true
	})
}

// separable tells whether a declaration's specs mean the same each for itself.
func separable(group *ast.GenDecl) bool {
	for _, one := range specs(group) {
		switch n := one.node.(type) {
		case *ast.ImportSpec:
			if importPath(n) == "C" {
				return false
			}
		case *ast.ValueSpec:
			if one.iota >= 0 || group.Tok == token.CONST && len(n.Values) == 0 {
				return false
			}
		}
	}
	return true
}

// groupsSplit writes `var (a = 1; b = 2)` as `var a = 1; var b = 2`.
func groupsSplit(t *text, _ *rand.Rand) []byte {
	var edits []edit
	groups(t, func(group *ast.GenDecl) {
		if !group.Lparen.IsValid() || len(group.Specs) == 0 || !separable(group) {
			return
		}
		edits = append(edits, t.cut(group.TokPos, group.Lparen+1), t.cut(group.Rparen, group.Rparen+1))
		for _, spec := range group.Specs {
			edits = append(edits, t.insert(spec.Pos(), group.Tok.String()+" "))
		}
	})
	return t.edited(edits)
}

// groupsMade writes `var a = 1` as `var (a = 1)`, and takes those that follow into the group.
func groupsMade(t *text, chance *rand.Rand) []byte {
	var edits []edit
	single := func(group *ast.GenDecl) bool {
		return !group.Lparen.IsValid() && separable(group) && !t.isDirected(group)
	}
	taken := map[*ast.GenDecl]bool{}
	for i, declaration := range t.file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || !single(group) || taken[group] {
			continue
		}
		edits = append(edits, t.insert(group.Specs[0].Pos(), "("))
		last := group
		for _, next := range t.file.Decls[i+1:] {
			following, ok := next.(*ast.GenDecl)
			if !ok || following.Tok != group.Tok || !single(following) || chance.IntN(4) == 0 {
				break
			}
			taken[following] = true
			edits = append(edits, t.cut(following.TokPos, following.Specs[0].Pos()))
			last = following
		}
		taken[group] = true
		edits = append(edits, t.insert(last.End(), "\n)"))
	}
	groups(t, func(group *ast.GenDecl) {
		if single(group) && !taken[group] && !isTop(t, group) {
			edits = append(edits, t.insert(group.Specs[0].Pos(), "("), t.insert(group.End(), "\n)"))
		}
	})
	return t.edited(edits)
}

// isDirected tells whether a directive stands before a declaration: before a group, the compiler takes none.
func (t *text) isDirected(group *ast.GenDecl) bool {
	return len(t.directives(end(t, group), group.Pos())) > 0
}

func isTop(t *text, group *ast.GenDecl) bool {
	for _, declaration := range t.file.Decls {
		if declaration == group {
			return true
		}
	}
	return false
}

// constantsRepeated writes the type and value out that a constant takes over from the one before.
func constantsRepeated(t *text, _ *rand.Rand) []byte {
	var edits []edit
	groups(t, func(group *ast.GenDecl) {
		if !isTop(t, group) {
			return
		}
		for _, one := range specs(group) {
			n, ok := one.node.(*ast.ValueSpec)
			if !ok || group.Tok != token.CONST || len(n.Values) > 0 || len(one.values) == 0 {
				continue
			}
			typed := ""
			if one.typed != nil {
				typed = " " + t.of(one.typed)
			}
			var values []string
			for _, value := range one.values {
				values = append(values, t.of(value))
			}
			edits = append(edits, t.insert(n.Names[len(n.Names)-1].End(), typed+" = "+strings.Join(values, ", ")))
		}
	})
	return t.edited(edits)
}

// importsShuffled puts the imports of each group into another order.
func importsShuffled(t *text, chance *rand.Rand) []byte {
	var edits []edit
	groups(t, func(group *ast.GenDecl) {
		if group.Tok != token.IMPORT || !separable(group) {
			return
		}
		for i, j := range chance.Perm(len(group.Specs)) {
			edits = append(edits, t.replace(group.Specs[i], t.of(group.Specs[j])))
		}
	})
	return t.edited(edits)
}

// declarationsShuffled puts functions and types into another order; what is initialised stays in its own.
func declarationsShuffled(t *text, chance *rand.Rand) []byte {
	if n := len(t.file.Decls); n > 0 && len(t.directives(t.file.Decls[n-1].End(), t.file.FileEnd)) > 0 {
		// They would come to stand before a declaration.
		return nil
	}
	var fixed, free []string
	head := t.file.Name.End()
	for _, declaration := range t.file.Decls {
		movable := false
		switch d := declaration.(type) {
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				head = d.End()
				continue
			}
			movable = d.Tok == token.TYPE
		case *ast.FuncDecl:
			movable = d.Name.Name != "_" && (d.Name.Name != "init" || d.Recv != nil)
		}
		// With all comments before it.
		piece := string(t.between(end(t, declaration), declaration.End()))
		if movable {
			free = append(free, piece)
		} else {
			fixed = append(fixed, piece)
		}
	}
	chance.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	out := string(t.between(t.file.FileStart, head))
	for len(fixed)+len(free) > 0 {
		from := &fixed
		if chance.IntN(len(fixed)+len(free)) < len(free) {
			from = &free
		}
		out += "\n" + (*from)[0]
		*from = (*from)[1:]
	}
	return []byte(out + "\n")
}

// end is where the declaration before another one ends, or the package clause.
func end(t *text, declaration ast.Decl) token.Pos {
	last := t.file.Name.End()
	for _, before := range t.file.Decls {
		if before == declaration {
			break
		}
		last = before.End()
	}
	// A semicolon belongs to what it ends.
	for t.source[t.offset(last)] == ';' {
		last++
	}
	return last
}
