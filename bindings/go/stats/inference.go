// What two samples say about each other.

package stats

import (
	"encoding/json"

	"lightspeed"
	"lightspeed/internal/bridge"
)

// CompareOptions say how to compare.
type CompareOptions struct {
	// Alpha is the probability of claiming a change where there is none, 0.05 by default.
	Alpha float64
	// Margin is the fraction up to which changes do not matter: 0.02, the default, is 2 %; negative for none.
	Margin float64
	// Paired is for values of which the i-th of both sides belong together.
	Paired bool
}

// Compare says by how much two groups of values differ, and whether by more than a margin, with a verdict. Two samples are compared by ranks,
// pairs by signed ranks. All values are above 0.
func Compare(baseline, current []float64, options *CompareOptions) (lightspeed.Result, error) {
	if options == nil {
		options = new(CompareOptions)
	}
	found, err := bridge.Compare(baseline, current, bridge.Comparing(*options))
	if err != nil {
		return lightspeed.Result{}, err
	}
	return found.(lightspeed.Result), nil
}

// CompareRuns is as [Compare] of two samples, for runs of several values each, which collapse to their median: a document with all its numbers.
func CompareRuns(baseline, current [][]float64, alpha, margin float64) (lightspeed.Document, error) {
	sides := object{"baseline": runs(baseline), "current": runs(current), "alpha": real(alpha), "margin": real(margin)}
	return Call("compare", sides)
}

func runs(samples [][]float64) [][]real {
	made := make([][]real, len(samples))
	for place, sample := range samples {
		made[place] = reals(sample)
	}
	return made
}

// Inference is what a method says about two samples. What it does not give is nil.
type Inference struct {
	Method string `json:"method"`
	// Distribution is that of the statistic: exact, normal, student, monte_carlo.
	Distribution *string `json:"distribution"`
	N            Counts  `json:"n"`
	// Estimand is what is estimated: the ratio of current to baseline, or the difference.
	Estimand         string               `json:"estimand"`
	Estimate         float64              `json:"estimate"`
	Interval         *lightspeed.Interval `json:"interval"`
	Statistic        *float64             `json:"statistic"`
	DegreesOfFreedom *float64             `json:"degrees_of_freedom"`
	PValue           *float64             `json:"p_value"`
	// PMin is the smallest p-value that samples of these sizes could give.
	PMin     *float64 `json:"p_min"`
	EValue   *float64 `json:"e_value"`
	LnEValue *float64 `json:"ln_e_value"`
	Draws    *Draws   `json:"draws"`
	// Assumptions are what must hold, and Warnings what to be wary of.
	Assumptions []string  `json:"assumptions"`
	Warnings    []Warning `json:"warnings"`
}

// Counts are the values of each side.
type Counts struct {
	Baseline int `json:"baseline"`
	Current  int `json:"current"`
}

// Draws are the random numbers that a method took.
type Draws struct {
	Seed  uint64 `json:"seed"`
	Count int    `json:"count"`
}

// Warning is something to be wary of: its code, and numbers that depend on it.
type Warning map[string]any

// Code is the name of the warning.
func (w Warning) Code() string {
	code, _ := w["code"].(string)
	return code
}

// MannWhitney asks whether two samples differ in location: the shift with its interval.
func MannWhitney(baseline, current []float64, alpha float64) (*Inference, error) {
	return inference("mann_whitney", baseline, current, alpha, nil)
}

// HodgesLehmann asks by which factor two samples differ: the median of all ratios, with its interval.
func HodgesLehmann(baseline, current []float64, alpha float64) (*Inference, error) {
	return inference("hodges_lehmann", baseline, current, alpha, nil)
}

// Welch asks by which factor geometric means differ.
func Welch(baseline, current []float64, alpha float64) (*Inference, error) {
	return inference("welch", baseline, current, alpha, nil)
}

