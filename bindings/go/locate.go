package silt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/ebitengine/purego"
)

const howToGet = "build it (npm run build in Silt's repository makes bindings/c/lib/libsilt.so and bindings/node/silt) " +
	"and set SILT_LIBRARY and SILT_EXECUTABLE to the two files, or use a published version of the module, which brings both"

// openLibrary loads the library of SILT_LIBRARY, else the one that the module brings, and says which it was.
func openLibrary() (handle uintptr, from string, err error) {
	if path := os.Getenv("SILT_LIBRARY"); path != "" {
		handle, err = dlopen(path)
		if err != nil {
			return 0, path, fmt.Errorf("silt: SILT_LIBRARY can not be loaded: %w", err)
		}
		return handle, path, nil
	}
	file, err := native.Open(nativeFolder + "/libsilt.so")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, "", fmt.Errorf("silt: there is no library: SILT_LIBRARY is not set, and this module was built "+
			"without one; %s", howToGet)
	}
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = file.Close() }()
	handle, err = loadFromMemory(file)
	if err != nil {
		return 0, "", fmt.Errorf("silt: the library that the module brings can not be loaded: %w", err)
	}
	return handle, "the library that the module brings", nil
}

func dlopen(path string) (uintptr, error) {
	return purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
}
