// A Go module on disk: its packages with benchmarks, and what they are built from.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// module is a module. All paths of files are relative to its directory, separated by '/'.
type module struct {
	dir, path string
	// suites are its packages with benchmarks, in the order of their import paths.
	suites []suite
}

// suite is a package with benchmarks.
type suite struct {
	importPath string
	// dir is relative to the module's.
	dir string
	// functions are the files of each benchmark function; two where the package and its external test both have it.
	functions map[string][]string
	// needs are files that all benchmarks depend on as a whole: what is compiled or embedded
	// beside Go sources, and what says with what it is built.
	needs []string
}

// listed is what `go list` says of a package.
type listed struct {
	Dir, ImportPath, ForTest                 string
	Module                                   *struct{ Dir, Path string }
	Standard                                 bool
	Deps                                     []string
	GoFiles, CgoFiles                        []string
	TestGoFiles, XTestGoFiles                []string
	EmbedFiles, TestEmbedFiles               []string
	XTestEmbedFiles                          []string
	CFiles, CXXFiles, MFiles, HFiles, FFiles []string
	SFiles, SwigFiles, SwigCXXFiles          []string
	SysoFiles                                []string
}

const fields = "-json=Dir,ImportPath,ForTest,Module,Standard,Deps,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,EmbedFiles,TestEmbedFiles,XTestEmbedFiles," +
	"CFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,SysoFiles"

// isBelow says whether the package lies below a directory: it is of the module there, vendored, or of another module within.
func (l listed) isBelow(dir string) bool {
	return !l.Standard && strings.HasPrefix(l.Dir, dir+string(filepath.Separator)) || l.Dir == dir
}

// isOf says whether it is of the module of a directory.
func (l listed) isOf(dir string) bool { return l.Module != nil && l.Module.Dir == dir }

// readModule says what a directory with a go.mod holds.
func readModule(ctx context.Context, dir string) (*module, error) {
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		return nil, fmt.Errorf("%s is no module: give the directory of a go.mod", dir)
	}
	output, err := command(ctx, dir, "go", "list", "-deps", "-test", fields, "./...")
	if err != nil {
		return nil, err
	}
	packages := map[string]listed{}
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var one listed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("what go list prints of %s cannot be read: %w", dir, err)
		}
		if one.isBelow(dir) {
			packages[one.ImportPath] = one
		}
	}
	found := &module{dir: dir}
	for _, importPath := range slices.Sorted(maps.Keys(packages)) {
		one := packages[importPath]
		// The others are vendored, or variants that are built for a test.
		if !one.isOf(dir) || one.ForTest != "" || strings.HasSuffix(importPath, ".test") {
			continue
		}
		found.path = one.Module.Path
		suite, err := found.suite(one, packages)
		if err != nil {
			return nil, err
		}
		if len(suite.functions) > 0 {
			found.suites = append(found.suites, suite)
		}
	}
	return found, nil
}

func (m *module) suite(of listed, packages map[string]listed) (suite, error) {
	made := suite{importPath: of.ImportPath, dir: m.relative(of.Dir), functions: map[string][]string{}}
	for _, name := range slices.Concat(of.TestGoFiles, of.XTestGoFiles) {
		functions, err := benchmarkFunctions(filepath.Join(of.Dir, name))
		if err != nil {
			return made, err
		}
		for _, function := range functions {
			made.functions[function] = append(made.functions[function], path.Join(made.dir, name))
		}
	}
	if len(made.functions) == 0 {
		return made, nil
	}
	needs := map[string]bool{}
	for _, files := range [][]string{of.TestEmbedFiles, of.XTestEmbedFiles} {
		m.need(needs, of.Dir, files)
	}
	for _, dependency := range packages[of.ImportPath+".test"].Deps {
		one, found := packages[dependency]
		if !found {
			continue
		}
		// Coverage is of the module's own packages only.
		if !one.isOf(m.dir) {
			m.need(needs, one.Dir, slices.Concat(one.GoFiles, one.CgoFiles))
		}
		for _, files := range [][]string{
			one.EmbedFiles, one.CFiles, one.CXXFiles, one.MFiles, one.HFiles, one.FFiles, one.SFiles, one.SwigFiles, one.SwigCXXFiles, one.SysoFiles,
		} {
			m.need(needs, one.Dir, files)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "vendor/modules.txt"} {
		if _, err := os.Stat(filepath.Join(m.dir, name)); err == nil {
			needs[name] = true
		}
	}
	made.needs = slices.Sorted(maps.Keys(needs))
	return made, nil
}

func (m *module) need(needs map[string]bool, dir string, files []string) {
	for _, name := range files {
		needs[m.relative(filepath.Join(dir, name))] = true
	}
}

// relative is a path relative to the module's directory.
func (m *module) relative(name string) string {
	relative, err := filepath.Rel(m.dir, name)
	if err != nil {
		return filepath.ToSlash(name)
	}
	return filepath.ToSlash(relative)
}

// benchmarkFunctions are the benchmark functions of a file.
func benchmarkFunctions(name string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, declaration := range file.Decls {
		if function, is := declaration.(*ast.FuncDecl); is && function.Recv == nil && isBenchmark(function.Name.Name) {
			found = append(found, function.Name.Name)
		}
	}
	return found, nil
}

// isBenchmark says whether go test takes a function of this name for a benchmark.
func isBenchmark(name string) bool {
	rest, is := strings.CutPrefix(name, "Benchmark")
	next, _ := utf8.DecodeRuneInString(rest)
	return is && (rest == "" || !unicode.IsLower(next))
}
