package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	for benchmark, wanted := range map[string]string{
		"BenchmarkA":             "^BenchmarkA$",
		"BenchmarkA/b.c/d#01":    `^BenchmarkA$/^b\.c$/^d#01$`,
		"BenchmarkA/n=[1](2)|_3": `^BenchmarkA$/^n=\[1\]\(2\)\|_3$`,
	} {
		found := pattern(benchmark)
		if found != wanted {
			t.Errorf("%s is matched by %s", benchmark, found)
		}
		for place, element := range strings.Split(benchmark, "/") {
			if !regexp.MustCompile(strings.Split(found, "/")[place]).MatchString(element) {
				t.Errorf("%s does not match %s", found, benchmark)
			}
		}
	}
}

const printed = "goos: linux\npkg: example.test/a.b\n" +
	"\x16=== RUN   BenchmarkA\nBenchmarkA\nBenchmarkA-P \t 10\t 250 ns/op\t 3 B/op\n" +
	"\x16=== RUN   BenchmarkB\nBenchmarkB\n\x16=== RUN   BenchmarkB/c-2\nBenchmarkB/c-2\nit says\x16=== RUN   BenchmarkB/d\nBenchmarkB/d\n" +
	"BenchmarkB/c-2-P \t 1\t 1000000 ns/op\n" +
	"\x16=== RUN   BenchmarkS\n\x16--- SKIP: BenchmarkS\nPASS\n"

func TestRead(t *testing.T) {
	suffix := "-" + strconv.Itoa(processors())
	if processors() == 1 {
		suffix = ""
	}
	found := read([]byte(strings.ReplaceAll(printed, "-P", suffix)))
	expect(t, found.leaves(), "BenchmarkA", "BenchmarkB/c-2", "BenchmarkB/d", "BenchmarkS")
	result := must1(found.of("BenchmarkB/c-2"))(t)
	if took, _ := seconds(result); took != 1e-3 || result.GetConfig("pkg") != "example.test/a.b" {
		t.Errorf("it took %g: %+v", took, result)
	}
	if times := benchtime(result); times != "50ms" {
		t.Errorf("it is traced for %s", times)
	}
	result.Values[0].Value = 1
	if times := benchtime(result); times != "2x" {
		t.Errorf("it is traced for %s", times)
	}
	if _, err := found.of("BenchmarkB/d"); err == nil || !strings.Contains(err.Error(), "skipped") {
		t.Error(err)
	}
}

func TestIDs(t *testing.T) {
	for _, importPath := range []string{"example.test", "gopkg.in/a.v2/b"} {
		for _, benchmark := range []string{"Benchmark", "BenchmarkA/b.c", "Benchmark_a/example.test/b.BenchmarkA"} {
			if before, after := split(id(importPath, benchmark)); before != importPath || after != benchmark {
				t.Errorf("%s and %s", before, after)
			}
		}
	}
}
