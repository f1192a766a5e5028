// What calls cost.

package lightspeed_test

import (
	"context"
	"testing"

	"lightspeed"
	"lightspeed/stats"
)

// BenchmarkCall is what a call through cgo costs, from one that does nothing to one that works.
func BenchmarkCall(b *testing.B) {
	made := index(b)
	waiting := experiment(b, []string{"a"}, nil)
	sample := []float64{1, 1.01, 0.99, 1.02, 0.98, 1, 1.03, 0.97, 1, 1.01}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	calls := []struct {
		name string
		call func() error
	}{
		{"Version", func() error { _ = lightspeed.Version(); return nil }},
		{"Experiment.Next", func() error { _, _, err := waiting.Next(); return err }},
		{"Experiment.Progress", func() error { _, err := waiting.Progress(); return err }},
		{"stats.Summarize", func() error { _, err := stats.Summarize(sample); return err }},
		{"stats.Compare", func() error { _, err := stats.Compare(sample, sample, nil); return err }},
		{"stats.MannWhitney", func() error { _, err := stats.MannWhitney(sample, sample, 0.05); return err }},
		{"Index.Files", func() error { _, err := made.Files(); return err }},
		{"NewSurvey", func() error {
			survey, err := lightspeed.NewSurvey(nil)
			if err != nil {
				return err
			}
			return survey.Close()
		}},
		{"Index.Select", func() error { return selectOnce(context.Background(), made, nil) }},
		{"Index.Select with a context", func() error { return selectOnce(ctx, made, nil) }},
		{"an error", func() error {
			if waiting.Record(nil, 0) == nil {
				b.Fatal("nothing was recorded")
			}
			return nil
		}},
	}
	for _, one := range calls {
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := one.call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func selectOnce(ctx context.Context, made *lightspeed.Index, options *lightspeed.SelectOptions) error {
	selection, err := made.Select(ctx, map[string][]byte{"core.py": []byte(changed)}, options)
	if err != nil {
		return err
	}
	return selection.Close()
}
