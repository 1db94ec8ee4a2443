package silt

import (
	"fmt"
	"os"
	"path/filepath"
)

// home is where the sandboxes of this user live: SILT_HOME, taken from the folder of now, else ~/.silt.
func home() (string, error) {
	if given := os.Getenv("SILT_HOME"); given != "" {
		return filepath.Abs(given)
	}
	user, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("silt: no home folder for sandboxes; set SILT_HOME: %w", err)
	}
	return filepath.Join(user, ".silt"), nil
}
