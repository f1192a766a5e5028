package main

import (
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"strings"
)

// corpus lists the Go files below a directory, those of test data left out.
func corpus(root string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "testdata" {
			return filepath.SkipDir
		}
		if !entry.IsDir() && strings.HasSuffix(path, ".go") {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// sample takes a number of files by chance; zero takes all.
func sample(files []string, count int, seed uint64) []string {
	if count <= 0 || count >= len(files) {
		return files
	}
	chance := rand.New(rand.NewPCG(seed, 0))
	chance.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	return files[:count]
}
