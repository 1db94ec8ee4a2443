package silt

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// executable is the silt command that starts supervisors: SILT_EXECUTABLE, else the one that the module brings,
// unpacked by its hash into the user's cache.
func executable() (string, error) {
	if path := os.Getenv("SILT_EXECUTABLE"); path != "" {
		return path, nil
	}
	return unpacked()
}

var unpacked = sync.OnceValues(func() (string, error) {
	hash, err := native.ReadFile(nativeFolder + "/silt.sha256")
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("silt: there is no silt executable: SILT_EXECUTABLE is not set, and this module was "+
			"built without one; %s", howToGet)
	}
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("silt: no place to unpack the silt executable to; set SILT_EXECUTABLE: %w", err)
	}
	return unpack(filepath.Join(cache, "silt"), strings.TrimSpace(string(hash)))
})

// unpack writes the executable beside its place and renames it, so that a half-written one is never run.
func unpack(folder, hash string) (string, error) {
	path := filepath.Join(folder, "silt-"+hash)
	held, err := native.Open(nativeFolder + "/silt")
	if err != nil {
		return "", err
	}
	defer func() { _ = held.Close() }()
	if there, err := os.Stat(path); err == nil {
		if info, err := held.Stat(); err == nil && there.Size() == info.Size() {
			return path, nil
		}
	}
	content, err := native.ReadFile(nativeFolder + "/silt")
	if err != nil {
		return "", err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != hash {
		return "", errors.New("silt: the silt executable that the module brings is damaged")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	return path, writeExecutable(folder, path, content)
}

func writeExecutable(folder, path string, content []byte) error {
	file, err := os.CreateTemp(folder, "silt-*.new")
	if err != nil {
		return err
	}
	_, err = bytes.NewReader(content).WriteTo(file)
	err = errors.Join(err, file.Chmod(0o755), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}
