package silt

import (
	"context"
	"io"
	"runtime"
)

// A take hands over something of what a stream has at hand, with the lock held.
type take[T any] func(s *LogStream) (T, error)

// next waits until an item is at hand, and takes. [io.EOF] at the end. When ctx is done nothing was taken.
func next[T any](ctx context.Context, s *LogStream, take take[T]) (T, error) {
	var none T
	for {
		if err := ctx.Err(); err != nil {
			return none, err
		}
		taken, state, ready, err := attempt(s, take)
		switch {
		case err != nil:
			return none, err
		case state == readyItem:
			return taken, nil
		case state == readyEnd:
			return none, io.EOF
		case state == readyAgain:
			runtime.Gosched()
			continue
		}
		if s.announceWaiting() {
			continue
		}
		select {
		case <-ready:
		case <-ctx.Done():
			return none, ctx.Err()
		}
	}
}

// attempt takes if there is something now.
func attempt[T any](s *LogStream, take take[T]) (taken T, state readiness, ready <-chan struct{}, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	state, err = s.seek()
	if err == nil && state == readyItem {
		taken, err = take(s)
	}
	return taken, state, s.ready, err
}

// announceWaiting says once that someone has to wait; true when it did.
func (s *LogStream) announceWaiting() bool {
	s.mutex.Lock()
	announce := s.beforeWaiting
	s.beforeWaiting = nil
	s.mutex.Unlock()
	if announce == nil {
		return false
	}
	announce()
	return true
}

func takeOne(s *LogStream) (*LogEntry, error) {
	entry := &s.items[s.index]
	s.index++
	return entry, nil
}

func takeAll(s *LogStream) ([]LogEntry, error) {
	entries := s.items[s.index:]
	s.index = len(s.items)
	return entries, nil
}

// The items of a batch from one on.
type portion struct {
	batch *batch
	from  int
}

func takePortion(s *LogStream) (portion, error) {
	taken := portion{s.batch, s.index}
	s.index = len(s.items)
	return taken, nil
}
