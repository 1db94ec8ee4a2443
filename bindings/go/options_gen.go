// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

import "time"

// OnGap is a choice of [LogStreamOptions].
type OnGap string

const (
	OnGapError  OnGap = "error"
	OnGapReport OnGap = "report"
)

// Sync is a choice of [LogOptions].
type Sync string

const (
	SyncSegment  Sync = "segment"
	SyncInterval Sync = "interval"
	SyncWrite    Sync = "write"
)

// Compress is a choice of [LogOptions].
type Compress string

const (
	CompressNone Compress = "none"
	CompressZstd Compress = "zstd"
)

// Runtime is a choice of [Options].
type Runtime string

const (
	RuntimeNamespace Runtime = "namespace"
	RuntimeProcess   Runtime = "process"
)

// Network is a choice of [Options].
type Network string

const (
	NetworkNone Network = "none"
	NetworkHost Network = "host"
)

// LogStreamOptions is a set of options. What a stream reads, and from where. A zero value is the default.
type LogStreamOptions struct {
	// Where entries may come from. `"all"` is all four; `system` brings the logs `runtime` and `kernel` along. Default: stdout, stderr and output.
	Sources []Source
	// Only entries of these exec sessions. Default: all sessions.
	Sessions []int64
	// Only entries of this level and above. Default: every level.
	Level Level
	// Only entries whose text, without colours and line end, matches this pattern (syntax of the Rust `regex` crate). Default: every entry.
	Grep string
	// Only entries captured at this time or later. Default: the oldest entry. Not together with FromCursor.
	Since time.Time
	// Only entries captured before this time; with Follow the stream ends then. Default: the newest entry.
	Until time.Time
	// Only entries after the place this cursor stands at. Default: the oldest entry. Not together with Since.
	FromCursor string
	// Only the newest entries, this many, counted after all other filters. Default: every entry. [Given] makes its pointer.
	Tail *int64
	// Wait for entries that are yet to come, until the sandbox stops. Default: false.
	Follow bool
	// What happens where entries are gone: `"error"` ends the stream with `MissedRotation`, `"report"` delivers a `LogGap` in their place and goes on. Default: "error".
	OnGap OnGap
	// Count and hash what is delivered of each exec session, for `end.sessions`, which also says whether that is all of it. Default: false.
	Digest bool
}

func (o LogStreamOptions) wire() *wire {
	w := &wire{}
	list(w, "sources", o.Sources)
	list(w, "sessions", o.Sessions)
	w.text("level", string(o.Level))
	w.text("grep", o.Grep)
	w.time("since", o.Since)
	w.time("until", o.Until)
	w.text("fromCursor", o.FromCursor)
	pointer(w, "tail", o.Tail)
	w.flag("follow", o.Follow)
	w.text("onGap", string(o.OnGap))
	w.flag("digest", o.Digest)
	w.exclude("since", "fromCursor")
	w.exclude("fromCursor", "since")
	return w
}

// LogSnapshotOptions is a set of options. What a snapshot reads, and from where. A zero value is the default.
type LogSnapshotOptions struct {
	// Where entries may come from. `"all"` is all four; `system` brings the logs `runtime` and `kernel` along. Default: stdout, stderr and output.
	Sources []Source
	// Only entries of these exec sessions. Default: all sessions.
	Sessions []int64
	// Only entries of this level and above. Default: every level.
	Level Level
	// Only entries whose text, without colours and line end, matches this pattern (syntax of the Rust `regex` crate). Default: every entry.
	Grep string
	// Only entries captured at this time or later. Default: the oldest entry. Not together with FromCursor.
	Since time.Time
	// Only entries captured before this time; with `follow` the stream ends then. Default: the newest entry.
	Until time.Time
	// Only entries after the place this cursor stands at. Default: the oldest entry. Not together with Since.
	FromCursor string
	// Only the newest entries, this many, counted after all other filters. Default: every entry. [Given] makes its pointer.
	Tail *int64
}

func (o LogSnapshotOptions) wire() *wire {
	w := &wire{}
	list(w, "sources", o.Sources)
	list(w, "sessions", o.Sessions)
	w.text("level", string(o.Level))
	w.text("grep", o.Grep)
	w.time("since", o.Since)
	w.time("until", o.Until)
	w.text("fromCursor", o.FromCursor)
	pointer(w, "tail", o.Tail)
	w.exclude("since", "fromCursor")
	w.exclude("fromCursor", "since")
	return w
}

// MountOptions is a set of options. A host folder or file shown inside. A zero value is the default.
type MountOptions struct {
	// The path on the host. Required.
	Source string
	// The path inside. Required.
	Target string
	// Whether it can not be written from inside. Default: true. [Given] makes its pointer.
	ReadOnly *bool
}

func (o MountOptions) wire() *wire {
	w := &wire{}
	w.text("source", o.Source)
	w.text("target", o.Target)
	pointer(w, "readOnly", o.ReadOnly)
	return w
}

// LimitOptions is a set of options. How much a sandbox may use. A zero value is the default.
type LimitOptions struct {
	// Memory of the whole sandbox, in bytes. Default: none.
	MemoryBytes int64
	// Processes and threads of the whole sandbox. Default: none.
	Processes int64
	// Open files of each process. Default: the host's.
	OpenFiles int64
	// CPU time of each process, in seconds. Default: none.
	CPUSeconds int64
	// Go on without a limit that this machine can not hold; each is named in a `system` entry. Otherwise it is `LimitUnavailable`. Default: false.
	BestEffort bool
}

