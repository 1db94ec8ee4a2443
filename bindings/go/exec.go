package silt

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// ExecResult is how a command ended, and what it wrote.
type ExecResult struct {
	SessionEnd
	// The newest 64 MiB. With Pty, all that the terminal showed.
	Stdout []byte
	// The newest 64 MiB.
	Stderr []byte
	// Whether the command wrote more than is here: more than fits, or what the log could not keep.
	Truncated bool
}

// execute runs a program, hands on what it writes, and waits for its end.
func execute(ctx context.Context, where place, program string, args []string, options ExecOptions) (*ExecResult, error) {
	session, err := spawn(ctx, where, program, args, options.Input != nil, options.wire())
	if err != nil {
		return nil, err
	}
	var result *ExecResult
	// Deferred: a callback that panics leaves no command running either.
	defer func() {
		if result == nil {
			session.abandon(ctx)
		}
	}()
	result, err = session.follow(ctx, options)
	return result, err
}

func (s *ExecSession) follow(ctx context.Context, options ExecOptions) (*ExecResult, error) {
	stream, err := openStream(ctx, s.where, LogStreamOptions{
		FromCursor: s.Cursor, Sessions: []int64{s.SessionID}, Follow: true, OnGap: OnGapReport,
	}.wire(), "stream", 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = stream.Close() }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	feeding, stopFeeding := context.WithCancel(context.WithoutCancel(ctx))
	keepFeeding := context.AfterFunc(ctx, stopFeeding)
	if options.Input != nil {
		// A copy: it may be read from after the caller has it back.
		go s.feed(feeding, cancel, bytes.Clone(options.Input))
	}
	ended := make(chan *SessionEnd, 1)
	go s.untilEnd(ctx, cancel, stream, ended)

	stdout := output{sources: []Source{SourceStdout, SourceOutput}, onData: options.OnStdout}
	stderr := output{sources: []Source{SourceStderr}, onData: options.OnStderr}
	if err := collect(ctx, stream, &stdout, &stderr); err != nil {
		return nil, causeOf(ctx, err)
	}
	select {
	case end := <-ended:
		if end.Detached {
			// A child that was left gets what is left of the input, as it reads.
			keepFeeding()
		}
		return &ExecResult{
			SessionEnd: *end,
			Stdout:     stdout.kept(),
			Stderr:     stderr.kept(),
			Truncated:  stdout.isTruncated(end) || stderr.isTruncated(end),
		}, nil
	case <-ctx.Done():
		return nil, causeOf(ctx, ctx.Err())
	}
}

// What one of the goroutines failed with, rather than that the others were told to leave.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(err, context.Canceled) && cause != nil {
		return cause
	}
	return err
}

// feed gives the input. A program may end before it has read all of it.
func (s *ExecSession) feed(ctx context.Context, cancel context.CancelCauseFunc, input []byte) {
	err := s.Write(ctx, input)
	if err == nil {
		err = s.End(ctx)
	}
	if err != nil && !errors.Is(err, io.ErrClosedPipe) {
		cancel(err)
	}
}

// untilEnd waits for the session. What it wrote is in the log by then: nothing after that is waited for.
func (s *ExecSession) untilEnd(ctx context.Context, cancel context.CancelCauseFunc, stream *LogStream, ended chan<- *SessionEnd) {
	end, err := s.Wait(ctx)
	if err != nil {
		cancel(err)
		return
	}
	stream.reader.finish(end.LastSequence)
	ended <- end
}

func collect(ctx context.Context, stream *LogStream, outputs ...*output) error {
	for {
		portion, err := next(ctx, stream, takePortion)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, output := range outputs {
			output.take(portion)
		}
	}
}
