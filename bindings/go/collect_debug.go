//go:build lightspeed_debug

// What happens at each call with the tag lightspeed_debug: a collection, so that what nobody holds any more is gone.

package lightspeed

import "runtime"

func collect() { runtime.GC() }
