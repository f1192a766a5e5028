//go:build race

package lightspeed_test

func init() { watched = true }
