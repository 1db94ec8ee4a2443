package silt

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Recv gives the next entry, and [io.EOF] at the end. It waits until there is one or ctx is done; then nothing is
// lost, and the next call goes on. Calls that overlap share the entries between them.
//
// It fails with [*MissedRotation] where entries are gone, unless the stream was opened with [OnGapReport]: then an
// entry may stand in for a gap, see [LogEntry.Gap].
func (s *LogStream) Recv(ctx context.Context) (*LogEntry, error) {
	return next(ctx, s, takeOne)
}

// TryRecv gives the next entry if there is one now, nil when it has to be waited for, and [io.EOF] at the end.
func (s *LogStream) TryRecv() (*LogEntry, error) {
	entry, state, _, err := attempt(s, takeOne)
	switch {
	case err != nil:
		return nil, err
	case state == readyItem:
		return entry, nil
	case state == readyEnd:
		return nil, io.EOF
	}
	// Also for one who only ever tries: without it nobody would learn where the reading has to end.
	s.announceWaiting()
	return nil, nil
}

// All gives entries until the end, and an error as the last if there is one. Leaving the loop closes the stream.
// When ctx is done the stream ends with [EndReasonAborted], and ctx's error is the last.
func (s *LogStream) All(ctx context.Context) iter.Seq2[*LogEntry, error] {
	return each(ctx, s, takeOne)
}

// Batches is as [LogStream.All], with all entries that are there at once: as fast as it gets. None is empty.
func (s *LogStream) Batches(ctx context.Context) iter.Seq2[[]LogEntry, error] {
	return each(ctx, s, takeAll)
}

// Bytes is as [LogStream.All], with bytes that are made without an entry for each item. [FormatText] is what was
// written, and a line of text for a gap, also within another line, which it cuts in two; [FormatNdjson] an entry as
// JSON on each line; [FormatSse] server-sent events, whose ids are cursors.
func (s *LogStream) Bytes(ctx context.Context, format Format) iter.Seq2[[]byte, error] {
	frames := each(ctx, s, func(s *LogStream) ([]byte, error) {
		made, err := s.batch.frames(s.index, format)
		if err == nil {
			s.index = len(s.items)
		}
		return made, err
	})
	if format != FormatSse {
		return frames
	}
	return func(yield func([]byte, error) bool) {
		for frame, err := range frames {
			if !yield(frame, err) || err != nil {
				return
			}
		}
		if last := s.endFrame(format); last != nil {
			yield(last, nil)
		}
	}
}

func each[T any](ctx context.Context, s *LogStream, take take[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		reason := EndReasonClosed
		defer func() { s.close(reason) }()
		for {
			taken, err := next(ctx, s, take)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil && ctx.Err() != nil {
				reason = EndReasonAborted
				// Before the error is handed over: whoever gets it finds the stream ended.
				s.close(reason)
			}
			if !yield(taken, err) || err != nil {
				return
			}
		}
	}
}

func (s *LogStream) endFrame(format Format) []byte {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.end == nil {
		return nil
	}
	told := *s.end
	told.Position = s.position
	text, err := json.Marshal(told)
	if err != nil {
		return nil
	}
	name := []byte(format)
	library := s.reader.library
	var out buffer
	purego.SyscallN(library.endFrame, uintptr(start(text)), uintptr(len(text)),
		uintptr(start(name)), uintptr(len(name)), uintptr(unsafe.Pointer(&out)))
	return out.take(library)
}
