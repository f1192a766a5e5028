// Gobench runs of a Go module's benchmarks only what a change affects, as often as it takes to know.
//
//	gobench survey  [flags] [directory]   runs every benchmark alone for coverage, once
//	gobench select  [flags] [directory]   says which benchmarks the changes since then affect, and why
//	gobench compare [flags] [directory]   runs those of the tree and of a git revision in turn, and says what became slower
//
// The directory is that of the module's go.mod, by default the current one. What gobench knows it keeps in .gobench there; compare leaves old.txt
// and new.txt in it, for benchstat. It exits with 2 where a benchmark became slower.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// slower is the exit code that says that a benchmark became slower.
const slower = 2

const usage = "usage: gobench survey|select|compare [flags] [directory]; gobench VERB -h lists the flags of a verb"

// verb is one of the things that gobench does.
type verb func(ctx context.Context, flags *flag.FlagSet, arguments []string) (code int, err error)

var verbs = map[string]verb{"survey": surveyVerb, "select": selectVerb, "compare": compareVerb}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second one ends the program at once.
	context.AfterFunc(ctx, stop)
	code, err := gobench(ctx, os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "gobench: interrupted")
		code = 130
	case err != nil:
		fmt.Fprintln(os.Stderr, "gobench:", err)
		code = 1
	}
	os.Exit(code)
}

func gobench(ctx context.Context, arguments []string) (int, error) {
	if len(arguments) == 0 {
		return 0, errors.New(usage)
	}
	run, found := verbs[arguments[0]]
	if !found {
		return 0, fmt.Errorf("there is no verb %q; %s", arguments[0], usage)
	}
	return run(ctx, flag.NewFlagSet("gobench "+arguments[0], flag.ContinueOnError), arguments[1:])
}

func surveyVerb(ctx context.Context, flags *flag.FlagSet, arguments []string) (int, error) {
	limit := flags.Duration("timeout", time.Minute, "the time that a run of a benchmark may take")
	dir, err := parse(flags, arguments)
	if err != nil {
		return 0, err
	}
	made, err := survey(ctx, dir, *limit)
	if err != nil {
		return 0, err
	}
	fmt.Println(made)
	return 0, nil
}

func selectVerb(ctx context.Context, flags *flag.FlagSet, arguments []string) (int, error) {
	dir, err := parse(flags, arguments)
	if err != nil {
		return 0, err
	}
	found, err := affectedSince(ctx, dir)
	if err != nil {
		return 0, err
	}
	fmt.Print(found)
	return 0, nil
}

func compareVerb(ctx context.Context, flags *flag.FlagSet, arguments []string) (int, error) {
	var options compareOptions
	flags.StringVar(&options.base, "base", "HEAD", "the git revision to compare with")
	flags.DurationVar(&options.benchtime, "benchtime", 100*time.Millisecond, "how long each process runs its benchmark")
	flags.IntVar(&options.experiment.Pairs, "pairs", 60, "at most so many pairs of processes a benchmark")
	flags.Float64Var(&options.experiment.Margin, "margin", 0.02, "the share up to which a change does not matter; negative for none")
	flags.Float64Var(&options.experiment.Alpha, "alpha", 0.05, "the probability of calling a change where there is none")
	flags.Uint64Var(&options.experiment.Seed, "seed", 0, "decides the order of the runs; 0 for any")
	flags.DurationVar(&options.experiment.Budget, "budget", 0, "the time that all runs may take together; 0 for any")
	flags.DurationVar(&options.timeout, "timeout", time.Minute, "the time that a run of a benchmark may take")
	dir, err := parse(flags, arguments)
	if err != nil {
		return 0, err
	}
	found, err := compare(ctx, dir, options)
	if found == nil {
		return 0, err
	}
	// What was found before an interruption is shown too.
	fmt.Print(found.text(context.WithoutCancel(ctx), columns(os.Stdout)))
	if err == nil && found.isSlower() {
		return slower, nil
	}
	return 0, err
}

// parse reads flags and the module's directory.
func parse(flags *flag.FlagSet, arguments []string) (string, error) {
	if err := flags.Parse(arguments); err != nil {
		return "", err
	}
	if flags.NArg() > 1 {
		return "", fmt.Errorf("one directory at a time, not %q (flags stand before it)", flags.Args())
	}
	dir, err := filepath.Abs(flags.Arg(0))
	if err != nil {
		return "", err
	}
	// The names that the go command gives have no symbolic links in them.
	return filepath.EvalSymlinks(dir)
}
