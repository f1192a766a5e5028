// The shared vectors of the statistics.

package stats_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"lightspeed"
	"lightspeed/stats"
)

var vectors = filepath.Join("..", "..", "..", "tests", "vectors", "stats")

// quick are the functions that -short looks at.
var quick = []string{"summarize", "mann_whitney", "holm"}

// vector is a vector of the shared files.
type vector struct {
	Name, Error string
	Input       map[string]json.RawMessage
	Expect      map[string]any
	Tolerance   float64
}

// TestVectors has the bytes of every platform, by their CRC-32, and the typed functions say the same.
func TestVectors(t *testing.T) {
	var digests map[string]string
	read(t, "digests", &digests)
	counted := 0
	if testing.Short() {
		maps.DeleteFunc(digests, func(function, _ string) bool { return !slices.Contains(quick, function) })
	}
	for function, digest := range digests {
		var file struct{ Vectors []vector }
		read(t, function, &file)
		var lines bytes.Buffer
		for _, one := range file.Vectors {
			t.Run(function+"/"+one.Name, func(t *testing.T) { fmt.Fprintln(&lines, check(t, function, one)) })
			counted++
		}
		if found := fmt.Sprintf("%08x", crc32.ChecksumIEEE(lines.Bytes())); found != digest {
			t.Errorf("%s gives %s, not %s", function, found, digest)
		}
	}
	t.Logf("%d vectors of %d functions", counted, len(digests))
	if counted < 1900 && !testing.Short() || counted < 100 {
		t.Errorf("there are only %d vectors", counted)
	}
}

// check is the result of a vector, or the name of its error.
func check(t *testing.T, function string, one vector) string {
	input := make(map[string]any, len(one.Input))
	for name, raw := range one.Input {
		input[name] = writtenOut(t, raw)
	}
	document, err := stats.Call(function, input)
	said, typedErr := typed(t, function, input)
	if one.Error != "" {
		if cause(err) != one.Error || cause(typedErr) != one.Error {
			t.Errorf("%v and %v are not %s", err, typedErr, one.Error)
		}
		if !errors.Is(err, lightspeed.ErrStatistics) && !errors.Is(err, lightspeed.ErrInvalidArgument) {
			t.Errorf("%v has another status", err)
		}
		return cause(err)
	}
	if err != nil || typedErr != nil {
		t.Fatal(err, typedErr)
	}
	found, again := decoded(t, document), decoded(t, said)
	if !reflect.DeepEqual(found, again) {
		t.Errorf("the typed function says %s, and the library %s", said, document)
	}
	for name, expected := range one.Expect {
		if problem := differs(again.(map[string]any)[name], expected, one.Tolerance); problem != "" {
			t.Errorf("%s: %s", name, problem)
		}
	}
	return string(document)
}

// typed calls the typed function; its result as JSON.
func typed(t *testing.T, function string, input map[string]any) ([]byte, error) {
	numbers := func(name string) []float64 { return floats(t, input[name]) }
	alpha := func() float64 { return float(t, input["alpha"]) }
	draws := func(name string) stats.Draws {
		return stats.Draws{Count: int(float(t, input[name])), Seed: whole(t, input["seed"])}
	}
	switch function {
	case "summarize":
		found, err := stats.Summarize(numbers("sample"))
		return marshalled(t, summary(found), err)
	case "outliers":
		return marshalling(t)(stats.FindOutliers(numbers("sample")))
	case "noise_floor":
		return marshalling(t)(stats.FindNoiseFloor(numbers("log_ratios"), alpha()))
	case "margin":
		limits := stats.Limits{Fraction: float(t, input["fraction"]), Absolute: float(t, input["absolute"])}
		if input["floor"] != nil {
			floor := float(t, input["floor"])
			limits.Floor = &floor
		}
		return marshalling(t)(stats.FindMargin(float(t, input["baseline"]), limits))
	case "holm":
		found, err := stats.Holm(numbers("p_values"))
		return marshalled(t, map[string]any{"adjusted": found}, err)
	case "benjamini_hochberg":
		found, err := stats.BenjaminiHochberg(numbers("p_values"))
		return marshalled(t, map[string]any{"adjusted": found}, err)
	case "is_different":
		return marshalling(t)(stats.IsDifferent(numbers("first"), numbers("second")))
	case "diagnose":
		var first []bool
		for _, one := range input["baseline_first"].([]any) {
			first = append(first, one.(bool))
		}
		return marshalling(t)(stats.Diagnose(numbers("log_ratios"), first, alpha()))
	case "geometric_mean":
		var samples []stats.Samples
		for _, pair := range input["samples"].([]any) {
			sides := pair.([]any)
			samples = append(samples, stats.Samples{Baseline: floats(t, sides[0]), Current: floats(t, sides[1])})
		}
		return marshalling(t)(stats.GeometricMean(samples, alpha()))
	}
	baseline, current := numbers("baseline"), numbers("current")
	switch function {
	case "mann_whitney":
		return marshalling(t)(stats.MannWhitney(baseline, current, alpha()))
	case "hodges_lehmann":
		return marshalling(t)(stats.HodgesLehmann(baseline, current, alpha()))
	case "welch":
		return marshalling(t)(stats.Welch(baseline, current, alpha()))
	case "signed_rank":
		return marshalling(t)(stats.SignedRank(baseline, current, alpha()))
	case "sign_flip":
		return marshalling(t)(stats.SignFlip(baseline, current, alpha(), draws("draws")))
	case "bootstrap":
		resampled := stats.Resampled(input["resampled"].(string))
		return marshalling(t)(stats.Bootstrap(baseline, current, resampled, alpha(), draws("resamples")))
	case "e_value":
		return marshalling(t)(stats.EValue(baseline, current, bet(t, input["bet"]), float(t, input["margin"]), alpha()))
	}
	t.Fatalf("there is no typed function for %s", function)
	return nil, nil
}

