// Package silt runs commands in sandboxes and keeps what they write in a log that can be read, followed and resumed
// without losing an entry unseen.
//
//	sandbox, err := silt.Create(ctx, silt.Options{})
//	if err != nil {
//		return err
//	}
//	defer sandbox.Stop(context.WithoutCancel(ctx))
//	result, err := sandbox.Exec(ctx, "echo", []string{"hello"}, silt.ExecOptions{})
//
// It needs no cgo. The library is the one of SILT_LIBRARY, else the one that the module brings; the silt executable
// that supervises sandboxes that of SILT_EXECUTABLE, else the one that the module brings.
package silt

import (
	"context"
	"fmt"
)

// Sandbox is a running sandbox. Its supervisor is a process of its own: what commands write is kept whether or not
// the program that started them lives.
type Sandbox struct {
	LocatedSandbox
}

// Create creates a sandbox and starts it. One that has started after ctx is done is removed.
//
// It fails with [*InvalidArgument] and [*SandboxExists], and with [*RuntimeUnavailable] and [*LimitUnavailable]
// where this machine can not do it; the message names the mend. Nothing weaker is chosen instead.
func Create(ctx context.Context, options Options) (*Sandbox, error) {
	home, err := home()
	if err != nil {
		return nil, err
	}
	params, err := withExecutable(place{"home": home}, options.wire())
	if err != nil {
		return nil, err
	}
	created := func(info *SandboxInfo) *Sandbox { return &Sandbox{located(home, info)} }
	info, err := callOrUndo(ctx, methodCreate, params, func(info *SandboxInfo) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		_ = created(info).Remove(ctx, RemoveOptions{Force: true})
	})
	if err != nil {
		return nil, err
	}
	return created(info), nil
}

// Get looks up a sandbox, running or not. It fails with [*SandboxNotFound].
func Get(ctx context.Context, name string) (*SandboxHandle, error) {
	home, err := home()
	if err != nil {
		return nil, err
	}
	info, err := callFor[*SandboxInfo](ctx, methodGet, placeOf(home, name))
	if err != nil {
		return nil, err
	}
	return &SandboxHandle{located(home, info)}, nil
}

// List gives all sandboxes of this user, by name, without their sessions.
func List(ctx context.Context) ([]*SandboxHandle, error) {
	home, err := home()
	if err != nil {
		return nil, err
	}
	infos, err := callFor[[]*SandboxInfo](ctx, methodList, place{"home": home})
	handles := make([]*SandboxHandle, len(infos))
	for i, info := range infos {
		handles[i] = &SandboxHandle{located(home, info)}
	}
	return handles, err
}

// Exec runs a program and waits for it. A status, a signal and a time-out are results and no errors. The program is
// found on the PATH inside; it is never a line of shell, see [Sandbox.Shell].
//
// When ctx is done the command is killed, and the error is ctx's.
func (s *Sandbox) Exec(ctx context.Context, program string, args []string, options ExecOptions) (*ExecResult, error) {
	return execute(ctx, s.where, program, args, options)
}

// Shell runs a line of shell and waits for it, as Exec of /bin/sh -c does.
func (s *Sandbox) Shell(ctx context.Context, line string, options ExecOptions) (*ExecResult, error) {
	return s.Exec(ctx, "/bin/sh", []string{"-c", line}, options)
}

// Spawn starts a program and does not wait: for servers, for input, for a terminal. ctx is for starting alone.
func (s *Sandbox) Spawn(ctx context.Context, program string, args []string, options SpawnOptions) (*ExecSession, error) {
	return spawn(ctx, s.where, program, args, !options.NoStdin, options.wire())
}

// Expose makes a port inside reachable on this machine's loopback, also before anything listens there: a connection
// waits up to 10 s for it. It answers the address, "http://127.0.0.1:…".
func (s *Sandbox) Expose(ctx context.Context, port int) (url string, err error) {
	exposed, err := callFor[exposedPort](ctx, methodExpose, s.where.with(map[string]any{"port": port}))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("http://127.0.0.1:%d", exposed.Port), nil
}

// Disconnect lets the sandbox go without stopping it, so that its IdleTimeout can begin.
func (s *Sandbox) Disconnect(ctx context.Context) error {
	return s.do(ctx, methodDisconnect, nil)
}
