// Sweeps: one code at every point of some axes, how much better each is than the smallest, and the law behind that.

package lightspeed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Axis is a parameter of a sweep with its values.
type Axis struct {
	Name string `json:"name"`
	// Values are a slice of numbers or of texts, or a text that lists them, also by ranges: "1,2,4", "1..16 step 2", "log2 1..64".
	Values any `json:"values"`
	// Kind is int, float, shape (16x64) or text; by default the first of these that fits all values.
	Kind string `json:"kind,omitempty"`
}

// SweepOptions say how points are made of axes, how often they run and how they are compared.
type SweepOptions struct {
	// Repeats are the rounds over all points that count: 6 by default, the fewest that give a speed-up an interval at the usual Alpha.
	Repeats int
	// Zipped takes the first values of all axes together, then the second ones; by default each value goes with all others.
	Zipped bool
	// Along is the axis along which points are compared: by default the one that counts workers, else the first of several sizes.
	Along string
	// Workers is the axis that counts workers: by default one that is called workers, threads, jobs or the like.
	Workers string
	// HigherIsBetter says so of the values.
	HigherIsBetter bool
	// Alpha is how often an interval may miss the truth, 0.05 by default.
	Alpha float64
	// Seed decides every order; 0 takes one that nothing decides. The report says which one it was.
	Seed uint64
	// Warmups are the rounds that come first and do not count.
	Warmups int
	// Budget is the time that runs may take together, by default without a limit.
	Budget time.Duration
}

// NewSweep makes an experiment whose benchmarks are the points of axes, the last one changing first. Nothing is run yet. A [Run.Index] is the
// place of its point in [Sweep.Points].
func NewSweep(axes []Axis, options *SweepOptions) (*Experiment, error) {
	if options == nil {
		options = new(SweepOptions)
	}
	plan, err := json.Marshal(options.plan(axes))
	if err != nil {
		return nil, refused("these axes cannot be written: " + err.Error())
	}
	return ExperimentFromPlan(plan)
}

type sweepPlan struct {
	Design struct {
		Kind        string  `json:"kind"`
		Axes        []Axis  `json:"axes"`
		Combination string  `json:"combination"`
		Repeats     *int    `json:"repeats,omitempty"`
		Along       *string `json:"along"`
		Workers     *string `json:"workers"`
		Better      string  `json:"better"`
	} `json:"design"`
	Alpha   float64  `json:"alpha"`
	Seed    uint64   `json:"seed"`
	Warmups int      `json:"warmups"`
	BudgetS *float64 `json:"budget_s"`
}

func (o *SweepOptions) plan(axes []Axis) *sweepPlan {
	plan := &sweepPlan{Alpha: 0.05, Seed: o.Seed, Warmups: o.Warmups}
	design := &plan.Design
	design.Kind, design.Axes, design.Combination, design.Better = "sweep", append([]Axis{}, axes...), "cartesian", "lower"
	if o.Zipped {
		design.Combination = "zipped"
	}
	if o.HigherIsBetter {
		design.Better = "higher"
	}
	design.Repeats, design.Along, design.Workers = unlessZero(o.Repeats), unlessZero(o.Along), unlessZero(o.Workers)
	if o.Alpha != 0 {
		plan.Alpha = o.Alpha
	}
	if o.Seed == 0 {
		plan.Seed = rand.Uint64()
	}
	plan.BudgetS = unlessZero(o.Budget.Seconds())
	return plan
}

