// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

// Log is a word. One of the three logs: what commands wrote, what the supervisor did, what the kernel did.
type Log string

const (
	LogExec    Log = "exec"
	LogRuntime Log = "runtime"
	LogKernel  Log = "kernel"
)

// By their numbers.
var logs = [...]Log{LogExec, LogRuntime, LogKernel}

// Source is a word. Where an entry's bytes came from; `output` is a terminal.
type Source string

const (
	SourceStdout Source = "stdout"
	SourceStderr Source = "stderr"
	SourceOutput Source = "output"
	SourceSystem Source = "system"
)

// By their numbers.
var sources = [...]Source{SourceStdout, SourceStderr, SourceOutput, SourceSystem}

// Part is a word. Which part of a split line an entry is.
type Part string

const (
	PartWhole  Part = ""
	PartFirst  Part = "first"
	PartMiddle Part = "middle"
	PartLast   Part = "last"
)

// By their numbers.
var parts = [...]Part{PartWhole, PartFirst, PartMiddle, PartLast}

// Level is a word. How severe a line is.
type Level string

const (
	LevelDebug    Level = "DEBUG"
	LevelInfo     Level = "INFO"
	LevelWarning  Level = "WARNING"
	LevelError    Level = "ERROR"
	LevelCritical Level = "CRITICAL"
)

// By their numbers.
var levels = [...]Level{LevelDebug, LevelInfo, LevelWarning, LevelError, LevelCritical}

// GapReason is a word. Why entries are missing.
type GapReason string

const (
	GapReasonRotated  GapReason = "rotated"
	GapReasonCrash    GapReason = "crash"
	GapReasonDiskFull GapReason = "disk-full"
	GapReasonDamage   GapReason = "damage"
)

// By their numbers.
var gapReasons = [...]GapReason{GapReasonRotated, GapReasonCrash, GapReasonDiskFull, GapReasonDamage}

// EndReason is a word. Why a stream ended.
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

// CursorReason is a word. Why a cursor was refused.
type CursorReason string

const (
	CursorReasonMalformed    CursorReason = "malformed"
	CursorReasonChecksum     CursorReason = "checksum"
	CursorReasonNewerVersion CursorReason = "newer-version"
	CursorReasonOtherLog     CursorReason = "other-log"
	CursorReasonPastEnd      CursorReason = "past-end"
)

// Format is a word. A form of a log as bytes.
type Format string

const (
	FormatText   Format = "text"
	FormatNdjson Format = "ndjson"
	FormatSse    Format = "sse"
)

// SandboxStatus is a word. Whether a sandbox runs; `crashed`: its supervisor ended without ending the log.
type SandboxStatus string

const (
	SandboxStatusRunning SandboxStatus = "running"
	SandboxStatusStopped SandboxStatus = "stopped"
	SandboxStatusCrashed SandboxStatus = "crashed"
)

// FileKind is a word. What is found under a name; a link is not followed.
type FileKind string

const (
	FileKindFile   FileKind = "file"
	FileKindFolder FileKind = "folder"
	FileKindLink   FileKind = "link"
	FileKindOther  FileKind = "other"
)

// DamageKind is a word. What is wrong with a log on disk.
type DamageKind string

const (
	DamageKindChecksum DamageKind = "checksum"
	DamageKindLine     DamageKind = "line"
	DamageKindMissing  DamageKind = "missing"
	DamageKindCut      DamageKind = "cut"
	DamageKindSegment  DamageKind = "segment"
	DamageKindChain    DamageKind = "chain"
	DamageKindOrder    DamageKind = "order"
	DamageKindSession  DamageKind = "session"
)
