// Processes, which end with the context and take what they started with them.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// started is a command in a process group of its own, which the end of the context kills.
func started(ctx context.Context, dir, name string, arguments ...string) *exec.Cmd {
	made := exec.CommandContext(ctx, name, arguments...)
	made.Dir = dir
	made.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	made.Cancel = func() error { return syscall.Kill(-made.Process.Pid, syscall.SIGKILL) }
	// What keeps the pipes open after that is not waited for.
	made.WaitDelay = time.Second
	return made
}

// command is what a command prints; its error is what it says.
func command(ctx context.Context, dir, name string, arguments ...string) ([]byte, error) {
	var output, errors bytes.Buffer
	made := started(ctx, dir, name, arguments...)
	made.Stdout, made.Stderr = &output, &errors
	if err := made.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		said := strings.TrimSpace(errors.String() + "\n" + output.String())
		return nil, fmt.Errorf("%s %s in %s: %w\n%s", name, strings.Join(arguments, " "), dir, err, said)
	}
	return output.Bytes(), nil
}

// errTimeout is that of a run whose time was up.
var errTimeout = errors.New("its time was up")

// within runs something with a limit, and says by [errTimeout] that it was reached.
func within[T any](ctx context.Context, limit time.Duration, run func(context.Context) (T, error)) (T, error) {
	limited, cancel := context.WithTimeoutCause(ctx, limit, errTimeout)
	defer cancel()
	return run(limited)
}
