package silt

import (
	"context"
	"maps"
)

// Where a sandbox is, as parameters of a call. The home is fixed when it is found: a later change of SILT_HOME does
// not move it.
type place map[string]any

func placeOf(home, name string) place {
	return place{"home": home, "name": name}
}

// with adds parameters to those that say where.
func (p place) with(params map[string]any) map[string]any {
	all := maps.Clone(p)
	maps.Copy(all, params)
	return all
}

// LocatedSandbox is what can be done with a sandbox, running or not. Where ctx is done before the answer has come,
// what was asked for may still be done.
type LocatedSandbox struct {
	LogReadable
	Name string
	// What was known of it when it was created, started or looked up; Inspect asks again.
	Info  *SandboxInfo
	where place
}

func located(home string, info *SandboxInfo) LocatedSandbox {
	where := placeOf(home, info.Name)
	return LocatedSandbox{LogReadable{where}, info.Name, info, where}
}

// Files gives access to its files as seen inside, relative to /workspace.
func (s *LocatedSandbox) Files() *SandboxFiles {
	return &SandboxFiles{s.where}
}

// Inspect asks what is known of it now.
func (s *LocatedSandbox) Inspect(ctx context.Context) (*SandboxInfo, error) {
	return callFor[*SandboxInfo](ctx, methodGet, s.where)
}

// Stop ends it: SIGTERM to all commands, SIGKILL 5 s later. Its log stays. Harmless when it has ended.
func (s *LocatedSandbox) Stop(ctx context.Context) error {
	return s.do(ctx, methodStop, nil)
}

// Kill ends it at once, with SIGKILL. Its log stays. Harmless when it has ended.
func (s *LocatedSandbox) Kill(ctx context.Context) error {
	return s.do(ctx, methodKill, nil)
}

// RemoveOptions says how a sandbox is removed. A zero value is the default.
type RemoveOptions struct {
	// Ends it first when it runs. Default: false.
	Force bool
}

// Remove removes it with its log, its private folder and its record.
func (s *LocatedSandbox) Remove(ctx context.Context, options RemoveOptions) error {
	return s.do(ctx, methodRemove, map[string]any{"force": options.Force})
}

func (s *LocatedSandbox) do(ctx context.Context, method method, params map[string]any) error {
	_, err := call(ctx, method, s.where.with(params), nil)
	return err
}