func (o LimitOptions) wire() *wire {
	w := &wire{}
	w.integer("memoryBytes", o.MemoryBytes)
	w.integer("processes", o.Processes)
	w.integer("openFiles", o.OpenFiles)
	w.integer("cpuSeconds", o.CPUSeconds)
	w.flag("bestEffort", o.BestEffort)
	return w
}

// LogOptions is a set of options. How a sandbox's log is kept. A zero value is the default.
type LogOptions struct {
	// Size of the log on disk, in bytes; beyond it the oldest entries go. Default: 268435456.
	MaxBytes int64
	// Size of one file of the log, in bytes; at most half of MaxBytes. Default: the smaller of 16777216 and maxBytes / 8.
	SegmentBytes int64
	// Entries older than this go. Default: none.
	MaxAge time.Duration
	// When entries are forced to the disk: at each new file, once a second, or at each write. Default: "segment".
	Sync Sync
	// How older files of the log are compressed. Default: "none".
	Compress Compress
}

func (o LogOptions) wire() *wire {
	w := &wire{}
	w.integer("maxBytes", o.MaxBytes)
	w.integer("segmentBytes", o.SegmentBytes)
	w.duration("maxAge", o.MaxAge)
	w.text("sync", string(o.Sync))
	w.text("compress", string(o.Compress))
	return w
}

// Options is a set of options. What a sandbox is made of. A zero value is the default.
type Options struct {
	// Lower-case letters, digits, `.`, `_` and `-`, at most 63, the first a letter or digit. Default: one is made up.
	Name string
	// What isolates it. `"process"` isolates nothing. Default: "namespace".
	Runtime Runtime
	// The host folder shown, writable, at `/workspace`. Default: a private folder.
	Workdir string
	// Further host folders shown inside. Default: none.
	Mounts []MountOptions
	// Environment variables of every command. Their values are never written to disk. Default: none.
	Env map[string]string
	// What it reaches of the network: an own loopback, or all that the host reaches. Default: "none"; "host" for the runtime "process", which can not isolate it.
	Network Network
	// The sandbox is stopped this long after its start. Default: none.
	MaxLifetime time.Duration
	// The sandbox is stopped when for this long no session ran and no client was connected. Default: none.
	IdleTimeout time.Duration
	// How much it may use. Default: none.
	Limits LimitOptions
	// How its log is kept. Default: as listed there.
	Logs LogOptions
}

func (o Options) wire() *wire {
	w := &wire{}
	w.text("name", o.Name)
	w.text("runtime", string(o.Runtime))
	w.text("workdir", o.Workdir)
	objects(w, "mounts", o.Mounts)
	w.environment("env", o.Env)
	w.text("network", string(o.Network))
	w.duration("maxLifetime", o.MaxLifetime)
	w.duration("idleTimeout", o.IdleTimeout)
	w.object("limits", o.Limits.wire())
	w.object("logs", o.Logs.wire())
	return w
}

// StartOptions is a set of options. What a start may change; the rest is as at the sandbox's creation. A zero value is the default.
type StartOptions struct {
	// Environment variables of every command, given again: their values were not kept. Default: none.
	Env map[string]string
}

func (o StartOptions) wire() *wire {
	w := &wire{}
	w.environment("env", o.Env)
	return w
}

// PtyOptions is a set of options. The size of a terminal. A zero value is the default.
type PtyOptions struct {
	// In characters. Default: 80.
	Columns int64
	// In lines. Default: 24.
	Rows int64
}

func (o PtyOptions) wire() *wire {
	w := &wire{}
	w.integer("columns", o.Columns)
	w.integer("rows", o.Rows)
	return w
}

// ExecOptions is a set of options. How a command is run and waited for. A zero value is the default.
type ExecOptions struct {
	// Working folder inside, relative to `/workspace`. Default: /workspace.
	Cwd string
	// Environment variables, over those of the sandbox. Default: none.
	Env map[string]string
	// SIGTERM goes to the session's group after this long, SIGKILL 5 s later. Default: none.
	Timeout time.Duration
	// Run on a pseudo-terminal: exact order, and one source, `output`. Default: false. Its zero value is a terminal of the default size.
	Pty *PtyOptions
	// Standard input, which ends after it. Default: nil, which is none.
	Input []byte
	// Gets stdout, or what a terminal shows, as it comes, on the goroutine that called.
	OnStdout func(data []byte)
	// Gets stderr as it comes, on the goroutine that called.
	OnStderr func(data []byte)
}

func (o ExecOptions) wire() *wire {
	w := &wire{}
	w.text("cwd", o.Cwd)
	w.environment("env", o.Env)
	w.duration("timeout", o.Timeout)
	optional(w, "pty", o.Pty)
	return w
}

// SpawnOptions is a set of options. How a command is started. A zero value is the default.
type SpawnOptions struct {
	// Working folder inside, relative to `/workspace`. Default: /workspace.
	Cwd string
	// Environment variables, over those of the sandbox. Default: none.
	Env map[string]string
	// SIGTERM goes to the session's group after this long, SIGKILL 5 s later. Default: none.
	Timeout time.Duration
	// Run on a pseudo-terminal: exact order, and one source, `output`. Default: false. Its zero value is a terminal of the default size.
	Pty *PtyOptions
	// Whether its standard input is /dev/null, and not what Write gives. Default: false.
	NoStdin bool
}

func (o SpawnOptions) wire() *wire {
	w := &wire{}
	w.text("cwd", o.Cwd)
	w.environment("env", o.Env)
	w.duration("timeout", o.Timeout)
	optional(w, "pty", o.Pty)
	return w
}
