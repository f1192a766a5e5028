// Sweep hashes a number of megabytes with one to eight goroutines, and says how much faster each number of them is, and by which law.
package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"text/tabwriter"
	"time"

	"lightspeed"
)

func main() {
	rounds := flag.Int("rounds", 6, "runs of each point")
	size := flag.Int("size", 4<<20, "bytes to hash")
	flag.Parse()
	if err := sweep(os.Stdout, *rounds, *size); err != nil {
		log.Fatal(err)
	}
}

func sweep(out io.Writer, rounds, size int) error {
	data := make([]byte, size)
	axes := []lightspeed.Axis{
		{Name: "block", Values: []int{1 << 10, 64 << 10}},
		{Name: "workers", Values: []int{1, 2, 4, 6, 8}},
	}
	experiment, err := lightspeed.NewSweep(axes, &lightspeed.SweepOptions{Repeats: rounds, Warmups: 1})
	if err != nil {
		return err
	}
	defer experiment.Close()
	planned, err := experiment.Sweep()
	if err != nil {
		return err
	}
	for run, err := range experiment.Runs(context.Background()) {
		if err != nil {
			return err
		}
		values := planned.Points[run.Index].Values
		began := time.Now()
		hash(data, int(values["block"].(int64)), int(values["workers"].(int64)))
		taken := time.Since(began)
		if err := experiment.Record([]float64{taken.Seconds()}, taken); err != nil {
			return err
		}
	}
	found, err := experiment.Sweep()
	if err != nil {
		return err
	}
	return show(out, found)
}

// hash sums the data by blocks that the workers take in turn.
func hash(data []byte, block, workers int) {
	var group sync.WaitGroup
	for worker := range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			for begin := worker * block; begin < len(data); begin += workers * block {
				sha256.Sum256(data[begin:min(begin+block, len(data))])
			}
		}()
	}
	group.Wait()
}

func show(out io.Writer, found *lightspeed.Sweep) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "point\tmedian\tspeed-up\tefficiency")
	for _, point := range found.Points {
		fmt.Fprintf(table, "%s\t%.2f ms\t%s\t%s\n", point.ID, point.Spread.Median*1e3, gain(point.Speedup), gain(point.Efficiency))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, line := range found.Lines {
		fmt.Fprintf(out, "blocks of %d: %s\n", line.Fixed["block"], law(&line.Scaling))
	}
	return nil
}

// gain is a ratio with its interval, where there is one.
func gain(of *lightspeed.Gain) string {
	switch {
	case of == nil:
		return "-"
	case of.Interval.Low == nil || of.Interval.High == nil:
		return fmt.Sprintf("%.2f", of.Estimate)
	}
	return fmt.Sprintf("%.2f [%.2f, %.2f]", of.Estimate, *of.Interval.Low, *of.Interval.High)
}

// law is what is behind the times, or why nobody can tell.
func law(scaling *lightspeed.Scaling) string {
	fit := scaling.Fit()
	if fit == nil {
		return scaling.Reason
	}
	switch c := fit.Coefficients; fit.Model {
	case lightspeed.ModelAmdahl:
		return fmt.Sprintf("Amdahl's law, %.1f %% is not divided", 100*c[0]/(c[0]+c[1]))
	case lightspeed.ModelUSL:
		return fmt.Sprintf("Gunther's law, contention %.3g, coherency %.3g", c[1]/c[0], c[2]/c[0])
	}
	return string(fit.Model)
}
