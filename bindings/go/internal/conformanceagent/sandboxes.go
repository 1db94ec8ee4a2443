package main

import (
	"context"
	"errors"
	"sync"

	"silt.invalid/silt"
)

// By the names that the runner gave.
var sandboxes, sessions sync.Map

// What both kinds of sandbox can do.
type life interface {
	located
	Stop(context.Context) error
	Kill(context.Context) error
	Remove(context.Context, silt.RemoveOptions) error
	Files() *silt.SandboxFiles
}

type operation = func(*request) (any, error)

func on[T any](held *sync.Map, name func(*request) string, do func(T, *request) (any, error)) operation {
	return func(r *request) (any, error) {
		found, err := named[any](held, name(r))
		if err != nil {
			return nil, err
		}
		fitting, is := found.(T)
		if !is {
			return nil, errors.New("this is asked of the wrong kind of sandbox")
		}
		return do(fitting, r)
	}
}

func onSandbox[T any](do func(T, *request) (any, error)) operation {
	return on(&sandboxes, func(r *request) string { return r.Sandbox }, do)
}

func onSession(do func(*silt.ExecSession, *request) (any, error)) operation {
	return on(&sessions, func(r *request) string { return r.Session }, do)
}

func addSandboxes(operations map[string]func(*request) (any, error)) {
	addLife(operations)
	addCommands(operations)
	addFiles(operations)
}

func addLife(operations map[string]operation) {
	ctx := context.Background()
	operations["create"] = func(r *request) (any, error) {
		options, err := optionsFrom[silt.Options](r.Options)
		if err != nil {
			return nil, err
		}
		sandbox, err := silt.Create(ctx, options)
		if err != nil {
			return nil, err
		}
		sandboxes.Store(r.Sandbox, sandbox)
		return object{"name": sandbox.Name}, nil
	}
	operations["get"] = func(r *request) (any, error) {
		handle, err := silt.Get(ctx, r.Name)
		if err != nil {
			return nil, err
		}
		sandboxes.Store(r.Sandbox, handle)
		return object{"info": handle.Info}, nil
	}
	operations["list"] = func(*request) (any, error) {
		handles, err := silt.List(ctx)
		infos := make([]*silt.SandboxInfo, len(handles))
		for i, handle := range handles {
			infos[i] = handle.Info
		}
		return object{"infos": infos}, err
	}
	running := func(make func(*silt.SandboxHandle) (*silt.Sandbox, error)) operation {
		return onSandbox(func(handle *silt.SandboxHandle, r *request) (any, error) {
			sandbox, err := make(handle)
			if err == nil {
				sandboxes.Store(r.Sandbox, sandbox)
			}
			return object{}, err
		})
	}
	operations["start"] = running(func(handle *silt.SandboxHandle) (*silt.Sandbox, error) {
		return handle.Start(ctx, silt.StartOptions{})
	})
	operations["connect"] = running(func(handle *silt.SandboxHandle) (*silt.Sandbox, error) {
		return handle.Connect(ctx)
	})
	operations["stop"] = onSandbox(func(sandbox life, _ *request) (any, error) {
		return object{}, sandbox.Stop(ctx)
	})
	operations["kill"] = onSandbox(func(sandbox life, _ *request) (any, error) {
		return object{}, sandbox.Kill(ctx)
	})
	operations["remove"] = onSandbox(func(sandbox life, r *request) (any, error) {
		err := sandbox.Remove(ctx, silt.RemoveOptions{Force: r.Force})
		if err == nil {
			sandboxes.Delete(r.Sandbox)
		}
		return object{}, err
	})
	operations["release"] = func(r *request) (any, error) {
		found, _ := sandboxes.LoadAndDelete(r.Sandbox)
		if sandbox, is := found.(*silt.Sandbox); is {
			return object{}, sandbox.Disconnect(ctx)
		}
		return object{}, nil
	}
	operations["expose"] = onSandbox(func(sandbox *silt.Sandbox, r *request) (any, error) {
		url, err := sandbox.Expose(ctx, r.Port)
		return object{"url": url}, err
	})
}

func endToJSON(end *silt.SessionEnd) object {
	return object{
		"sessionId": end.SessionID, "exitCode": end.ExitCode, "signal": end.Signal,
		"timedOut": end.TimedOut, "detached": end.Detached, "totals": end.Totals,
	}
}

func addCommands(operations map[string]operation) {
	ctx := context.Background()
	operations["exec"] = onSandbox(func(sandbox *silt.Sandbox, r *request) (any, error) {
		options, err := optionsFrom[silt.ExecOptions](r.Options)
		if err != nil {
			return nil, err
		}
		result, err := sandbox.Exec(ctx, r.Program, r.Args, options)
		if err != nil {
			return nil, err
		}
		told := endToJSON(&result.SessionEnd)
		told["truncated"] = result.Truncated
		told["stdout"], told["stderr"] = append([]byte{}, result.Stdout...), append([]byte{}, result.Stderr...)
		return told, nil
	})
	operations["spawn"] = onSandbox(func(sandbox *silt.Sandbox, r *request) (any, error) {
		options, err := optionsFrom[silt.SpawnOptions](r.Options)
		if err != nil {
			return nil, err
		}
		session, err := sandbox.Spawn(ctx, r.Program, r.Args, options)
		if err != nil {
			return nil, err
		}
		sessions.Store(r.Session, session)
		return object{"sessionId": session.SessionID}, nil
	})
	operations["write"] = onSession(func(session *silt.ExecSession, r *request) (any, error) {
		return object{}, session.Write(ctx, r.Data)
	})
	operations["endInput"] = onSession(func(session *silt.ExecSession, _ *request) (any, error) {
		return object{}, session.End(ctx)
	})
	operations["signal"] = onSession(func(session *silt.ExecSession, r *request) (any, error) {
		return object{}, session.Kill(ctx, r.Signal)
	})
	operations["resize"] = onSession(func(session *silt.ExecSession, r *request) (any, error) {
		return object{}, session.Resize(ctx, r.Columns, r.Rows)
	})
	operations["wait"] = onSession(func(session *silt.ExecSession, _ *request) (any, error) {
		end, err := session.Wait(ctx)
		if err != nil {
			return nil, err
		}
		return endToJSON(end), nil
	})
}

func addFiles(operations map[string]operation) {
	ctx := context.Background()
	operations["readFile"] = onSandbox(func(sandbox life, r *request) (any, error) {
		data, err := sandbox.Files().Read(ctx, r.Path)
		return object{"data": append([]byte{}, data...)}, err
	})
	operations["writeFile"] = onSandbox(func(sandbox life, r *request) (any, error) {
		return object{}, sandbox.Files().Write(ctx, r.Path, r.Data)
	})
	operations["listFiles"] = onSandbox(func(sandbox life, r *request) (any, error) {
		files, err := sandbox.Files().List(ctx, r.Path)
		return object{"files": files}, err
	})
	operations["removeFile"] = onSandbox(func(sandbox life, r *request) (any, error) {
		return object{}, sandbox.Files().Remove(ctx, r.Path)
	})
}
