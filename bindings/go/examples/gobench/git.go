// The tree of a git revision, beside the one that is worked on.

package main

import (
	"context"
	"path/filepath"
	"strings"
)

// checkout is a git worktree.
type checkout struct {
	repository, top string
	// dir is the module's directory in it.
	dir string
}

// checkOut checks a revision out, in a directory that is not there yet.
func checkOut(ctx context.Context, module, revision, to string) (*checkout, error) {
	prefix, err := command(ctx, module, "git", "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	// Ended half way it would leave an entry that git keeps locked.
	if _, err := command(context.WithoutCancel(ctx), module, "git", "worktree", "add", "--quiet", "--detach", to, revision); err != nil {
		return nil, err
	}
	below := filepath.FromSlash(strings.TrimSpace(string(prefix)))
	return &checkout{repository: module, top: to, dir: filepath.Join(to, below)}, nil
}

// remove takes the worktree away, also after an interruption.
func (c *checkout) remove(ctx context.Context) error {
	_, err := command(context.WithoutCancel(ctx), c.repository, "git", "worktree", "remove", "--force", c.top)
	return err
}
