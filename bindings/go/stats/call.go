// Statistics by name, on JSON.

package stats

import (
	"encoding/json"
	"math"
	"strconv"

	"lightspeed"
	"lightspeed/internal/bridge"
)

// Call calls a statistic of the library by its name, also one that this package does not know. The input becomes a JSON object. The same
// input gives the same bytes on every platform.
func Call(function string, input any) (lightspeed.Document, error) {
	given, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	return bridge.Call(function, string(given))
}

// called reads what a statistic says.
func called[T any](function string, input any) (T, error) {
	var found T
	document, err := Call(function, input)
	if err != nil {
		return found, err
	}
	return found, document.Decode(&found)
}

// object is the input of a statistic.
type object map[string]any

// real is a number, or its name where JSON has none.
type real float64

func (r real) MarshalJSON() ([]byte, error) {
	value := float64(r)
	switch {
	case math.IsNaN(value):
		return []byte(`"NaN"`), nil
	case math.IsInf(value, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(value, -1):
		return []byte(`"-Infinity"`), nil
	}
	return strconv.AppendFloat(nil, value, 'g', -1, 64), nil
}

// reals are the numbers of a sample; a list even where there are none.
func reals(sample []float64) []real {
	made := make([]real, len(sample))
	for place, value := range sample {
		made[place] = real(value)
	}
	return made
}
