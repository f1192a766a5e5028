// Pairs of commands.

package lightspeed_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"lightspeed"
)

func TestPair(t *testing.T) {
	var events []lightspeed.Event
	options := &lightspeed.PairOptions{MostPairs: 10, Seed: 1, Warmup: -1, Name: "sleep", Listener: func(event lightspeed.Event) error {
		events = append(events, event)
		return nil
	}}
	receipt := must1(lightspeed.Pair(t.Context(), []string{"true"}, []string{"sleep", "0.05"}, options))(t)
	if receipt.Gate != lightspeed.GateFail {
		t.Errorf("the gate is %v", receipt.Gate)
	}
	if len(events) == 0 || events[0].Kind != lightspeed.EventKindBegin {
		t.Errorf("the events are %v", events)
	}
	must1(receipt.Document.Text(nil))(t)
	failing := must1(lightspeed.Pair(t.Context(), []string{"true"}, []string{"false"}, nil))(t)
	if failing.Gate != lightspeed.GateError {
		t.Errorf("the gate of a failure is %v", failing.Gate)
	}
}

func TestPairStopped(t *testing.T) {
	quiet, loud := []string{"true"}, []string{"sleep", "60"}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	receipt, err := lightspeed.Pair(ctx, loud, loud, nil)
	is(t, err, lightspeed.ErrCancelled, context.DeadlineExceeded)
	interrupted(t, receipt, 0)
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	receipt, err = lightspeed.Pair(ctx, quiet, quiet, nil)
	is(t, err, lightspeed.ErrCancelled, context.DeadlineExceeded)
	if receipt != nil {
		t.Errorf("there is a receipt of nothing: %+v", receipt)
	}
	why := errors.New("no")
	runs := 0
	receipt, err = lightspeed.Pair(t.Context(), quiet, quiet, &lightspeed.PairOptions{Listener: func(event lightspeed.Event) error {
		if event.Kind == lightspeed.EventKindItem {
			runs++
		}
		if runs == 4 {
			return why
		}
		return nil
	}})
	is(t, err, lightspeed.ErrCancelled, why)
	interrupted(t, receipt, 2)
	_, err = lightspeed.Pair(t.Context(), []string{"there-is-no-such-program"}, quiet, nil)
	is(t, err, lightspeed.ErrProcess)
	_, err = lightspeed.Pair(t.Context(), nil, quiet, nil)
	is(t, err, lightspeed.ErrInvalidArgument)
	_, err = lightspeed.Document("{}").Text(nil)
	is(t, err, lightspeed.ErrInvalidArgument)
}

// interrupted fails unless the receipt is of an interrupt after so many pairs were begun.
func interrupted(t *testing.T, receipt *lightspeed.Receipt, pairs int) {
	t.Helper()
	if receipt == nil {
		t.Fatal("there is no receipt")
	}
	var document struct {
		Samples []json.RawMessage
		Verdict struct{ Interrupted bool }
	}
	must(t, receipt.Document.Decode(&document))
	if len(document.Samples) != pairs || !document.Verdict.Interrupted {
		t.Errorf("the receipt is %s", receipt.Document)
	}
}
