package silt

import (
	"context"
	"encoding/json"
	"io"
	"time"
)

// ExecSession is a program that was started in a sandbox.
type ExecSession struct {
	// Its number in the sandbox, never used again; SessionID of all entries that it writes.
	SessionID int64
	// Stands just before its first entry.
	Cursor string
	where  place
	// Held by whoever gives input, so that what is written stays together.
	input chan struct{}
	ends  endWatch
}

// The core takes 16 MiB at once; less keeps little in flight.
const largestWrite = 1 << 20

// Write gives bytes to its standard input, and waits until all of it was taken. It fails with [io.ErrClosedPipe] when
// the program does not read its input any more.
func (s *ExecSession) Write(ctx context.Context, data []byte) error {
	return s.withInput(ctx, func() error {
		for len(data) > 0 {
			part := data[:min(len(data), largestWrite)]
			data = data[len(part):]
			reply, err := call(ctx, methodWrite, s.self(nil), part)
			if err != nil {
				return err
			}
			var answer writeResult
			if err := json.Unmarshal(reply.json, &answer); err != nil {
				return err
			}
			if answer.Closed {
				return io.ErrClosedPipe
			}
		}
		return nil
	})
}

// End ends its standard input, after all that was written.
func (s *ExecSession) End(ctx context.Context) error {
	return s.withInput(ctx, func() error {
		_, err := call(ctx, methodCloseStdin, s.self(nil), nil)
		return err
	})
}

// Kill sends a signal to its process group; "" is "SIGTERM".
func (s *ExecSession) Kill(ctx context.Context, signal string) error {
	if signal == "" {
		signal = "SIGTERM"
	}
	_, err := call(ctx, methodSignal, s.self(map[string]any{"signal": signal}), nil)
	return err
}

// Resize sets the size of its terminal, in characters.
func (s *ExecSession) Resize(ctx context.Context, columns, rows int) error {
	_, err := call(ctx, methodResize, s.self(map[string]any{"columns": columns, "rows": rows}), nil)
	return err
}

// Wait gives how it ended, once its last byte is in the log; or 1 s after its exit while a child of it still holds
// its output (Detached).
func (s *ExecSession) Wait(ctx context.Context) (*SessionEnd, error) {
	return callFor[*SessionEnd](ctx, methodWait, s.self(nil))
}

// LogStream gives what it writes, from its first entry on. With Follow the stream ends with the session.
func (s *ExecSession) LogStream(ctx context.Context, options LogStreamOptions) (*LogStream, error) {
	if options.Sessions != nil {
		return nil, invalidArgument("sessions", "the stream of a session has no other sessions")
	}
	if options.Since.IsZero() && options.FromCursor == "" {
		options.FromCursor = s.Cursor
	}
	options.Sessions = []int64{s.SessionID}
	stream, err := openStream(ctx, s.where, options.wire(), "stream", 0)
	if err != nil {
		return nil, err
	}
	s.finishAtEnd(stream)
	return stream, nil
}

// The parameters of every call that concerns it.
func (s *ExecSession) self(params map[string]any) map[string]any {
	all := s.where.with(params)
	all["sessionId"] = s.SessionID
	return all
}

func (s *ExecSession) withInput(ctx context.Context, action func() error) error {
	select {
	case s.input <- struct{}{}:
		defer func() { <-s.input }()
		return action()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// How long what nobody waits for any more may take.
const patience = 10 * time.Second

// abandon kills it on behalf of one who no longer waits.
func (s *ExecSession) abandon(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	// One that has ended by itself is no error.
	_ = s.Kill(ctx, "SIGKILL")
}

// spawn starts a program. One that starts after ctx is done is killed: nobody would know of it.
func spawn(ctx context.Context, where place, program string, args []string, stdin bool, options *wire) (*ExecSession, error) {
	if options.err != nil {
		return nil, options.err
	}
	if args == nil {
		args = []string{}
	}
	params := where.with(map[string]any{
		"program": program, "args": args, "stdin": stdin, "options": emptyIfNil(options.fields),
	})
	started := func(told spawnedSession) *ExecSession { return newSession(where, told.SessionID, told.Cursor) }
	told, err := callOrUndo(ctx, methodSpawn, params, func(told spawnedSession) { started(told).abandon(ctx) })
	if err != nil {
		return nil, err
	}
	return started(told), nil
}

func newSession(where place, id int64, cursor string) *ExecSession {
	return &ExecSession{SessionID: id, Cursor: cursor, where: where, input: make(chan struct{}, 1)}
}
