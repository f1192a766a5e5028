// What the tests share: modules in folders of their own, and git.

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// limit is the time that a run of a benchmark may take.
const limit = time.Minute

// copied is a copy of a directory, committed.
func copied(t *testing.T, from string) string {
	t.Helper()
	dir := must1(filepath.EvalSymlinks(t.TempDir()))(t)
	must(t, os.CopyFS(dir, os.DirFS(from)))
	// Those of the module cache are not to be written.
	must(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chmod(path, map[bool]os.FileMode{true: 0o755, false: 0o644}[entry.IsDir()])
	}))
	git(t, dir, "init", "--quiet")
	commit(t, dir)
	return dir
}

// small is a copy of the small module, surveyed.
func small(t *testing.T) string {
	t.Helper()
	dir := copied(t, "testdata/small")
	found := must1(survey(t.Context(), dir, limit))(t)
	if found.benchmarks != 13 || len(found.doubts) != 0 {
		t.Fatal(found)
	}
	return dir
}

func commit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message", "work")
}

func git(t *testing.T, dir string, arguments ...string) string {
	t.Helper()
	made := exec.Command("git", arguments...)
	made.Dir = dir
	made.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.invalid", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.invalid")
	output, err := made.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", arguments, err, output)
	}
	return string(output)
}

// replace replaces a text that stands once in a file, for as long as the test runs.
func replace(t *testing.T, dir, name, old, new string) {
	t.Helper()
	path := filepath.Join(dir, name)
	before := must1(os.ReadFile(path))(t)
	if count := strings.Count(string(before), old); count != 1 {
		t.Fatalf("%q stands %d times in %s", old, count, name)
	}
	must(t, os.WriteFile(path, bytes.Replace(before, []byte(old), []byte(new), 1), 0o644))
	t.Cleanup(func() { must(t, os.WriteFile(path, before, 0o644)) })
}

// expect fails unless both hold the same, in any order.
func expect(t *testing.T, found []string, wanted ...string) bool {
	t.Helper()
	found, wanted = slices.Sorted(slices.Values(found)), slices.Sorted(slices.Values(wanted))
	same := slices.Equal(found, wanted)
	if !same {
		t.Errorf("these are\n  %s\nand not\n  %s", strings.Join(found, "\n  "), strings.Join(wanted, "\n  "))
	}
	return same
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must1 is the value of a call that succeeds: must1(call())(t).
func must1[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return value
	}
}
