// The affected benchmarks of two trees, run in turn until it is known whether they differ.

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lightspeed"
)

// compareOptions say what to compare with, and at what cost.
type compareOptions struct {
	base               string
	benchtime, timeout time.Duration
	experiment         lightspeed.ExperimentOptions
}

// comparison is what came of the affected benchmarks.
type comparison struct {
	affected affected
	// compared are in the order of packages and benchmarks.
	compared []compared
	// left are benchmarks that are not in both trees, with the reason.
	left map[string]string
	// old and new are the paths of the samples.
	old, new string
	// alpha is that of the intervals.
	alpha float64
}

// compared is a benchmark of both trees.
type compared struct {
	id string
	// name is how benchstat calls it.
	name   string
	result lightspeed.Result
	// message is why there is no verdict.
	message string
}

// isSlower says whether a benchmark became slower.
func (c *comparison) isSlower() bool {
	return slices.ContainsFunc(c.compared, func(one compared) bool { return one.result.IsRegression() })
}

// summary is what came of all, in words.
func (c *comparison) summary() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d of %d benchmarks affected", len(c.affected.reasons), c.affected.surveyed)
	counts := map[string]int{}
	for _, one := range c.compared {
		counts[one.cells()[6]]++
	}
	separator := ": "
	for _, verdict := range sortedKeys(counts) {
		fmt.Fprintf(&text, "%s%d %s", separator, counts[verdict], verdict)
		separator = ", "
	}
	text.WriteString("\n")
	for _, one := range c.compared {
		if one.message != "" {
			fmt.Fprintf(&text, "%s: %s\n", one.id, one.message)
		}
	}
	for _, one := range sortedKeys(c.left) {
		fmt.Fprintf(&text, "%s was not run: %s\n", one, c.left[one])
	}
	for _, one := range c.affected.unknown {
		fmt.Fprintf(&text, "%s is new: survey again\n", one)
	}
	return text.String()
}

// compare runs the affected benchmarks of the tree and of a git revision. After an interruption it gives what was found so far, besides the error.
func compare(ctx context.Context, dir string, options compareOptions) (found *comparison, err error) {
	shown := newProgress(os.Stderr)
	defer shown.end()
	index, err := openIndex(dir)
	if err != nil {
		return nil, err
	}
	defer index.Close()
	temporary, err := os.MkdirTemp("", "gobench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	shown.say("checking out %s", options.base)
	base, err := checkOut(ctx, dir, options.base, filepath.Join(temporary, "base"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, base.remove(ctx)) }()

	// The survey may be of neither tree: what differs between them differs from it in at least one.
	affected, err := affectedIn(ctx, index, dir, base.dir)
	if err != nil {
		return nil, err
	}
	trees := [2]tree{{dir: base.dir}, {dir: dir}}
	for side := range trees {
		shown.say("reading the module of %s", trees[side].dir)
		if err := trees[side].open(ctx, affected, filepath.Join(temporary, sideNames[side]), shown); err != nil {
			return nil, err
		}
	}
	if err := affected.findUnknown(index, trees[1].module); err != nil {
		return nil, err
	}
	found = &comparison{affected: affected, left: map[string]string{}, old: kept(dir, "old.txt"), new: kept(dir, "new.txt"), alpha: options.experiment.Alpha}
	return found, found.run(ctx, trees, options, shown)
}

// run runs what both trees have.
func (c *comparison) run(ctx context.Context, trees [2]tree, options compareOptions, shown *progress) error {
	var ids []string
	for _, one := range sortedKeys(c.affected.reasons) {
		before, after := trees[0].has(one), trees[1].has(one)
		switch {
		case before && after:
			ids = append(ids, one)
		case after:
			c.left[one] = "it is not in " + options.base
		case before:
			c.left[one] = "it is no longer there"
		default:
			c.left[one] = "it is in neither tree"
		}
	}
	if len(ids) == 0 {
		return nil
	}
	experiment, err := lightspeed.NewExperiment(lightspeed.DesignUntilDecided, ids, &options.experiment)
	if err != nil {
		return err
	}
	defer experiment.Close()
	samples, ran := drive(ctx, experiment, trees, options, shown)
	if ran != nil && ctx.Err() == nil {
		return ran
	}
	results, err := experiment.Results()
	if err != nil {
		return err
	}
	for place, result := range results {
		c.compared = append(c.compared, compared{
			id: ids[place], name: samples.name(ids[place]), result: result, message: samples.failures[ids[place]],
		})
	}
	return errors.Join(ran, samples.write(ids, [2]string{c.old, c.new}))
}

// drive runs what an experiment asks for, each in a process of its own.
func drive(ctx context.Context, experiment *lightspeed.Experiment, trees [2]tree, options compareOptions, shown *progress) (*samples, error) {
	samples := newSamples()
	for run, err := range experiment.Runs(ctx) {
		if err != nil {
			return samples, err
		}
		if err := sayProgress(experiment, run, shown); err != nil {
			return samples, err
		}
		began := time.Now()
		result, err := within(ctx, options.timeout, func(ctx context.Context) (*sample, error) {
			return trees[sideOf(run)].sample(ctx, run.Benchmark, options.benchtime)
		})
		switch {
		case ctx.Err() != nil:
			return samples, context.Cause(ctx)
		case errors.Is(err, errTimeout):
			samples.failures[run.Benchmark] = fmt.Sprintf("it took longer than %s", options.timeout)
			err = experiment.RecordTimedOut()
		case err != nil:
			samples.failures[run.Benchmark] = fmt.Sprintf("%s: %s", sideNames[sideOf(run)], summary(err))
			err = experiment.RecordFailed(summary(err).Error())
		default:
			samples.add(run, result)
			err = experiment.Record([]float64{result.seconds}, time.Since(began))
		}
		if err != nil {
			return samples, err
		}
	}
	return samples, nil
}

func sayProgress(experiment *lightspeed.Experiment, run lightspeed.Run, shown *progress) error {
	progress, err := experiment.Progress()
	if err != nil {
		return err
	}
	shown.say("%d of %d decided, run %d of at most %d: %s", progress.Decided, progress.Benchmarks, progress.Done+1, progress.Expected, run.Benchmark)
	return nil
}

// The two sides, as samples and messages name them.
var sideNames = [2]string{"old", "new"}

func sideOf(run lightspeed.Run) int {
	if run.Side == lightspeed.SideBaseline {
		return 0
	}
	return 1
}
