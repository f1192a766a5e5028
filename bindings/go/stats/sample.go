// One sample.

package stats

import "lightspeed/internal/bridge"

// Summary is what is worth knowing about one sample, in its unit. A number that there is none of is NaN.
type Summary struct {
	N        int
	Median   float64
	Q25, Q75 float64
	// CI99A and CI99B are the ends of the median's interval of at least 99 %, as ASV computes it; NaN where the sample does not bound it.
	CI99A, CI99B float64
	Mean         float64
	// SD is the standard deviation with n − 1; NaN for one value.
	SD float64
	// MAD is the median absolute deviation from the median, unscaled.
	MAD      float64
	Min, Max float64
}

// Summarize gives median, quartiles, ASV's 99 % interval, mean and spread of a sample.
func Summarize(sample []float64) (Summary, error) {
	found, err := bridge.Summarize(sample)
	return Summary(found), err
}

// Outliers are the places of values beyond 1.5 (mild) and 3 (severe) quartile distances. They are shown, and count like all others.
type Outliers struct {
	SevereLow  []int `json:"severe_low"`
	MildLow    []int `json:"mild_low"`
	MildHigh   []int `json:"mild_high"`
	SevereHigh []int `json:"severe_high"`
}

// FindOutliers says which values lie far out, by Tukey's fences.
func FindOutliers(sample []float64) (Outliers, error) {
	return called[Outliers]("outliers", object{"sample": reals(sample)})
}

// NoiseFloor is how large a change noise alone shows.
type NoiseFloor struct {
	// Fraction 0.02 is 2 %.
	Fraction float64 `json:"fraction"`
	Level    float64 `json:"level"`
	N        int     `json:"n"`
}

// FindNoiseFloor says how large a change noise alone shows, of the log ratios of a calibration.
func FindNoiseFloor(logRatios []float64, alpha float64) (NoiseFloor, error) {
	return called[NoiseFloor]("noise_floor", object{"log_ratios": reals(logRatios), "alpha": real(alpha)})
}

// Margin is up to which change nothing matters.
type Margin struct {
	// Fraction 0.02 is 2 %.
	Fraction float64 `json:"fraction"`
	// Source says which of the limits it comes from.
	Source string `json:"source"`
}

// Limits are those that a margin is the largest of.
type Limits struct {
	Fraction float64
	// Absolute is a change in the unit of the baseline.
	Absolute float64
	// Floor is a noise floor; nil for none.
	Floor *float64
}

// FindMargin takes the largest of the limits of a baseline.
func FindMargin(baseline float64, limits Limits) (Margin, error) {
	input := object{"baseline": real(baseline), "fraction": real(limits.Fraction), "absolute": real(limits.Absolute), "floor": nil}
	if limits.Floor != nil {
		input["floor"] = real(*limits.Floor)
	}
	return called[Margin]("margin", input)
}

// Holm adjusts p-values for many looks, so that any false claim is rare.
func Holm(pValues []float64) ([]float64, error) { return adjusted("holm", pValues) }

// BenjaminiHochberg adjusts p-values so that the share of false claims is small.
func BenjaminiHochberg(pValues []float64) ([]float64, error) {
	return adjusted("benjamini_hochberg", pValues)
}

func adjusted(function string, pValues []float64) ([]float64, error) {
	found, err := called[struct{ Adjusted []float64 }](function, object{"p_values": reals(pValues)})
	return found.Adjusted, err
}
