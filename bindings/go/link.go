//go:build !lightspeed_pkgconfig

// What is linked: the archive that `make go` puts into lib, so that a program is one file.

package lightspeed

// #cgo LDFLAGS: -L${SRCDIR}/lib -l:liblightspeed.a -lpthread -ldl -lm
import "C"