func unlessZero[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// Sweep is what the runs of a sweep say.
type Sweep struct {
	Points []SweepPoint `json:"points"`
	// Lines are the points that differ along one axis alone.
	Lines []SweepLine `json:"lines"`
	// Drift is how the machine's speed moved meanwhile, nil where the runs do not show that it did.
	Drift *Drift `json:"drift"`
}

// SweepPoint is what came of one point.
type SweepPoint struct {
	// ID is the name of the benchmark: workers=2,level=6.
	ID     string     `json:"id"`
	Values AxisValues `json:"values"`
	// Spread is nil where it has no values.
	Spread *Spread `json:"spread"`
	// Base is the place of the point that it is compared with: the smallest of its line.
	Base int `json:"base"`
	// Speedup is how many times as good as the base it is, nil where there is nothing to compare.
	Speedup *Gain `json:"speedup"`
	// Efficiency is the speed-up for each worker, nil where no axis counts workers along the line.
	Efficiency *Gain `json:"efficiency"`
	// Note is why there is no speed-up, or no interval for it; else empty.
	Note string `json:"note"`
}

// AxisValues are the values of a point by the names of the axes: an int64, a float64 or a string.
type AxisValues map[string]any

// UnmarshalJSON keeps whole numbers whole.
func (v *AxisValues) UnmarshalJSON(document []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var read map[string]any
	if err := decoder.Decode(&read); err != nil {
		return err
	}
	for name, value := range read {
		number, is := value.(json.Number)
		if !is {
			continue
		}
		var err error
		if strings.ContainsAny(string(number), ".eE") {
			read[name], err = number.Float64()
		} else {
			read[name], err = number.Int64()
		}
		if err != nil {
			return fmt.Errorf("the axis %s: %w", name, err)
		}
	}
	*v = read
	return nil
}

// Spread is a sample in a few numbers. Of a single value there is no spread.
type Spread struct {
	N      int      `json:"n"`
	Median float64  `json:"median"`
	Mean   float64  `json:"mean"`
	Stdev  *float64 `json:"stdev"`
	Min    *float64 `json:"min"`
	Max    *float64 `json:"max"`
}

// Gain is a ratio with its interval.
type Gain struct {
	Estimate float64  `json:"estimate"`
	Interval Interval `json:"interval"`
}

// SweepLine is a line of points.
type SweepLine struct {
	// Fixed are the other axes with their values.
	Fixed AxisValues `json:"fixed"`
	// Along is the axis along which the points differ.
	Along string `json:"along"`
	// Points are places in [Sweep.Points], in the order of that axis.
	Points  []int   `json:"points"`
	Scaling Scaling `json:"scaling"`
}

// Scaling is how values grow or shrink with a size.
type Scaling struct {
	// Model is the law, where one can be told from the others and fits; else empty.
	Model Model `json:"model"`
	// Reason is why there is none.
	Reason string `json:"reason"`
	// Fits are all laws that could be fitted, the best first.
	Fits []Fit `json:"fits"`
}

// Fit is the law that is named, nil where there is none.
func (s *Scaling) Fit() *Fit {
	for place := range s.Fits {
		if s.Fits[place].Model == s.Model {
			return &s.Fits[place]
		}
	}
	return nil
}

// Model is a law of a time t at a size n, with coefficients that are not negative.
type Model string

const (
	// ModelConstant is t = a.
	ModelConstant Model = "constant"
	// ModelLogarithmic is t = a + b ln n.
	ModelLogarithmic Model = "logarithmic"
	// ModelLinear is t = a + b n.
	ModelLinear Model = "linear"
	// ModelLinearithmic is t = a + b n ln n.
	ModelLinearithmic Model = "linearithmic"
	// ModelQuadratic is t = a + b n².
	ModelQuadratic Model = "quadratic"
	// ModelAmdahl is t = a + b / n: a share a / (a + b) is not divided among the n.
	ModelAmdahl Model = "amdahl"
	// ModelUSL is t = a / n + b (n − 1) / n + c (n − 1), Gunther's universal scalability law.
	ModelUSL Model = "usl"
)

// Fit is a law with its numbers.
type Fit struct {
	Model        Model     `json:"model"`
	Coefficients []float64 `json:"coefficients"`
	// Intervals are the ends of each coefficient's, at 95 %.
	Intervals [][2]float64 `json:"intervals"`
	// ChiSquare is the sum of squared deviations of the medians in standard errors.
	ChiSquare float64 `json:"chi_square"`
	// Weight is Akaike's among all laws.
	Weight float64 `json:"weight"`
}

// Drift is how the machine's speed moved during a sweep: values of the last third of the rounds to those of the first.
type Drift struct {
	Ratio    float64  `json:"ratio"`
	Interval Interval `json:"interval"`
}

// Sweep is what the runs of a sweep say so far, at any time. [ErrInvalidArgument] says that the experiment is none.
func (e *Experiment) Sweep() (*Sweep, error) {
	report, err := e.Report()
	if err != nil {
		return nil, err
	}
	var read struct {
		Sweep *Sweep `json:"sweep"`
	}
	if err := report.Decode(&read); err != nil {
		return nil, err
	}
	if read.Sweep == nil {
		return nil, refused("this experiment is no sweep: make one with NewSweep")
	}
	return read.Sweep, nil
}
