// The calls of package stats.

package lightspeed

// #include "lightspeed.h"
import "C"

import "lightspeed/internal/bridge"

func init() {
	bridge.Call, bridge.Compare, bridge.Summarize = statistic, compare, summarize
}

func statistic(function, input string) ([]byte, error) {
	var p pins
	defer p.Unpin()
	name, given := p.text(function), p.text(input)
	return owned(func(json *C.lightspeed_buf, err failure) status {
		return C.lightspeed_stats_call(name, given, json, err)
	})
}

func compare(baseline, current []float64, options bridge.Comparing) (any, error) {
	given := new(C.lightspeed_compare_options)
	if err := try(func(err failure) status {
		return C.lightspeed_compare_options_init(given, C.sizeof_lightspeed_compare_options, err)
	}); err != nil {
		return nil, err
	}
	chosen(&given.alpha, options.Alpha)
	chosen(&given.margin, options.Margin)
	given.paired = flag(options.Paired)
	var result C.lightspeed_result
	err := try(func(err failure) status {
		before, beforeCount := doubles(baseline)
		after, afterCount := doubles(current)
		return C.lightspeed_stats_compare(before, beforeCount, after, afterCount, given, &result, err)
	})
	return newResult(&result), err
}

func summarize(sample []float64) (bridge.Summary, error) {
	var found C.lightspeed_summary
	err := try(func(err failure) status {
		numbers, count := doubles(sample)
		return C.lightspeed_stats_summarize(numbers, count, &found, err)
	})
	return bridge.Summary{
		N:      int(found.n),
		Median: float64(found.median),
		Q25:    float64(found.q_25),
		Q75:    float64(found.q_75),
		CI99A:  float64(found.ci_99_a),
		CI99B:  float64(found.ci_99_b),
		Mean:   float64(found.mean),
		SD:     float64(found.sd),
		MAD:    float64(found.mad),
		Min:    float64(found.min),
		Max:    float64(found.max),
	}, err
}
