package silt

import "context"

// SandboxFiles is the files of a sandbox's working folder, running or not: paths are relative to /workspace. No link
// and no .. leads out; a link's absolute target counts from /workspace. What mounts show there is not seen.
type SandboxFiles struct {
	where place
}

// Read gives the bytes of a file.
func (f *SandboxFiles) Read(ctx context.Context, path string) ([]byte, error) {
	reply, err := call(ctx, methodReadFile, f.at(path), nil)
	return reply.payload, err
}

// Write writes a file, whole; folders above it are made. A link there is replaced, not followed.
func (f *SandboxFiles) Write(ctx context.Context, path string, data []byte) error {
	_, err := call(ctx, methodWriteFile, f.at(path), data)
	return err
}

// List gives what a folder holds, by name; "." is the working folder.
func (f *SandboxFiles) List(ctx context.Context, path string) ([]FileInfo, error) {
	return callFor[[]FileInfo](ctx, methodListFiles, f.at(path))
}

// Remove removes a file, or a folder with all that it holds.
func (f *SandboxFiles) Remove(ctx context.Context, path string) error {
	_, err := call(ctx, methodRemoveFile, f.at(path), nil)
	return err
}

func (f *SandboxFiles) at(path string) map[string]any {
	return f.where.with(map[string]any{"path": path})
}
