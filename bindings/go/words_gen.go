// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

// Log is a word: one of the three logs: what commands wrote, what the supervisor did, what the kernel did.
type Log string

const (
	LogExec    Log = "exec"
	LogRuntime Log = "runtime"
	LogKernel  Log = "kernel"
)

// In the order of their numbers, where they have one.
var logs = [...]Log{LogExec, LogRuntime, LogKernel}

// Source is a word: where an entry's bytes came from; output is a terminal.
type Source string

const (
	SourceStdout Source = "stdout"
	SourceStderr Source = "stderr"
	SourceOutput Source = "output"
	SourceSystem Source = "system"
)

// In the order of their numbers, where they have one.
var sources = [...]Source{SourceStdout, SourceStderr, SourceOutput, SourceSystem}

// Part is a word: which part of a split line an entry is; PartWhole is none.
type Part string

const (
	PartWhole  Part = ""
	PartFirst  Part = "first"
	PartMiddle Part = "middle"
	PartLast   Part = "last"
)

// In the order of their numbers, where they have one.
var parts = [...]Part{PartWhole, PartFirst, PartMiddle, PartLast}

// Level is a word: how severe a line is.
type Level string

const (
	LevelDebug    Level = "DEBUG"
	LevelInfo     Level = "INFO"
	LevelWarning  Level = "WARNING"
	LevelError    Level = "ERROR"
	LevelCritical Level = "CRITICAL"
)

// In the order of their numbers, where they have one.
var levels = [...]Level{LevelDebug, LevelInfo, LevelWarning, LevelError, LevelCritical}

// GapReason is a word: why entries are missing.
type GapReason string

const (
	GapReasonRotated  GapReason = "rotated"
	GapReasonCrash    GapReason = "crash"
	GapReasonDiskFull GapReason = "disk-full"
	GapReasonDamage   GapReason = "damage"
)

// In the order of their numbers, where they have one.
var gapReasons = [...]GapReason{GapReasonRotated, GapReasonCrash, GapReasonDiskFull, GapReasonDamage}

// EndReason is a word: why a stream ended.
type EndReason string

const (
	EndReasonDrained EndReason = "drained"
	EndReasonStopped EndReason = "stopped"
	EndReasonCrashed EndReason = "crashed"
	EndReasonRemoved EndReason = "removed"
	EndReasonUntil   EndReason = "until"
	EndReasonClosed  EndReason = "closed"
	EndReasonAborted EndReason = "aborted"
	EndReasonUnknown EndReason = "unknown"
)

// In the order of their numbers, where they have one.
var endReasons = [...]EndReason{EndReasonDrained, EndReasonStopped, EndReasonCrashed, EndReasonRemoved, EndReasonUntil, EndReasonClosed, EndReasonAborted, EndReasonUnknown}

// CursorReason is a word: why a cursor was refused.
type CursorReason string

const (
	CursorReasonMalformed    CursorReason = "malformed"
	CursorReasonChecksum     CursorReason = "checksum"
	CursorReasonNewerVersion CursorReason = "newer-version"
	CursorReasonOtherLog     CursorReason = "other-log"
	CursorReasonPastEnd      CursorReason = "past-end"
)

// In the order of their numbers, where they have one.
var cursorReasons = [...]CursorReason{CursorReasonMalformed, CursorReasonChecksum, CursorReasonNewerVersion, CursorReasonOtherLog, CursorReasonPastEnd}

// Format is a word: a form of a log as bytes.
type Format string

const (
	FormatText   Format = "text"
	FormatNdjson Format = "ndjson"
	FormatSse    Format = "sse"
)

// In the order of their numbers, where they have one.
var formats = [...]Format{FormatText, FormatNdjson, FormatSse}
