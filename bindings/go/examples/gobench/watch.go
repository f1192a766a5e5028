// Which files of a module a process opens, as the system tells: also what initialisation opens, and processes that it starts.

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
)

// watch watches the directories of a module.
type watch struct {
	descriptor int
	// dirs are relative to the module's, by the number of their watch.
	dirs map[int32]string
}

// newWatch begins to watch a module.
func newWatch(module *module) (*watch, error) {
	descriptor, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("opened files cannot be watched: %w", err)
	}
	made := &watch{descriptor: descriptor, dirs: map[int32]string{}}
	err = filepath.WalkDir(module.dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name != module.dir && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		number, err := syscall.InotifyAddWatch(descriptor, name, syscall.IN_OPEN)
		if err != nil {
			return fmt.Errorf("files opened in %s cannot be watched (fs.inotify.max_user_watches is the limit): %w", name, err)
		}
		made.dirs[int32(number)] = module.relative(name)
		return nil
	})
	if err != nil {
		made.close()
		return nil, err
	}
	return made, nil
}

// errUncounted is that of more opened files than the system keeps.
var errUncounted = errors.New("it opens more files than can be watched")

// taken are the files that were opened since the last time, relative to the module.
func (w *watch) taken() ([]string, error) {
	found := map[string]bool{}
	overflowed := false
	for buffer := make([]byte, 1<<16); ; {
		count, err := syscall.Read(w.descriptor, buffer)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if errors.Is(err, syscall.EAGAIN) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("opened files cannot be watched: %w", err)
		}
		for rest := buffer[:count]; len(rest) >= syscall.SizeofInotifyEvent; {
			// The fields: number of the watch, mask, cookie, length of the name that follows, ended by zeros.
			number, mask := int32(binary.NativeEndian.Uint32(rest)), binary.NativeEndian.Uint32(rest[4:])
			end := syscall.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(rest[12:]))
			name := strings.TrimRight(string(rest[syscall.SizeofInotifyEvent:end]), "\x00")
			overflowed = overflowed || mask&syscall.IN_Q_OVERFLOW != 0
			if dir, known := w.dirs[number]; known && name != "" && mask&syscall.IN_ISDIR == 0 {
				found[filepath.ToSlash(filepath.Join(dir, name))] = true
			}
			rest = rest[end:]
		}
	}
	if overflowed {
		return nil, errUncounted
	}
	return sortedKeys(found), nil
}

func (w *watch) close() error { return syscall.Close(w.descriptor) }
