// What is kept of a module, in a directory of its own that git does not see.

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"lightspeed"
)

// kept is the path of a file that is kept of a module.
func kept(dir, name string) string { return filepath.Join(dir, ".gobench", name) }

// makeKept makes the directory of what is kept.
func makeKept(dir string) error {
	if err := os.MkdirAll(kept(dir, ""), 0o755); err != nil {
		return err
	}
	return os.WriteFile(kept(dir, ".gitignore"), []byte("*\n"), 0o644)
}

func openStore(dir string, mode lightspeed.StoreMode) (*lightspeed.Store, error) {
	if mode == lightspeed.StoreModeWrite {
		if err := makeKept(dir); err != nil {
			return nil, err
		}
	}
	return lightspeed.OpenStore(kept(dir, "survey.db"), mode)
}

// openIndex is the survey of a module.
func openIndex(dir string) (*lightspeed.Index, error) {
	store, err := openStore(dir, lightspeed.StoreModeRead)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not surveyed: run `gobench survey` first", dir)
	}
	if err != nil {
		return nil, err
	}
	defer store.Close()
	return store.Survey()
}

func sortedKeys[K cmp.Ordered, V any](values map[K]V) []K { return slices.Sorted(maps.Keys(values)) }
