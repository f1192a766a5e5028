// The files of a file system.

package lightspeed

import (
	"io/fs"
	"strings"
)

// eachFile calls use with the path of every regular file that `keep` wants; nil wants those in the open.
func eachFile(fsys fs.FS, keep func(path string) bool, use func(path string) error) error {
	return fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if keep == nil && path != "." && strings.HasPrefix(entry.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return nil
		case keep == nil && strings.HasPrefix(entry.Name(), "."):
			return nil
		case keep != nil && !keep(path):
			return nil
		}
		return use(path)
	})
}
