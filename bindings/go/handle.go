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
	params, err := withExecutable(h.where, options.wire())
	if err != nil {
		return nil, err
	}
	info, err := callFor[*SandboxInfo](ctx, methodStart, params)
	if err != nil {
		return nil, err
	}
	return &Sandbox{located(h.home(), info)}, nil
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

// withExecutable gives the parameters of a call that starts a supervisor.
func withExecutable(where place, options *wire) (map[string]any, error) {
	if options.err != nil {
		return nil, options.err
	}
	executable, err := executable()
	if err != nil {
		return nil, err
	}
	return where.with(map[string]any{"executable": executable, "options": emptyIfNil(options.fields)}), nil
}