// SignedRank asks whether pairs are centred at 1, and by which factor they differ.
func SignedRank(baseline, current []float64, alpha float64) (*Inference, error) {
	return inference("signed_rank", baseline, current, alpha, nil)
}

// SignFlip is as [SignedRank], for the mean. Above 20 pairs signs are drawn at random, as often as the draws say.
func SignFlip(baseline, current []float64, alpha float64, draws Draws) (*Inference, error) {
	return inference("sign_flip", baseline, current, alpha, object{"draws": draws.Count, "seed": draws.Seed})
}

// Resampled is what a bootstrap takes the ratio of.
type Resampled string

// What a bootstrap takes the ratio of.
const (
	ResampledMedians              Resampled = "medians"
	ResampledGeometricMeans       Resampled = "geometric_means"
	ResampledHodgesLehmann        Resampled = "hodges_lehmann"
	ResampledMedianOfPairs        Resampled = "median_of_pairs"
	ResampledGeometricMeanOfPairs Resampled = "geometric_mean_of_pairs"
)

// Bootstrap gives the BCa interval of a ratio.
func Bootstrap(baseline, current []float64, resampled Resampled, alpha float64, resamples Draws) (*Inference, error) {
	more := object{"resampled": resampled, "resamples": resamples.Count, "seed": resamples.Seed}
	return inference("bootstrap", baseline, current, alpha, more)
}

// Bet is how an e-value bets. The zero value is [BetSignedRank].
type Bet struct {
	document any
}

// Bets on signed ranks and on signs.
var (
	BetSignedRank = Bet{"signed_rank"}
	BetSign       = Bet{"sign"}
)

// BetSymmetric bets on a symmetric distribution.
func BetSymmetric(rho float64) Bet {
	return Bet{object{"symmetric": object{"rho": real(rho)}}}
}

// MarshalJSON is the bet as the library takes it.
func (b Bet) MarshalJSON() ([]byte, error) {
	if b.document == nil {
		return json.Marshal(BetSignedRank.document)
	}
	return json.Marshal(b.document)
}

// EValue asks whether the centre of pairs is beyond the margin, a fraction. It may be looked at after every pair.
func EValue(baseline, current []float64, bet Bet, margin, alpha float64) (*Inference, error) {
	return inference("e_value", baseline, current, alpha, object{"bet": bet, "margin": real(margin)})
}

// Samples are those of a benchmark before and after a change.
type Samples struct {
	Baseline, Current []float64
}

// GeometricMean is the mean ratio of several benchmarks.
func GeometricMean(samples []Samples, alpha float64) (*Inference, error) {
	pairs := make([][2][]real, len(samples))
	for place, one := range samples {
		pairs[place] = [2][]real{reals(one.Baseline), reals(one.Current)}
	}
	return called[*Inference]("geometric_mean", object{"samples": pairs, "alpha": real(alpha)})
}

func inference(function string, baseline, current []float64, alpha float64, more object) (*Inference, error) {
	input := object{"baseline": reals(baseline), "current": reals(current), "alpha": real(alpha)}
	for name, value := range more {
		input[name] = value
	}
	return called[*Inference](function, input)
}

// Difference is whether ASV would call two samples different, with the samples and with their summaries only.
type Difference struct {
	WithSamples    bool `json:"with_samples"`
	WithoutSamples bool `json:"without_samples"`
}

// IsDifferent asks whether ASV would call two samples different.
func IsDifferent(first, second []float64) (Difference, error) {
	return called[Difference]("is_different", object{"first": reals(first), "second": reals(second)})
}

// Diagnose says what speaks against pairs: a document with an effect of the order, a drift, an autocorrelation.
func Diagnose(logRatios []float64, baselineFirst []bool, alpha float64) (lightspeed.Document, error) {
	first := append([]bool{}, baselineFirst...)
	return Call("diagnose", object{"log_ratios": reals(logRatios), "baseline_first": first, "alpha": real(alpha)})
}
