package main

import (
	"cmp"
	"go/ast"
	"go/token"
	"math/rand/v2"
	"strings"
)

// commentsDropped takes away comments that are mere remarks.
func commentsDropped(t *text, _ *rand.Rand) []byte {
	var edits []edit
	for _, group := range t.file.Comments {
		for _, comment := range group.List {
			if t.counts(comment) {
				continue
			}
			e := t.cut(comment.Pos(), comment.End())
			// A carriage return belongs to the line's end.
			e.text = " "
			if strings.HasPrefix(comment.Text, "/*") && t.line(comment.Pos()) != t.line(comment.End()) {
				e.text = "\n"
			}
			edits = append(edits, e)
		}
	}
	return t.edited(edits)
}

// commentsAdded puts remarks between random tokens and at ends of lines.
func commentsAdded(t *text, chance *rand.Rand) []byte {
	var edits []edit
	for _, l := range t.lexemes() {
		switch {
		case l.automatic && l.offset < len(t.source) && t.source[l.offset] == '\n' && chance.IntN(4) == 0:
			edits = append(edits, edit{l.offset, l.offset, " // a remark"})
		case !l.automatic && l.token != token.COMMENT && chance.IntN(6) == 0:
			edits = append(edits, edit{l.offset, l.offset, []string{" /* a remark */ ", " /**/"}[chance.IntN(2)]})
		}
	}
	return t.edited(edits)
}

// semicolons writes all that line ends stand for, and breaks lines elsewhere. Comments that count keep a line of their own.
func semicolons(t *text, chance *rand.Rand) []byte {
	kept := map[int]bool{}
	for _, group := range t.file.Comments {
		for _, comment := range group.List {
			kept[t.offset(comment.Pos())] = t.counts(comment)
		}
	}
	var out strings.Builder
	long, fresh := chance.IntN(2) == 0, true
	for _, l := range t.lexemes() {
		if l.token == token.COMMENT {
			if kept[l.offset] {
				if !fresh {
					out.WriteString("\n")
				}
				out.WriteString(strings.TrimRight(l.text, "\r") + "\n")
				fresh = true
			}
			continue
		}
		fresh = false
		out.WriteString(l.text)
		if long || l.endsLine() || chance.IntN(3) > 0 {
			out.WriteString(" ")
		} else {
			out.WriteString(strings.Repeat("\n", 1+chance.IntN(2)) + strings.Repeat("\t", chance.IntN(3)))
		}
	}
	return []byte(out.String())
}

// trailingCommas adds the comma that a list may end with.
func trailingCommas(t *text, _ *rand.Rand) []byte {
	commas := map[int]bool{}
	for _, l := range t.lexemes() {
		if l.token == token.COMMA {
			commas[l.offset] = true
		}
	}
	var edits []edit
	add := func(last ast.Node, closing token.Pos) {
		for at := t.offset(last.End()); at < t.offset(closing); at++ {
			if commas[at] {
				return
			}
		}
		edits = append(edits, t.insert(closing, ","))
	}
	list := func(fields *ast.FieldList) {
		if fields != nil && fields.Closing.IsValid() && len(fields.List) > 0 {
			add(fields.List[len(fields.List)-1], fields.Closing)
		}
	}
	ast.Inspect(t.file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.CallExpr:
			if len(n.Args) > 0 {
				add(n.Args[len(n.Args)-1], n.Rparen)
			}
		case *ast.CompositeLit:
			if len(n.Elts) > 0 {
				add(n.Elts[len(n.Elts)-1], n.Rbrace)
			}
		case *ast.IndexListExpr:
			add(n.Indices[len(n.Indices)-1], n.Rbrack)
		case *ast.TypeSpec:
			list(n.TypeParams)
		case *ast.FuncType:
			list(n.TypeParams)
			list(n.Params)
			list(n.Results)
		case *ast.FuncDecl:
			list(n.Recv)
		}
		return true
	})
	return t.edited(edits)
}

// fieldsSplit writes `a, b int` as `a int, b int`, in nested function types and structs too.
func fieldsSplit(t *text, _ *rand.Rand) []byte {
	for {
		var edits []edit
		separators, end := map[*ast.Field]string{}, token.NoPos
		ast.Inspect(t.file, func(node ast.Node) bool {
			if structure, ok := node.(*ast.StructType); ok {
				for _, field := range structure.Fields.List {
					separators[field] = "; "
				}
			}
			field, ok := node.(*ast.Field)
			if !ok || len(field.Names) < 2 || field.Pos() < end {
				return true
			}
			var split []string
			for _, name := range field.Names {
				split = append(split, name.Name+" "+string(t.between(field.Type.Pos(), field.End())))
			}
			separator := cmp.Or(separators[field], ", ")
			edits = append(edits, t.replace(field, strings.Join(split, separator)))
			end = field.End()
			return false
		})
		next, err := read(t.edited(edits))
		if len(edits) == 0 || err != nil {
			return t.edited(edits)
		}
		t = next
	}
}
