package silt

import (
	"context"
	"sync"
	"weak"
)

// Who is to be told of a session's end, and whether it was asked for. Streams come and go while a session runs: all
// share one request.
type endWatch struct {
	mutex sync.Mutex
	told  map[*reader]weak.Pointer[LogStream]
	asked bool
}

// finishAtEnd ends the stream with the session. The end is asked for when someone first has to wait.
func (s *ExecSession) finishAtEnd(stream *LogStream) {
	opened, told := stream.reader, weak.Make(stream)
	stream.mutex.Lock()
	defer stream.mutex.Unlock()
	stream.beforeWaiting = func() { s.tell(opened, told) }
}

func (s *ExecSession) tell(opened *reader, stream weak.Pointer[LogStream]) {
	forget := func() {
		s.ends.mutex.Lock()
		defer s.ends.mutex.Unlock()
		delete(s.ends.told, opened)
	}
	s.ends.mutex.Lock()
	if s.ends.told == nil {
		s.ends.told = map[*reader]weak.Pointer[LogStream]{}
	}
	s.ends.told[opened] = stream
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
	s.ends.asked = false
	if err == nil {
		for reader := range s.ends.told {
			reader.finish(end.LastSequence)
		}
		s.ends.mutex.Unlock()
		return
	}
	told := s.ends.told
	s.ends.told = nil
	s.ends.mutex.Unlock()
	// The supervisor died. Who goes on reading asks again: another may have taken over the log.
	for _, stream := range told {
		if stream := stream.Value(); stream != nil {
			s.finishAtEnd(stream)
		}
	}
}
