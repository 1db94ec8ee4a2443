package silt

import (
	"context"
	"sync"
)

// Who is to be told of a session's end, and whether it was asked for. Streams come and go while a session runs: all
// share one request.
type endWatch struct {
	mutex sync.Mutex
	told  map[*reader]struct{}
	asked bool
}

// finishAtEnd ends the stream with the session. The end is asked for when someone first has to wait.
func (s *ExecSession) finishAtEnd(stream *LogStream) {
	opened := stream.reader
	stream.mutex.Lock()
	defer stream.mutex.Unlock()
	stream.beforeWaiting = func() { s.tell(opened) }
}

func (s *ExecSession) tell(opened *reader) {
	forget := func() {
		s.ends.mutex.Lock()
		defer s.ends.mutex.Unlock()
		delete(s.ends.told, opened)
	}
	s.ends.mutex.Lock()
	if s.ends.told == nil {
		s.ends.told = map[*reader]struct{}{}
	}
	s.ends.told[opened] = struct{}{}
	ask := !s.ends.asked
	s.ends.asked = true
	s.ends.mutex.Unlock()
	if !opened.whenClosed(forget) {
		forget()
	}
	if ask {
		go s.askForEnd()
	}
}

func (s *ExecSession) askForEnd() {
	last := s.self(map[string]any{"lastByte": true})
	end, err := callFor[*SessionEnd](context.Background(), methodWait, last)
	s.ends.mutex.Lock()
	defer s.ends.mutex.Unlock()
	s.ends.asked = false
	// Without its supervisor the log itself says how it ended.
	if err != nil || end.Detached {
		return
	}
	for reader := range s.ends.told {
		reader.finish(end.LastSequence)
	}
}