func marshalling(t *testing.T) func(any, error) ([]byte, error) {
	return func(found any, err error) ([]byte, error) { return marshalled(t, found, err) }
}

func marshalled(t *testing.T, found any, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	made, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	return made, nil
}

// summary is a summary as the library's document has it.
func summary(found stats.Summary) map[string]any {
	made := map[string]any{
		"n": found.N, "median": found.Median, "q_25": found.Q25, "q_75": found.Q75, "mean": found.Mean, "mad": found.MAD,
		"min": found.Min, "max": found.Max, "sd": found.SD, "ci_99_a": found.CI99A, "ci_99_b": found.CI99B,
	}
	for name, value := range made {
		if number, is := value.(float64); is && math.IsNaN(number) {
			made[name] = nil
		}
	}
	return made
}

func bet(t *testing.T, given any) stats.Bet {
	switch given := given.(type) {
	case string:
		return map[string]stats.Bet{"signed_rank": stats.BetSignedRank, "sign": stats.BetSign}[given]
	case map[string]any:
		return stats.BetSymmetric(float(t, given["symmetric"].(map[string]any)["rho"]))
	}
	t.Fatalf("there is no bet %v", given)
	return stats.Bet{}
}

// writtenOut is an input with every sample that is described by its generator written out.
func writtenOut(t *testing.T, raw json.RawMessage) any {
	return spelled(t, exact(t, raw))
}

func spelled(t *testing.T, value any) any {
	switch value := value.(type) {
	case []any:
		made := make([]any, len(value))
		for place, one := range value {
			made[place] = spelled(t, one)
		}
		return made
	case map[string]any:
		if _, described := value["distinct"]; described {
			return generated(t, value)
		}
	}
	return value
}

func generated(t *testing.T, how map[string]any) []any {
	state, distinct, scale := whole(t, how["seed"]), whole(t, how["distinct"]), float(t, how["scale"])
	offset := 0.0
	if given, found := how["offset"]; found {
		offset = float(t, given)
	}
	made := make([]any, int(float(t, how["n"])))
	for place := range made {
		state = state*6364136223846793005 + 1442695040888963407
		// The conversion rounds the product: no fused operation may take its place.
		made[place] = offset + float64(scale*float64(1+(state>>33)%distinct))
	}
	return made
}

// exact is JSON with numbers as they are written: a seed has more digits than a float64.
func exact(t *testing.T, raw []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	return value
}

func decoded(t *testing.T, raw []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	return value
}

func floats(t *testing.T, value any) []float64 {
	t.Helper()
	given := value.([]any)
	made := make([]float64, len(given))
	for place, one := range given {
		made[place] = float(t, one)
	}
	return made
}

func float(t *testing.T, value any) float64 {
	t.Helper()
	switch value := value.(type) {
	case float64:
		return value
	case json.Number:
		number, err := value.Float64()
		if err == nil {
			return number
		}
	case string:
		if number, found := map[string]float64{"NaN": math.NaN(), "inf": math.Inf(1), "-inf": math.Inf(-1)}[value]; found {
			return number
		}
	}
	t.Fatalf("%v (%T) is no number", value, value)
	return 0
}

func whole(t *testing.T, value any) uint64 {
	t.Helper()
	if number, is := value.(json.Number); is {
		var made uint64
		if err := json.Unmarshal([]byte(number), &made); err == nil {
			return made
		}
	}
	return uint64(float(t, value))
}

// differs says how, or nothing.
func differs(found, expected any, tolerance float64) string {
	switch expected := expected.(type) {
	case map[string]any:
		given, _ := found.(map[string]any)
		for name, one := range expected {
			if problem := differs(given[name], one, tolerance); problem != "" {
				return name + "." + problem
			}
		}
		return ""
	case []any:
		given, _ := found.([]any)
		if len(given) != len(expected) {
			return fmt.Sprintf("%v is not %v", found, expected)
		}
		for place, one := range expected {
			if problem := differs(given[place], one, tolerance); problem != "" {
				return problem
			}
		}
		return ""
	case float64:
		given, is := found.(float64)
		if is && math.Abs(given-expected) <= tolerance*max(1, math.Abs(given), math.Abs(expected)) {
			return ""
		}
		return fmt.Sprintf("%v is not %v", found, expected)
	}
	if !reflect.DeepEqual(found, expected) {
		return fmt.Sprintf("%v is not %v", found, expected)
	}
	return ""
}

// cause is the detail of an error.
func cause(err error) string {
	var failed *lightspeed.Error
	if errors.As(err, &failed) {
		return failed.Detail
	}
	return fmt.Sprint(err)
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(vectors, name+".json"))
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}
