package silt

import (
	"context"
	"path/filepath"
)

// LogDirectory is a log folder without a sandbox, such as a copy.
type LogDirectory struct {
	LogReadable
	// The folder's path, as it was given.
	Folder string
}

// OpenLogDirectory opens a folder with logs. It fails with [*NotFound] when there is none.
func OpenLogDirectory(ctx context.Context, folder string) (*LogDirectory, error) {
	// A later change of the current folder does not move it.
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if _, err := call(ctx, methodOpenLog, map[string]any{"folder": folder}, nil); err != nil {
		return nil, err
	}
	return &LogDirectory{LogReadable{map[string]any{"folder": absolute}}, folder}, nil
}
