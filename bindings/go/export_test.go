// What tests from outside need of the inside.

package lightspeed

// RecordSeconds is Record with a time that nanoseconds do not say.
func (e *Experiment) RecordSeconds(values []float64, wallS float64) error {
	return e.record(values, wallS)
}
