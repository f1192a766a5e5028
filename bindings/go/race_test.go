//go:build race

// Whether the race detector is on.

package lightspeed_test

func init() { watched = true }
