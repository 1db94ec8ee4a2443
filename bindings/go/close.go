package silt

// Position is where the reading stands: after the last entry that was handed over, and after what filters skipped
// since. FromCursor goes on there.
func (s *LogStream) Position() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.standing()
}

func (s *LogStream) standing() string {
	switch {
	case s.index < len(s.items):
		return s.batch.positionBefore(s.index)
	case s.end != nil || s.failure != nil:
		return s.position
	default:
		return s.reader.position()
	}
}

// End is how the stream ended; nil before that, and of one that failed.
func (s *LogStream) End() *LogEnd {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.end == nil {
		return nil
	}
	return &LogEnd{s.end.Reason, s.end.Logs, s.end.Sessions}
}

// Close ends the stream. Those who wait in [LogStream.Recv] get [io.EOF]. Harmless when it has ended; never an error.
func (s *LogStream) Close() error {
	s.close(EndReasonClosed)
	return nil
}

// What was taken and not handed over counts as not read.
func (s *LogStream) close(reason EndReason) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.end != nil || s.failure != nil {
		return
	}
	s.position = s.standing()
	end := s.letGo(reason)
	if end == nil {
		end = &streamEnd{Reason: reason}
	}
	s.end = end
	s.drop()
}
