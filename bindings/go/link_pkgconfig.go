//go:build lightspeed_pkgconfig

// What is linked with the tag lightspeed_pkgconfig: what pkg-config finds installed.

package lightspeed

// #cgo pkg-config: lightspeed
import "C"
