package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"
)

func rulesOf(t *testing.T, source string) *Reference {
	t.Helper()
	read, err := read([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return trace(read)
}

// TestBlocks holds the rules of blocks in small: `id first-last` each.
func TestBlocks(t *testing.T) {
	for _, test := range []struct{ source, blocks string }{
		{"func f() {\n}\nfunc g()\n", "f 2-3, g 4-4"},
		{"func init() {}\nfunc init() {}\nfunc _() {}\nfunc _() {}\n", "init 2-2, init#2 3-3, _ 4-4, _#2 5-5"},
		{"func (t *T) a() {}\nfunc (u (T)) b() {}\nfunc (*G[K, V]) c() {}", "T 2-2, T.a 2-2, T.b 3-3, G 4-4, G.c 4-4"},
		{"func f() {\n\tif a {\n\t} else if b {\n\t} else if c {\n\t} else {\n\t}\n}", "f 2-8, f/if[0] 3-4, f/if[0].elif[0] 4-5, f/if[0].elif[1] 5-6, f/if[0].else 6-7"},
		{"func f() {\n\tfor {\n\t\tif a {\n\t\t}\n\t}\n\tfor range x {\n\t}\n}", "f 2-9, f/for[0] 3-6, f/for[0]/if[0] 4-5, f/for[1] 7-8"},
		{"func f() {\n\tswitch x {\n\tcase 1:\n\t\ta()\n\n\tdefault:\n\t}\n\tswitch x.(type) {\n\tcase int:\n\t}\n}",
			"f 2-12, f/switch[0].case[0] 4-5, f/switch[0].case[1] 7-7, f/switch[1].case[0] 10-10"},
		{"func f() {\n\tselect {\n\tcase <-c:\n\t\tgo func() {\n\t\t}()\n\t}\n}", "f 2-8, f/select[0].case[0] 4-6, f/select[0].case[0]/func[0] 5-6"},
		{"func f() {\n\tif func() bool {\n\t}() {\n\t}\n\t{\n\t\tgo func() {}()\n\t}\nx:\n\tif a {\n\t}\n}", "f 2-12, f/func[0] 3-4, f/if[0] 4-5, f/func[1] 7-7, f/if[1] 10-11"},
		{"var x = func() {\n\tif a {\n\t}\n}", "x/func[0] 2-5, x/func[0]/if[0] 3-4"},
	} {
		var found []string
		for _, b := range rulesOf(t, "package p\n"+test.source).Blocks[1:] {
			found = append(found, fmt.Sprintf("%s %d-%d", b.ID, b.First, b.Last))
		}
		if all := strings.Join(found, ", "); all != test.blocks {
			t.Errorf("%s\nexpected %s\nfound    %s", test.source, test.blocks, all)
		}
	}
}

// TestDefinitions holds the rules of definitions in small: `scope kind binds first-last` each.
func TestDefinitions(t *testing.T) {
	for _, test := range []struct{ source, definitions string }{
		{"import \"a/b\"\nimport (\n\tc \"d\"\n\t. \"e\"\n\t_ \"f\"\n)", "import [b] 2-2, import [c] 4-4, star [] 5-5, effect [] 6-6"},
		{"import \"a/v2\"\nimport \"gopkg.in/b.v3\"\nimport \"C\"", "import [a] 2-2, import [b] 3-3, effect [] 4-4"},
		{"const a, b = 1, 2\nvar (\n\tc = 1\n\td, _ int\n)", "binding [a b] 2-2, binding [c] 4-4, binding [d] 5-5"},
		{"var _ = f()\nvar _ I = (*T)(nil)\nvar _ = new(T)\nvar _ = x", "effect [] 2-2"},
		{"type T struct {\n\ta int\n}\ntype U = T", "binding [T] 2-4, binding [U] 5-5"},
		{"func f() {\n}\nfunc init() {}\nfunc (t T) m() {}", "binding [f] 2-3, effect [] 4-4, T binding [m] 5-5"},
	} {
		var found []string
		for _, d := range rulesOf(t, "package p\n"+test.source).Definitions[1:] {
			found = append(found, strings.TrimPrefix(fmt.Sprintf("%s %s %v %d-%d", d.Scope, d.Kind, d.Binds, d.First, d.Last), "<module> "))
		}
		if all := strings.Join(found, ", "); all != test.definitions {
			t.Errorf("%s\nexpected %s\nfound    %s", test.source, test.definitions, all)
		}
	}
}

// TestForms holds which spellings are one and which are not.
func TestForms(t *testing.T) {
	for _, test := range []struct {
		a, b  string
		equal bool
	}{
		{"f(0x10, 'a', \"b\", 1e3)", "f(1_6, '\\x61', `b`, 1000.)", true},
		{"f(1)", "f(1.0)", false},
		{"f('a')", "f(97)", false},
		{"f((a), (b + c) * d)", "f(a, (b + c) * d)", true},
		{"f((b + c) * d)", "f(b + c * d)", false},
		{"for ; a; {}", "for a {}", true},
		{"for k, _ := range a {}", "for k := range a {}", false},
		{"var (a int; b int)", "var a int; var b int", true},
		{"const (a = iota; b)", "const (a = iota; b = iota)", true},
		{"const (a = iota; b)", "const a = iota; const b = iota", false},
		{"const (a = 1; b)", "const a = 1; const b = 1", true},
		{"f(xs...)", "f(xs)", false},
		{"type a = b", "type a b", false},
		{"var a func(b, c int)", "var a func(b int, c (int)) ()", true},
		{"return; ;", "return", true},
		{"{ f() }", "f()", false},
	} {
		a, b := rulesOf(t, "package p; func f() {"+test.a+"}"), rulesOf(t, "package p; func f() {"+test.b+"}")
		if (a.Blocks[1].Form == b.Blocks[1].Form) != test.equal {
			t.Errorf("%s and %s: equal is to be %v\n%s\n%s", test.a, test.b, test.equal, a.Blocks[1].Form, b.Blocks[1].Form)
		}
	}
}

// TestMentions holds what a block is expected to mention: what is declared outside of it.
func TestMentions(t *testing.T) {
	source := "package p\n" +
		"type T struct{ a int }\n" +
		"const N = 1\n" +
		"var x = 2\n" +
		"func (t *T) f(b int) int {\n" +
		"\tx := x + b\n" +
		"\tif x > N {\n\t\treturn T{a: x}.a\n\t}\n" +
		"\treturn t.a\n}\n"
	rules := rulesOf(t, source)
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	pkg, err := (&types.Config{}).Check("p", rules.Text.set, []*ast.File{rules.Text.file}, info)
	if err != nil {
		t.Fatal(err)
	}
	expected := meaning{pkg, info.Uses}.expected(rules.Text, rules)
	for at, want := range map[holder]string{
		{"T.f", -1}:       "attribute a, global N, global T, global int, global x",
		{"T.f/if[0]", -1}: "attribute a, global T",
		{"", 2}:           "",
		{"", 4}:           "global T, global int",
	} {
		must := ""
		if e := expected[at]; e != nil {
			must = strings.Join(slices.Sorted(maps.Keys(e.must)), ", ")
		}
		if must != want {
			t.Errorf("%v: expected %s, found %s", at, want, must)
		}
	}
}

// TestLexemes holds that the semicolons of a source written out give the same source.
func TestLexemes(t *testing.T) {
	read, err := read([]byte("package p\n\nvar x = 1 // one\n"))
	if err != nil {
		t.Fatal(err)
	}
	automatic := 0
	for _, l := range read.lexemes() {
		if l.automatic && l.token == token.SEMICOLON {
			automatic++
		}
	}
	if automatic != 2 {
		t.Errorf("%d semicolons", automatic)
	}
}
