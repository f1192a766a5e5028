// What the documentation shows, run.

package lightspeed_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"testing/fstest"
	"time"

	"lightspeed"
)

// A harness of one's own says what it knows, and asks what a change affects.
func Example() {
	survey, err := lightspeed.NewSurvey(nil)
	if err != nil {
		log.Fatal(err)
	}
	tree := fstest.MapFS{"core.py": {Data: []byte(core)}}
	if _, err := survey.AddFS(tree, nil); err != nil {
		log.Fatal(err)
	}
	for benchmark, lines := range map[string][]int{"one": {1, 2, 5}, "two": {1, 5, 6}} {
		if err := errors.Join(survey.AddBenchmark(benchmark), survey.Executed(benchmark, "core.py", lines)); err != nil {
			log.Fatal(err)
		}
	}
	index, err := survey.Finish()
	if err != nil {
		log.Fatal(err)
	}
	defer index.Close()

	tree["core.py"].Data = []byte(changed)
	selection, err := index.SelectFS(context.Background(), tree, nil)
	if err != nil {
		log.Fatal(err)
	}
	for affected := range selection.All() {
		fmt.Println(affected.Benchmark, "because", affected.Reasons[0])
	}
	// Output: two because it executes two, which changed (core.py:5-6)
}

// An experiment says what to run until the evidence suffices.
func ExampleExperiment_Runs() {
	experiment, err := lightspeed.NewExperiment(lightspeed.DesignUntilDecided, []string{"slow", "same"}, &lightspeed.ExperimentOptions{Seed: 1, Margin: 0.05})
	if err != nil {
		log.Fatal(err)
	}
	defer experiment.Close()
	for run, err := range experiment.Runs(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		// The benchmark's time, measured in a process of its own.
		seconds := 1.0 + 0.001*float64(run.Pair%3)
		if run.Benchmark == "slow" && run.Side == lightspeed.SideCurrent {
			seconds *= 1.5
		}
		if err := experiment.Record([]float64{seconds}, time.Second); err != nil {
			log.Fatal(err)
		}
	}
	results, err := experiment.Results()
	if err != nil {
		log.Fatal(err)
	}
	for _, result := range results {
		fmt.Println(result.Verdict)
	}
	// Output:
	// REGRESSED
	// EQUIVALENT
}

func ExampleAnalyseBlocks() {
	blocks, err := lightspeed.AnalyseBlocks([]byte(core), nil)
	if err != nil {
		log.Fatal(err)
	}
	for block := range blocks.All() {
		fmt.Println(block.Kind, block.ID, block.StartLine)
	}
	// Output:
	// MODULE <module> 1
	// FUNCTION one 1
	// FUNCTION two 5
}

func ExampleLoadIndex() {
	_, err := lightspeed.LoadIndex(bytes.NewReader([]byte("something else")))
	var failed *lightspeed.Error
	fmt.Println(errors.Is(err, lightspeed.ErrDatabase), errors.As(err, &failed) && failed.Status == lightspeed.StatusDatabase)
	// Output: true true
}

// A suite of ASV is surveyed once, and asked after every edit.
func ExampleOpen() {
	session, err := lightspeed.Open("asv.conf.json", &lightspeed.SessionOptions{SourceRoot: "src/mypackage"})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	selection, err := session.Select(ctx, lightspeed.Since("HEAD"), nil)
	if errors.Is(err, lightspeed.ErrNoSurvey) {
		log.Fatal("nobody has called Init yet")
	}
	if err != nil {
		log.Fatal(err)
	}
	for affected := range selection.All() {
		fmt.Println(affected.Benchmark, affected.Reasons)
	}
}
