// Checks the analysis of Go sources against go/parser, go/ast, go/printer, go/format and go/types on real files.
//
// The rules of blocks, definitions and mentions are written here a second time, over the syntax trees of the standard library; the
// analysis under test is a process (the example `blocks` of lightspeed-core). Files are compared with the rules, spelled anew in ways that
// may change nothing, and mutated node by node, which must change exactly what holds the node. Mentions are compared with what go/types
// says that each identifier means.
//
// The whole run, over the source of the standard library and the go command:
//
//	cargo build --profile checked -p lightspeed-core --example blocks
//	cd tests/oracle/go && go run . -blocks ../../../target/checked/examples/blocks
//
// `make test-go-oracle` runs a sample of fewer files, mutations and packages. The exit status is 1 where anything differs, or nothing was checked.
package main

import (
	"errors"
	"flag"
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

type options struct {
	blocks, root               string
	seed                       uint64
	sample, mutations, printed int
	jobs, packages             int
}

func main() {
	var o options
	flag.StringVar(&o.blocks, "blocks", "", "the built example `program` blocks of lightspeed-core")
	flag.StringVar(&o.root, "root", filepath.Join(build.Default.GOROOT, "src"), "the `directory` whose Go files are checked, testdata left out")
	flag.Uint64Var(&o.seed, "seed", 1, "what chance begins with")
	flag.IntVar(&o.sample, "sample", 0, "how many `files` to check; 0 are all")
	flag.IntVar(&o.mutations, "mutations", 25, "how many mutations to make of a file")
	flag.IntVar(&o.printed, "failures", 20, "how many failures to print")
	flag.IntVar(&o.jobs, "jobs", 2, "how many files to check at a time")
	flag.IntVar(&o.packages, "packages", len(typed), "of how many packages to compare mentions with go/types")
	flag.Parse()
	if o.blocks == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	right, err := run(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if !right {
		os.Exit(1)
	}
}

// run checks everything and prints what came of it.
func run(o options) (bool, error) {
	began := time.Now()
	files, err := corpus(o.root)
	if err != nil {
		return false, err
	}
	tally := newTally()
	work := make(chan func(*checker) error)
	go func() {
		defer close(work)
		if o.packages > 0 {
			work <- func(c *checker) error { return c.mentions(sample(slices.Clone(typed), o.packages, o.seed)) }
		}
		for _, path := range sample(files, o.sample, o.seed) {
			work <- func(c *checker) error { return c.file(path) }
		}
	}()
	var group sync.WaitGroup
	failed := make([]error, o.jobs)
	for i := range o.jobs {
		group.Add(1)
		go func() {
			defer group.Done()
			failed[i] = serve(o, tally, work)
		}()
	}
	group.Wait()
	tally.report(os.Stdout, o.printed)
	fmt.Printf("%.0f s\n", time.Since(began).Seconds())
	checked := tally.sum("structure") > 0 && (o.packages <= 0 || tally.sum("mentions") > 0)
	return checked && len(tally.failures) == 0, errors.Join(failed...)
}

// serve does work with an analysis of its own. After an error it only takes what is left, so that nobody waits.
func serve(o options, tally *tally, work <-chan func(*checker) error) error {
	analysis, err := start(o.blocks)
	if err != nil {
		for range work {
		}
		return err
	}
	c := &checker{analyse: analysis.Of, tally: tally, seed: o.seed, mutations: o.mutations}
	for task := range work {
		if err == nil {
			err = task(c)
		}
	}
	return errors.Join(err, analysis.Close())
}
