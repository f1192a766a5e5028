// Package bridge is how package stats reaches the library: package lightspeed, which alone has C in it, puts its calls here.
package bridge

// Comparing says how to compare; a number that is 0 is the default, and a negative one 0.
type Comparing struct {
	Alpha, Margin float64
	Paired        bool
}

// Summary are the numbers of a sample, in the order of the C struct.
type Summary struct {
	N                                                       int
	Median, Q25, Q75, CI99A, CI99B, Mean, SD, MAD, Min, Max float64
}

// Package lightspeed sets these before any other package can call them. Compare gives a lightspeed.Result, which cannot be named here.
var (
	Call      func(function, input string) ([]byte, error)
	Compare   func(baseline, current []float64, options Comparing) (any, error)
	Summarize func(sample []float64) (Summary, error)
)
