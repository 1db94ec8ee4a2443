package silt

import (
	"context"
	"encoding/json"
	"runtime"
	"sync"
)

// LogStream is a log as it is, or as it grows. Iterate it once with [LogStream.All], or call [LogStream.Recv].
//
//	stream, err := sandbox.LogStream(ctx, silt.LogStreamOptions{Follow: true})
//	if err != nil {
//		return err
//	}
//	defer stream.Close()
//	for entry, err := range stream.All(ctx) {
//		if err != nil {
//			return err
//		}
//		os.Stdout.Write(entry.Data())
//	}
//
// Its methods may be called from any goroutine. One that waits is a parked goroutine and no thread. A stream that is
// forgotten is closed when it is collected.
type LogStream struct {
	reader *reader
	// Taken from the library at once, at most; 0 for its default.
	limit  uint32
	cancel runtime.Cleanup

	mutex sync.Mutex
	// Items before index of the batch at hand were handed over.
	batch *batch
	items []LogEntry
	index int
	// Closed by the event that follows the last take.
	ready <-chan struct{}
	// What is to be called when someone first has to wait.
	beforeWaiting func()
	failure       error
	end           *streamEnd
	position      string
}

// What a stream has now.
type readiness int

const (
	// An item is at hand.
	readyItem readiness = iota
	// Filters used up their share of time, and an item may follow at once.
	readyAgain
	readyPending
	readyEnd
)

func openStream(ctx context.Context, place map[string]any, options *wire, mode string, limit uint32) (*LogStream, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opened, err := openReader(place, options, mode)
	if err != nil {
		return nil, err
	}
	stream := &LogStream{reader: opened, limit: limit}
	stream.cancel = runtime.AddCleanup(stream, (*reader).forget, opened)
	return stream, nil
}

// seek brings an item to hand if there is one now.
func (s *LogStream) seek() (readiness, error) {
	switch {
	case s.index < len(s.items):
		return readyItem, nil
	case s.failure != nil:
		return readyEnd, s.failure
	case s.end != nil:
		return readyEnd, nil
	}
	s.drop()
	// An event that comes after the take ends this wait, also one that comes at once.
	s.ready = s.reader.ready()
	status, taken := s.reader.take(s.limit)
	switch status {
	case statusOK:
		return s.hold(taken)
	case statusPending:
		return readyPending, nil
	case statusEnd:
		end := &streamEnd{}
		if err := json.Unmarshal(taken, end); err != nil {
			return s.fail(err)
		}
		s.finished(end)
		return readyEnd, nil
	default:
		return s.fail(errorFromJSON(taken))
	}
}

func (s *LogStream) hold(packed []byte) (readiness, error) {
	batch, whole := newBatch(s.reader.library, packed)
	if !whole {
		return s.fail(&Internal{SiltError{CodeInternal, "the library gave a batch that is none", false}})
	}
	if batch.items == 0 {
		return readyAgain, nil
	}
	s.batch, s.items, s.index = batch, make([]LogEntry, batch.items), 0
	for i := range s.items {
		s.items[i] = LogEntry{batch, i}
	}
	return readyItem, nil
}

func (s *LogStream) drop() {
	s.batch, s.items, s.index = nil, nil, 0
}

func (s *LogStream) fail(err error) (readiness, error) {
	s.position = s.reader.position()
	s.failure = err
	s.letGo(EndReasonClosed)
	return readyEnd, err
}

func (s *LogStream) finished(end *streamEnd) {
	s.position = s.reader.position()
	s.letGo(EndReasonClosed)
	s.end = end
}

// letGo closes what the library has.
func (s *LogStream) letGo(reason EndReason) *streamEnd {
	s.cancel.Stop()
	s.beforeWaiting = nil
	end, _ := s.reader.close(reason, s.batch, s.index)
	return end
}
