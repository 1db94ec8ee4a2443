package silt

import "time"

// SandboxStatus is whether a sandbox runs.
type SandboxStatus string

// StatusCrashed: its supervisor ended without ending the log.
const (
	StatusRunning SandboxStatus = "running"
	StatusStopped SandboxStatus = "stopped"
	StatusCrashed SandboxStatus = "crashed"
)

// SandboxInfo is what is known of a sandbox; the same as silt inspect --json.
type SandboxInfo struct {
	Name      string        `json:"name"`
	Status    SandboxStatus `json:"status"`
	Runtime   string        `json:"runtime"`
	CreatedAt time.Time     `json:"createdAt"`
	// The newest start.
	StartedAt *time.Time `json:"startedAt"`
	// Nil while it runs.
	EndedAt *time.Time `json:"endedAt"`
	// From the newest start to the end, or to now, in milliseconds.
	DurationMs    *int64 `json:"durationMs"`
	SupervisorPid *int   `json:"supervisorPid"`
	// The folder on the host that is /workspace inside.
	Workdir string        `json:"workdir"`
	Network string        `json:"network"`
	Limits  SandboxLimits `json:"limits"`
	// Size of the log on disk, in bytes.
	LogBytes int64 `json:"logBytes"`
	// The size beyond which the oldest entries go, in bytes.
	LogMaxBytes int64 `json:"logMaxBytes"`
	// Whether the beginning of the log is gone.
	Truncated bool `json:"truncated"`
	// The newest 1,000, oldest first; empty in a list.
	Sessions []SessionInfo `json:"sessions,omitempty"`
	// Why it ended, where it was not asked to.
	Error *string `json:"error"`
}

// SandboxLimits is how much a sandbox may use; nil where there is no limit.
type SandboxLimits struct {
	MemoryBytes *int64 `json:"memoryBytes,omitempty"`
	Processes   *int64 `json:"processes,omitempty"`
	OpenFiles   *int64 `json:"openFiles,omitempty"`
	CPUSeconds  *int64 `json:"cpuSeconds,omitempty"`
	BestEffort  bool   `json:"bestEffort"`
}

// SessionInfo is a command that ran or runs in a sandbox.
type SessionInfo struct {
	SessionID int64 `json:"sessionId"`
	// The program and its arguments.
	Command []string `json:"command"`
	// Nil while it runs and after a signal.
	ExitCode *int `json:"exitCode"`
	// "SIGKILL", …; nil when it exited by itself.
	Signal    *string   `json:"signal"`
	StartedAt time.Time `json:"startedAt"`
	// Nil while it runs.
	EndedAt *time.Time `json:"endedAt"`
	// The supervisor died while it ran: how it ended is not known.
	Crashed bool `json:"crashed,omitempty"`
}
