package main

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// text is a source with the syntax tree that go/parser makes of it.
type text struct {
	source []byte
	file   *ast.File
	set    *token.FileSet
	tokens *token.File
}

// read parses a source, comments included.
func read(source []byte) (*text, error) {
	return readInto(token.NewFileSet(), "source.go", source)
}

// readInto parses a source of a name as one of a set.
func readInto(set *token.FileSet, name string, source []byte) (*text, error) {
	file, err := parser.ParseFile(set, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &text{source, file, set, set.File(file.FileStart)}, nil
}

// offset is where a position stands in the source.
func (t *text) offset(pos token.Pos) int { return t.tokens.Offset(pos) }

// line is the line of a position, whatever a line directive says.
func (t *text) line(pos token.Pos) int { return t.tokens.PositionFor(pos, false).Line }

// of is the source of a node.
func (t *text) of(node ast.Node) string { return string(t.between(node.Pos(), node.End())) }

func (t *text) between(start, end token.Pos) []byte {
	return t.source[t.offset(start):t.offset(end)]
}

// usesC tells whether the file is one for cgo.
func (t *text) usesC() bool {
	return slices.ContainsFunc(t.file.Imports, func(spec *ast.ImportSpec) bool { return importPath(spec) == "C" })
}

// counts tells whether a comment is more than a remark: a directive, a build constraint or the preamble of import "C".
func (t *text) counts(comment *ast.Comment) bool {
	if isDirective(comment) {
		return true
	}
	if comment.Pos() < t.file.Package {
		if strings.HasPrefix(comment.Text, "//go:build ") {
			return true
		}
		after, ok := strings.CutPrefix(comment.Text, "//")
		return ok && strings.HasPrefix(strings.TrimSpace(after), "+build")
	}
	return t.inPreamble(comment)
}

func (t *text) inPreamble(comment *ast.Comment) bool {
	for _, declaration := range t.file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.IMPORT {
			continue
		}
		for _, spec := range group.Specs {
			if slices.Contains(t.preamble(group, spec.(*ast.ImportSpec)), comment) {
				return true
			}
		}
	}
	return false
}

// preamble are the comments that stand before an import of "C", more than cgo reads: from the declaration before it on.
func (t *text) preamble(group *ast.GenDecl, spec *ast.ImportSpec) []*ast.Comment {
	if importPath(spec) != "C" {
		return nil
	}
	start, within := end(t, group), group.Pos()
	for _, other := range group.Specs {
		if other.Pos() < spec.Pos() {
			within = other.End()
		}
	}
	var all []*ast.Comment
	for _, comments := range t.file.Comments {
		for _, comment := range comments.List {
			at := comment.Pos()
			if start <= at && at < group.Pos() || within <= at && at < spec.Pos() {
				all = append(all, comment)
			}
		}
	}
	return all
}

// isDirective tells whether a comment is one that the compiler or cgo reads for the declaration after it.
func isDirective(comment *ast.Comment) bool {
	text := comment.Text
	for _, other := range []string{"//go:build", "//go:generate"} {
		if strings.HasPrefix(text, other) {
			return false
		}
	}
	return strings.HasPrefix(text, "//go:") || strings.HasPrefix(text, "//export ")
}

// directives are those between two positions.
func (t *text) directives(start, end token.Pos) []string {
	var lines []string
	for _, group := range t.file.Comments {
		for _, comment := range group.List {
			if isDirective(comment) && start <= comment.Pos() && comment.Pos() < end {
				lines = append(lines, strings.TrimRight(comment.Text, " \t\r"))
			}
		}
	}
	return lines
}

// edit replaces a part of a source.
type edit struct {
	start, end int
	text       string
}

// replace is the edit that puts a text in the place of a node.
func (t *text) replace(node ast.Node, text string) edit {
	return edit{t.offset(node.Pos()), t.offset(node.End()), text}
}

// cut is the edit that takes a part away.
func (t *text) cut(start, end token.Pos) edit { return edit{t.offset(start), t.offset(end), ""} }

// insert is the edit that puts a text before a position.
func (t *text) insert(pos token.Pos, text string) edit {
	return edit{t.offset(pos), t.offset(pos), text}
}

// edited applies edits that do not overlap; insertions at one place stay in the order given.
func (t *text) edited(edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(t.source[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(t.source[at:])
	return out.Bytes()
}

// lexeme is a token of a source; automatic are the semicolons that a line's end stands for.
type lexeme struct {
	offset    int
	token     token.Token
	text      string
	automatic bool
}

// lexemes are the tokens of a source, comments among them.
func (t *text) lexemes() []lexeme {
	var all []lexeme
	var s scanner.Scanner
	set := token.NewFileSet()
	file := set.AddFile("source.go", -1, len(t.source))
	s.Init(file, t.source, nil, scanner.ScanComments)
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			return all
		}
		one := lexeme{file.Offset(pos), kind, literal, false}
		if kind == token.SEMICOLON {
			one.text, one.automatic = ";", literal == "\n"
		} else if literal == "" {
			one.text = kind.String()
		}
		all = append(all, one)
	}
}

// endsLine tells whether a semicolon is implied where a line ends after the token.
func (l lexeme) endsLine() bool {
	switch l.token {
	case token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN, token.INC, token.DEC, token.RPAREN, token.RBRACK, token.RBRACE:
		return true
	}
	return l.token == token.IDENT || l.token.IsLiteral()
}
