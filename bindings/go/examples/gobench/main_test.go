package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the test binary gobench itself.
const asProgram = "GOBENCH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program is gobench as a process, and what it prints.
func program(t *testing.T, arguments ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	made := exec.CommandContext(t.Context(), must1(os.Executable())(t), arguments...)
	output := new(bytes.Buffer)
	made.Env, made.Stdout, made.Stderr = append(os.Environ(), asProgram+"=1"), output, output
	return made, output
}

func TestProgram(t *testing.T) {
	dir := copied(t, "testdata/small")
	for _, one := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{}, 1, "usage: gobench survey|select|compare"},
		{[]string{"measure"}, 1, `there is no verb "measure"`},
		{[]string{"select", "a", "b"}, 1, "one directory at a time"},
		{[]string{"select", dir}, 1, "run `gobench survey` first"},
		{[]string{"survey", dir}, 0, "13 benchmarks surveyed, 16 source files"},
		{[]string{"select", dir}, 0, "0 of 13 benchmarks affected"},
		{[]string{"compare", "-base", "nowhere", dir}, 1, "nowhere"},
		{[]string{"compare", dir}, 0, "0 of 13 benchmarks affected"},
	} {
		made, output := program(t, one.arguments...)
		_ = made.Run()
		if code := made.ProcessState.ExitCode(); code != one.code || !strings.Contains(output.String(), one.says) {
			t.Errorf("gobench %q exits with %d:\n%s", one.arguments, code, output)
		}
	}
	replace(t, dir, "text/text.go", "made.WriteString(text)", "for range 20 {\n\t\t\t\tmade.WriteString(text)\n\t\t\t}")
	made, output := program(t, "compare", "-benchtime", "5ms", "-pairs", "30", dir)
	_ = made.Run()
	if code := made.ProcessState.ExitCode(); code != slower || !strings.Contains(output.String(), "1 regressed") {
		t.Errorf("it exits with %d:\n%s", code, output)
	}
}

// An interruption ends the program and all that it started, and leaves nothing behind.
func TestInterrupted(t *testing.T) {
	dir := copied(t, "testdata/small")
	mark := "BenchmarkForEver"
	replace(t, dir, "text/text_test.go", "func BenchmarkSkipped", "func "+mark+"(b *testing.B) { for {} }\n\nfunc BenchmarkSkipped")
	made, output := program(t, "survey", dir)
	temporary := t.TempDir()
	made.Env = append(made.Env, "TMPDIR="+temporary)
	must(t, made.Start())
	waits := func() bool { return len(processes(t, "^"+mark+"$")) > 0 }
	for began := time.Now(); !waits(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("the benchmark did not begin:\n%s", output)
		}
	}
	must(t, made.Process.Signal(os.Interrupt))
	_ = made.Wait()
	if code := made.ProcessState.ExitCode(); code != 130 || !strings.Contains(output.String(), "interrupted") {
		t.Errorf("it exits with %d:\n%s", code, output)
	}
	if waits() {
		t.Error("the benchmark goes on")
	}
	if left := must1(filepath.Glob(filepath.Join(temporary, "gobench-*")))(t); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
	must(t, syscall.Access(filepath.Join(dir, "go.mod"), 0))
	if _, err := os.Stat(kept(dir, "survey.db")); err == nil {
		t.Error("part of a survey was kept")
	}
}

// processes are those with this argument.
func processes(t *testing.T, argument string) []string {
	t.Helper()
	var found []string
	for _, path := range must1(filepath.Glob("/proc/[0-9]*/cmdline"))(t) {
		line, err := os.ReadFile(path)
		if err == nil && bytes.Contains(line, []byte("\x00"+argument+"\x00")) {
			found = append(found, path)
		}
	}
	return found
}

// A benchmark that takes too long or fails is always affected, with the reason.
func TestDoubts(t *testing.T) {
	dir := copied(t, "testdata/small")
	replace(t, dir, "text/text_test.go", "func BenchmarkSkipped", "func BenchmarkForEver(b *testing.B) { for {} }\n\n"+
		"func BenchmarkFails(b *testing.B) {\n\tif b.N > 1 {\n\t\tb.Fatal(\"it has enough\")\n\t}\n}\n\nfunc BenchmarkSkipped")
	found := must1(survey(t.Context(), dir, 3*time.Second))(t)
	for benchmark, reason := range map[string]string{"text.BenchmarkForEver": "its time was up", "text.BenchmarkFails": "--- FAIL: BenchmarkFails"} {
		if doubt := found.doubts["example.test/small/"+benchmark]; !strings.HasPrefix(doubt, reason) {
			t.Errorf("%s is in doubt for %q", benchmark, doubt)
		}
	}
	if len(found.doubts) != 2 || found.benchmarks != 15 {
		t.Error(found)
	}
	replace(t, dir, "shapes/shape.go", "total += one.Area()", "total += 2 * one.Area()")
	expect(t, shortIDs(must1(affectedSince(t.Context(), dir))(t)), "shapes.BenchmarkSquares", "text.BenchmarkForEver", "text.BenchmarkFails")
}
