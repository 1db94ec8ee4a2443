package silt

import (
	"encoding/json"
	"time"
)

// SourceTotals is what a session wrote to one source.
type SourceTotals struct {
	Source  Source `json:"source"`
	Entries uint64 `json:"entries"`
	Bytes   uint64 `json:"bytes"`
	// Of all bytes, in hexadecimal.
	SHA256 string `json:"sha256"`
}

// SessionEnd is how a session ended.
type SessionEnd struct {
	SessionID int64 `json:"sessionId"`
	// Nil after a signal. 127: not found; 126: not executable.
	ExitCode *int `json:"exitCode"`
	// "SIGKILL", …; empty when it exited by itself.
	Signal string `json:"signal"`
	// Whether its time limit ended it.
	TimedOut bool `json:"timedOut"`
	// Whether a child of it still held its output; what that writes still goes to the log.
	Detached  bool      `json:"detached"`
	StartedAt time.Time `json:"startedAt"`
	EndedAt   time.Time `json:"endedAt"`
	Duration  time.Duration
	// Empty while Detached.
	Totals []SourceTotals `json:"totals"`
}

// Code is the exit code, -1 after a signal.
func (e *SessionEnd) Code() int {
	if e.ExitCode == nil {
		return -1
	}
	return *e.ExitCode
}

// A session's end as the core tells it.
type sessionEnd struct {
	SessionEnd
	DurationMs int64 `json:"durationMs"`
	// All that the session wrote until then is in the log up to this number.
	LastSequence uint64 `json:"lastSequence"`
}

func (end *sessionEnd) public() *SessionEnd {
	told := end.SessionEnd
	told.Duration = time.Duration(end.DurationMs) * time.Millisecond
	return &told
}

func sessionEndFrom(text []byte) (*sessionEnd, error) {
	end := &sessionEnd{}
	return end, json.Unmarshal(text, end)
}
