// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

import "time"

// GapRange is what a call answers. Entries that are gone, both ends included.
type GapRange struct {
	// The log that they were in.
	Log Log `json:"log"`
	// The first number that is missing.
	From int64 `json:"from"`
	// The last number that is missing.
	To int64 `json:"to"`
	// How many entries were lost; nil where only a bound is known.
	Lost *int64 `json:"lost"`
	// Why they are gone.
	Reason GapReason `json:"reason"`
}

// RecordedGap is what a call answers. Entries of one log that are gone, both ends included.
type RecordedGap struct {
	// The first number that is missing.
	From int64 `json:"from"`
	// The last number that is missing.
	To int64 `json:"to"`
	// How many entries were lost; nil where only a bound is known.
	Lost *int64 `json:"lost"`
	// Why they are gone.
	Reason GapReason `json:"reason"`
}

// LogTotals is what a call answers. What a stream delivered of one log.
type LogTotals struct {
	// How many entries.
	Entries int64 `json:"entries"`
	// Bytes of the entries' data.
	Bytes int64 `json:"bytes"`
	// Nil when nothing was delivered.
	FirstSequence *int64 `json:"firstSequence"`
	// Nil when nothing was delivered.
	LastSequence *int64 `json:"lastSequence"`
	// How many gaps were delivered.
	Gaps int64 `json:"gaps"`
}

// SourceTotals is what a call answers. What a session wrote to one source, or what came of that.
type SourceTotals struct {
	// `stdout`, `stderr` or `output`.
	Source Source `json:"source"`
	// How many entries.
	Entries int64 `json:"entries"`
	// How many bytes.
	Bytes int64 `json:"bytes"`
	// Of all bytes, in hexadecimal.
	Sha256 string `json:"sha256"`
}

// DeliveredSession is what a call answers. What a stream delivered of an exec session.
type DeliveredSession struct {
	// Its number in its sandbox.
	SessionID int64 `json:"sessionId"`
	// Whether it is all that the session wrote to the sources asked for, by the totals of its exit record, which were counted where the bytes came in. Nil where that can not be said: the session has not ended as far as the stream was read, the stream began after the session's first entry, or it selects by `level`, `grep` or `since`.
	Complete *bool `json:"complete"`
	// Those of which something was delivered.
	Sources []SourceTotals `json:"sources"`
}

// streamEnd is what a call answers. How a stream ended.
type streamEnd struct {
	// Why it ended.
	Reason EndReason `json:"reason"`
	// The cursor from which another stream goes on.
	Position string `json:"position"`
	// Whether the beginning of the log is gone.
	Truncated bool `json:"truncated"`
	// By log, those that were read.
	Logs map[Log]LogTotals `json:"logs"`
	// By exec session, in their order; only with the option `digest`.
	Sessions []DeliveredSession `json:"sessions,omitzero"`
}

// SandboxLimits is what a call answers. How much a sandbox may use. Absent: no limit of Silt's own.
type SandboxLimits struct {
	// Memory of the whole sandbox, in bytes.
	MemoryBytes *int64 `json:"memoryBytes,omitzero"`
	// Processes and threads of the whole sandbox.
	Processes *int64 `json:"processes,omitzero"`
	// Open files of each process.
	OpenFiles *int64 `json:"openFiles,omitzero"`
	// CPU time of each process, in seconds.
	CPUSeconds *int64 `json:"cpuSeconds,omitzero"`
	// Whether it goes on without a limit that does not hold.
	BestEffort bool `json:"bestEffort"`
}

// SessionInfo is what a call answers. A command that ran or runs in a sandbox.
type SessionInfo struct {
	// Its number in its sandbox.
	SessionID int64 `json:"sessionId"`
	// The program and its arguments.
	Command []string `json:"command"`
	// Nil while it runs and after a signal.
	ExitCode *int64 `json:"exitCode"`
	// `"SIGKILL"`, …; nil when it exited by itself.
	Signal *string `json:"signal"`
	// When it was started.
	StartedAt time.Time `json:"startedAt"`
	// Nil while it runs.
	EndedAt *time.Time `json:"endedAt"`
	// Only there, and true, where the supervisor died while it ran: how it ended is not known.
	Crashed bool `json:"crashed,omitzero"`
}

// SandboxInfo is what a call answers. What is known of a sandbox; the same as `silt inspect --json`. Times are RFC 3339 in UTC.
type SandboxInfo struct {
	// Its name.
	Name string `json:"name"`
	// Whether it runs.
	Status SandboxStatus `json:"status"`
	// What it runs in.
	Runtime string `json:"runtime"`
	// When it was created.
	CreatedAt time.Time `json:"createdAt"`
	// The newest start.
	StartedAt *time.Time `json:"startedAt"`
	// Nil while it runs.
	EndedAt *time.Time `json:"endedAt"`
	// From the newest start to the end, or to now. In milliseconds.
	DurationMs *int64 `json:"durationMs"`
	// Nil unless it runs.
	SupervisorPid *int64 `json:"supervisorPid"`
	// The folder on the host that is `/workspace` inside.
	Workdir string `json:"workdir"`
	// What it reaches of the network.
	Network string `json:"network"`
	// How much it may use.
	Limits SandboxLimits `json:"limits"`
	// Size of the log on disk, in bytes.
	LogBytes int64 `json:"logBytes"`
	// The size beyond which the oldest entries go, in bytes.
	LogMaxBytes int64 `json:"logMaxBytes"`
	// Whether the beginning of the log is gone.
	Truncated bool `json:"truncated"`
	// The newest 1,000, oldest first; empty in a list.
	Sessions []SessionInfo `json:"sessions"`
	// Why it ended, where it was not asked to.
	Error *string `json:"error"`
}

