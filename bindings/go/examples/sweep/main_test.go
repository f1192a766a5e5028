// What the example prints, whatever the machine is like.

package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestSweep(t *testing.T) {
	var out strings.Builder
	if err := sweep(&out, 6, 1<<20); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 1+10+2 {
		t.Fatalf("%d lines:\n%s", len(lines), out.String())
	}
	gain := `[0-9.]+ \[[0-9.]+, [0-9.]+\]`
	for place, pattern := range map[int]string{
		1:  `^block=1024,workers=1 +[0-9.]+ ms +1\.00 \[1\.00, 1\.00\] +1\.00 \[1\.00, 1\.00\]$`,
		10: `^block=65536,workers=8 +[0-9.]+ ms +` + gain + ` +` + gain + `$`,
		11: `^blocks of 1024: (cannot tell .+|no law .+|Amdahl's law, .+|Gunther's law, .+|[a-z]+)$`,
		12: `^blocks of 65536: (cannot tell .+|no law .+|Amdahl's law, .+|Gunther's law, .+|[a-z]+)$`,
	} {
		if !regexp.MustCompile(pattern).MatchString(lines[place]) {
			t.Errorf("%q does not match %s", lines[place], pattern)
		}
	}
}
