//go:build !lightspeed_pkgconfig

// How programs are linked.

package lightspeed_test

import (
	"debug/elf"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestStatic: a program is one file, and asks for no library of ours.
func TestStatic(t *testing.T) {
	program := must1(elf.Open(must1(os.Executable())(t)))(t)
	defer program.Close()
	libraries := must1(program.ImportedLibraries())(t)
	if slices.ContainsFunc(libraries, func(name string) bool { return strings.Contains(name, "lightspeed") }) || len(libraries) == 0 {
		t.Errorf("this program needs %v", libraries)
	}
}