// SessionEnd is what a call answers. How a session ended.
type SessionEnd struct {
	// Its number in its sandbox.
	SessionID int64 `json:"sessionId"`
	// Nil after a signal. 127: not found; 126: not executable.
	ExitCode *int64 `json:"exitCode"`
	// `"SIGKILL"`, …; nil when it exited by itself.
	Signal *string `json:"signal"`
	// Whether its time limit ended it.
	TimedOut bool `json:"timedOut"`
	// Whether a child of it still held its output; what that writes still goes to the log.
	Detached bool `json:"detached"`
	// When it was started.
	StartedAt time.Time `json:"startedAt"`
	// When it ended.
	EndedAt time.Time `json:"endedAt"`
	// From start to end. In milliseconds.
	DurationMs int64 `json:"durationMs"`
	// All that the session wrote until then is in the log up to this number.
	LastSequence int64 `json:"lastSequence"`
	// Empty while Detached.
	Totals []SourceTotals `json:"totals"`
}

// spawnedSession is what a call answers. A command that was started.
type spawnedSession struct {
	// Its number in its sandbox.
	SessionID int64 `json:"sessionId"`
	// Stands just before its first entry, in all three logs.
	Cursor string `json:"cursor"`
}

// writeResult is what a call answers. What became of bytes for a command's input.
type writeResult struct {
	// Whether the command no longer reads its input.
	Closed bool `json:"closed"`
}

// exposedPort is what a call answers. A port that was made reachable.
type exposedPort struct {
	// On the host, at 127.0.0.1.
	Port int64 `json:"port"`
}

// FileInfo is what a call answers. A file or folder in a sandbox.
type FileInfo struct {
	// Its name in its folder.
	Name string `json:"name"`
	// What it is.
	Kind FileKind `json:"kind"`
	// In bytes.
	Size int64 `json:"size"`
	// When it was changed.
	ModifiedAt time.Time `json:"modifiedAt"`
}

// VerifiedLog is what a call answers. One log of a checked folder. Numbers are 0 where there are none.
type VerifiedLog struct {
	// Which one.
	Log Log `json:"log"`
	// Files read.
	Segments int64 `json:"segments"`
	// Bytes read.
	Bytes int64 `json:"bytes"`
	// How many entries it holds.
	Entries int64 `json:"entries"`
	// The number of the first.
	FirstSequence int64 `json:"firstSequence"`
	// The number of the last.
	LastSequence int64 `json:"lastSequence"`
	// Whether its beginning is gone.
	Truncated bool `json:"truncated"`
	// Recorded gaps, the first 1,000.
	Gaps []RecordedGap `json:"gaps"`
	// Bytes after the last whole line, which count for nothing.
	TornBytes int64 `json:"tornBytes"`
}

// LogDamage is what a call answers. Damage, named by the entries that it touches.
type LogDamage struct {
	// The log that it is in.
	Log Log `json:"log"`
	// The number of the file it was found in.
	Segment int64 `json:"segment"`
	// What is wrong.
	Kind DamageKind `json:"kind"`
	// The first number that may be wrong or gone; nil where no entry is touched.
	From *int64 `json:"from"`
	// The last one.
	To *int64 `json:"to"`
	// What was found.
	Message string `json:"message"`
}

// VerifiedSessions is what a call answers. Exec sessions whose length and SHA-256 were compared with their exit record.
type VerifiedSessions struct {
	// Held as a whole, and compared.
	Checked int64 `json:"checked"`
	// Not held as a whole, and not compared.
	NotHeld int64 `json:"notHeld"`
}

// VerifyReport is what a call answers. What a check of a log folder found.
type VerifyReport struct {
	// All that is held is as it was written. A beginning that is gone, and recorded gaps, do not matter.
	Whole bool `json:"whole"`
	// Names the folder, in hexadecimal digits.
	LogID string `json:"logId"`
	// Whether it has a writer, or how the last one ended.
	Writer SandboxStatus `json:"writer"`
	// `exec`, `runtime`, `kernel`.
	Logs []VerifiedLog `json:"logs"`
	// Exec sessions that were compared with their exit record.
	Sessions VerifiedSessions `json:"sessions"`
	// The first 1,000.
	Damage []LogDamage `json:"damage"`
	// How many more there are.
	DamageLeftOut int64 `json:"damageLeftOut"`
}
