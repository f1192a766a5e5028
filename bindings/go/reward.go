// What a measured change is worth to a learning loop.

package lightspeed

import "math"

// Reward is a change in logarithms of current/baseline: below 0 is faster.
type Reward struct {
	LogRatio float64 `json:"log_ratio"`
	// Interval holds the truth as often as its level says.
	Interval Interval `json:"interval"`
	// LnEValue is the natural logarithm of the evidence against "no change", nil where it was not measured in pairs.
	LnEValue *float64 `json:"ln_e_value"`
	// RewardLCB is the change that the interval vouches for, above 0 if faster: noise alone earns nothing.
	RewardLCB float64 `json:"reward_lcb"`
}

// Interval is where the truth lies. An end that the runs do not bound is nil.
type Interval struct {
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	Level float64  `json:"level"`
}

// Speedup is how many times as fast.
func (r Reward) Speedup() float64 { return math.Exp(-r.LogRatio) }

// Rewards are what a step is worth.
type Rewards struct {
	StepID string
	// Mean is of all times together, by the geometric mean of their ratios; nil where nothing was compared.
	Mean *Reward
	// Benchmarks is each instance that was compared.
	Benchmarks map[string]Reward
	// Without are the others that were selected, with the reason: what failed, and what has no baseline.
	Without map[string]string
}

// newRewards reads the document that [Session.Results] gives for a step.
func newRewards(document Document) (*Rewards, error) {
	var read struct {
		Step struct {
			StepID     string  `json:"step_id"`
			Reward     *Reward `json:"reward"`
			Benchmarks map[string]struct {
				Reward *Reward `json:"reward"`
				Reason string  `json:"reason"`
				Status string  `json:"status"`
			} `json:"benchmarks"`
		} `json:"step"`
	}
	if err := document.Decode(&read); err != nil {
		return nil, err
	}
	made := &Rewards{StepID: read.Step.StepID, Mean: read.Step.Reward, Benchmarks: map[string]Reward{}, Without: map[string]string{}}
	for name, one := range read.Step.Benchmarks {
		switch {
		case one.Reward != nil:
			made.Benchmarks[name] = *one.Reward
		case one.Reason != "":
			made.Without[name] = one.Reason
		default:
			made.Without[name] = one.Status
		}
	}
	return made, nil
}
