//go:build !(linux && amd64)

package silt

import (
	"embed"
	"errors"
	"io"
)

// Nothing is brought for this system: SILT_LIBRARY and SILT_EXECUTABLE say where it is.
var native embed.FS

const nativeFolder = "native"

func loadFromMemory(io.Reader) (uintptr, error) {
	return 0, errors.ErrUnsupported
}
