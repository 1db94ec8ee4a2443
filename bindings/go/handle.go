package silt

import "context"

// SandboxHandle is a sandbox that was looked up: its log, its files, its life. It may run or not.
type SandboxHandle struct {
	LocatedSandbox
}

// Status is its status when it was looked up.
func (h *SandboxHandle) Status() SandboxStatus {
	return h.Info.Status
}

// Start starts it again, in the same log.
func (h *SandboxHandle) Start(ctx context.Context, options StartOptions) (*Sandbox, error) {
	return startWith(ctx, methodStart, h.home(), h.where, options.wire())
}

// Connect gives the running sandbox, to run commands in. It fails with [*SandboxNotRunning].
func (h *SandboxHandle) Connect(ctx context.Context) (*Sandbox, error) {
	info, err := callFor[*SandboxInfo](ctx, methodConnect, h.where)
	if err != nil {
		return nil, err
	}
	return &Sandbox{located(h.home(), info)}, nil
}

func (h *SandboxHandle) home() string {
	home, _ := h.where["home"].(string)
	return home
}

// startWith starts a supervisor.
func startWith(ctx context.Context, method method, home string, where place, options *wire) (*Sandbox, error) {
	if options.err != nil {
		return nil, options.err
	}
	executable, err := executable()
	if err != nil {
		return nil, err
	}
	params := where.with(map[string]any{"executable": executable, "options": emptyIfNil(options.fields)})
	info, err := callFor[*SandboxInfo](ctx, method, params)
	if err != nil {
		return nil, err
	}
	return &Sandbox{located(home, info)}, nil
}
