package silt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// LogEntry is a line that a command wrote, or a part of a long or slow one. Joining the data of all entries of one
// session and source gives back the exact bytes that the process wrote.
//
// It is small and lazy: text, level and cursor are made when they are asked for. Entries that came together share
// memory; to keep few of many, keep what their methods give. Its methods may be called from any goroutine.
type LogEntry struct {
	batch *batch
	index int
}

// Gap is what is missing where this stands in for entries that are gone; nil of an entry. It is never there unless
// the stream was opened with [OnGapReport].
func (e *LogEntry) Gap() *LogGap {
	if e.batch.metaGap(e.index) == 0 {
		return nil
	}
	return gapOf(e.batch, e.index)
}

// Log is which of the three logs it is in; each counts its own sequence.
func (e *LogEntry) Log() Log { return logs[e.batch.metaLog(e.index)] }

// Source is where its bytes came from.
func (e *LogEntry) Source() Source { return sources[e.batch.metaSource(e.index)] }

// Sequence is its number in its log: contiguous, from 1, never given twice.
func (e *LogEntry) Sequence() int64 { return int64(e.batch.sequences(e.index)) }

// SessionID is the exec session; 0 for [SourceSystem].
func (e *LogEntry) SessionID() int64 { return int64(e.batch.sessions(e.index)) }

// Timestamp is when it was captured, in UTC, to the nanosecond.
func (e *LogEntry) Timestamp() time.Time { return time.Unix(0, e.batch.times(e.index)).UTC() }

// Level is found in the text of the line; [LevelInfo] where that has none.
func (e *LogEntry) Level() Level { return levels[e.batch.levels()[e.index]] }

// Part is which part of a split line it is; [PartWhole] for a whole line.
func (e *LogEntry) Part() Part { return parts[e.batch.metaPart(e.index)] }

// Data is the exact bytes, line end included. They must not be changed.
func (e *LogEntry) Data() []byte {
	if e.batch.metaGap(e.index) != 0 {
		return nil
	}
	return e.batch.content(e.index)
}

// Text is the bytes as text, line end included. What is not UTF-8 shows as U+FFFD.
func (e *LogEntry) Text() string { return lenient(e.Data()) }

// Line is the text without its line end: one \n, and one \r before it.
func (e *LogEntry) Line() string {
	data := e.Data()
	if bytes.HasSuffix(data, []byte{'\n'}) {
		data = bytes.TrimSuffix(data[:len(data)-1], []byte{'\r'})
	}
	return lenient(data)
}

// Cursor stands just after this entry: FromCursor goes on with the next one.
func (e *LogEntry) Cursor() string { return e.batch.cursor(e.index) }

// MarshalJSON is the entry as on the command line and over HTTP, without its cursor.
func (e *LogEntry) MarshalJSON() ([]byte, error) {
	if gap := e.Gap(); gap != nil {
		return json.Marshal(gap)
	}
	made := entryJSON{
		Timestamp: rfc3339(e.Timestamp()), Log: e.Log(), Source: e.Source(), Sequence: e.Sequence(),
		Level: e.Level(), Part: e.Part(),
	}
	if id := e.SessionID(); id != 0 {
		made.SessionID = &id
	}
	if e.batch.metaUtf8(e.index) != 0 {
		made.Data = string(e.Data())
	} else {
		made.Data, made.Encoding = base64.StdEncoding.EncodeToString(e.Data()), "base64"
	}
	return json.Marshal(made)
}

type entryJSON struct {
	Timestamp string `json:"timestamp"`
	Log       Log    `json:"log"`
	Source    Source `json:"source"`
	SessionID *int64 `json:"sessionId"`
	Sequence  int64  `json:"sequence"`
	Level     Level  `json:"level"`
	Data      string `json:"data"`
	Encoding  string `json:"encoding,omitempty"`
	Part      Part   `json:"part,omitempty"`
}

// Always nine fractional digits.
func rfc3339(at time.Time) string {
	return at.UTC().Format("2006-01-02T15:04:05.000000000Z07:00")
}

// lenient has one U+FFFD for each maximal part of what could have become a character, as browsers have it.
func lenient(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	var text strings.Builder
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size <= 1 {
			size = brokenLength(data)
			text.WriteRune(utf8.RuneError)
		} else {
			text.Write(data[:size])
		}
		data = data[size:]
	}
	return text.String()
}

// How many bytes begin a character and do not end it; at least one.
func brokenLength(data []byte) int {
	for size := min(3, len(data)); size > 1; size-- {
		if !utf8.FullRune(data[:size]) {
			return size
		}
	}
	return 1
}
