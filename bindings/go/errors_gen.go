// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

// Code is the name of a kind of error, the same in every language. Each has a type of its name.
type Code string

const (
	CodeInvalidArgument    Code = "InvalidArgument"
	CodeInvalidCursor      Code = "InvalidCursor"
	CodeMissedRotation     Code = "MissedRotation"
	CodeCorruption         Code = "Corruption"
	CodeSourceReplaced     Code = "SourceReplaced"
	CodeTruncated          Code = "Truncated"
	CodeSandboxNotFound    Code = "SandboxNotFound"
	CodeSandboxExists      Code = "SandboxExists"
	CodeSandboxNotRunning  Code = "SandboxNotRunning"
	CodeRuntimeUnavailable Code = "RuntimeUnavailable"
	CodeLimitUnavailable   Code = "LimitUnavailable"
	CodeNotFound           Code = "NotFound"
	CodeLocked             Code = "Locked"
	CodeProtocol           Code = "Protocol"
	CodeIo                 Code = "Io"
	CodeInternal           Code = "Internal"
)

// InvalidArgument is a kind of error. An option is wrong. Nothing was read, written or started. The message says what is expected.
type InvalidArgument struct {
	SiltError `json:"-"`
	// The option that was wrong.
	Option string `json:"option"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *InvalidArgument) Unwrap() error { return &e.SiltError }

// InvalidCursor is a kind of error. The cursor can not be used on this log. No entry was delivered. Read from a time, or from the oldest entry.
type InvalidCursor struct {
	SiltError `json:"-"`
	// Why the cursor was refused, the first that applies.
	Reason CursorReason `json:"reason"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *InvalidCursor) Unwrap() error { return &e.SiltError }

// MissedRotation is a kind of error. Entries that were asked for are gone. Resume from `resumeCursor`, or read with `onGap: "report"`.
type MissedRotation struct {
	SiltError `json:"-"`
	// The entries that are gone, ends included.
	Gaps []GapRange `json:"gaps"`
	// Goes on just after the gaps.
	ResumeCursor string `json:"resumeCursor"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *MissedRotation) Unwrap() error { return &e.SiltError }

// Corruption is a kind of error. What is on disk can not be read as a log. `verify` lists the damage; what is whole is still read with `onGap: "report"`.
type Corruption struct {
	SiltError `json:"-"`
	// The folder.
	Path string `json:"path"`
	// What `verify` found; absent elsewhere.
	Report *VerifyReport `json:"report"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *Corruption) Unwrap() error { return &e.SiltError }

// SourceReplaced is a kind of error. The file that was followed is now another one, and nothing explains where the old one went. Open it anew to read the new one.
type SourceReplaced struct {
	SiltError `json:"-"`
	// The file or folder.
	Path string `json:"path"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *SourceReplaced) Unwrap() error { return &e.SiltError }

// Truncated is a kind of error. The file that was followed became shorter. Open it anew to read what it holds now.
type Truncated struct {
	SiltError `json:"-"`
	// The file or folder.
	Path string `json:"path"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *Truncated) Unwrap() error { return &e.SiltError }

// SandboxNotFound is a kind of error. There is no sandbox of this name. `silt ls` shows those there are.
type SandboxNotFound struct {
	SiltError `json:"-"`
	// The sandbox's name.
	Sandbox string `json:"sandbox"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *SandboxNotFound) Unwrap() error { return &e.SiltError }

// SandboxExists is a kind of error. There already is a sandbox of this name. Take another one, or remove that one.
type SandboxExists struct {
	SiltError `json:"-"`
	// The sandbox's name.
	Sandbox string `json:"sandbox"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *SandboxExists) Unwrap() error { return &e.SiltError }

// SandboxNotRunning is a kind of error. The sandbox is stopped. Start it first.
type SandboxNotRunning struct {
	SiltError `json:"-"`
	// The sandbox's name.
	Sandbox string `json:"sandbox"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *SandboxNotRunning) Unwrap() error { return &e.SiltError }

// RuntimeUnavailable is a kind of error. This machine can not run this runtime. The message names the mend.
type RuntimeUnavailable struct {
	SiltError `json:"-"`
	// The runtime asked for.
	Runtime string `json:"runtime"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *RuntimeUnavailable) Unwrap() error { return &e.SiltError }

// LimitUnavailable is a kind of error. This machine can not hold this limit. The message names the mend; `bestEffort: true` goes on without it.
type LimitUnavailable struct {
	SiltError `json:"-"`
	// The limit asked for.
	Limit string `json:"limit"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *LimitUnavailable) Unwrap() error { return &e.SiltError }

// NotFound is a kind of error. There is no file or folder at this path. Correct the path.
type NotFound struct {
	SiltError `json:"-"`
	// The file or folder.
	Path string `json:"path"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *NotFound) Unwrap() error { return &e.SiltError }

// Locked is a kind of error. Another writer holds the log folder. Try again when it has ended, or take another folder. The same call can succeed later.
type Locked struct {
	SiltError `json:"-"`
	// The file or folder.
	Path string `json:"path"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *Locked) Unwrap() error { return &e.SiltError }

// Protocol is a kind of error. The sandbox's supervisor went away or speaks another version. Where it still is `running`, use the release that made it; else start it again.
type Protocol struct {
	SiltError `json:"-"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *Protocol) Unwrap() error { return &e.SiltError }

// Io is a kind of error. The system refused a call. The message has the system's reason: mend that, and try again. The same call can succeed later.
type Io struct {
	SiltError `json:"-"`
	// The file or folder.
	Path string `json:"path"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *Io) Unwrap() error { return &e.SiltError }

// Internal is a kind of error. A fault in Silt itself. Please report it.
type Internal struct {
	SiltError `json:"-"`
}

// Unwrap gives what all errors of Silt have in common.
func (e *Internal) Unwrap() error { return &e.SiltError }

// ErrorVisitor has a method for each kind of error. A type that implements it no longer compiles when a release
// brings a new kind that it does not handle.
type ErrorVisitor interface {
	VisitInvalidArgument(err *InvalidArgument)
	VisitInvalidCursor(err *InvalidCursor)
	VisitMissedRotation(err *MissedRotation)
	VisitCorruption(err *Corruption)
	VisitSourceReplaced(err *SourceReplaced)
	VisitTruncated(err *Truncated)
	VisitSandboxNotFound(err *SandboxNotFound)
	VisitSandboxExists(err *SandboxExists)
	VisitSandboxNotRunning(err *SandboxNotRunning)
	VisitRuntimeUnavailable(err *RuntimeUnavailable)
	VisitLimitUnavailable(err *LimitUnavailable)
	VisitNotFound(err *NotFound)
	VisitLocked(err *Locked)
	VisitProtocol(err *Protocol)
	VisitIo(err *Io)
	VisitInternal(err *Internal)
}

// Of an error itself, not of what it wraps.
func visitKind(err error, visitor ErrorVisitor) bool {
	switch err := err.(type) {
	case *InvalidArgument:
		visitor.VisitInvalidArgument(err)
	case *InvalidCursor:
		visitor.VisitInvalidCursor(err)
	case *MissedRotation:
		visitor.VisitMissedRotation(err)
	case *Corruption:
		visitor.VisitCorruption(err)
	case *SourceReplaced:
		visitor.VisitSourceReplaced(err)
	case *Truncated:
		visitor.VisitTruncated(err)
	case *SandboxNotFound:
		visitor.VisitSandboxNotFound(err)
	case *SandboxExists:
		visitor.VisitSandboxExists(err)
	case *SandboxNotRunning:
		visitor.VisitSandboxNotRunning(err)
	case *RuntimeUnavailable:
		visitor.VisitRuntimeUnavailable(err)
	case *LimitUnavailable:
		visitor.VisitLimitUnavailable(err)
	case *NotFound:
		visitor.VisitNotFound(err)
	case *Locked:
		visitor.VisitLocked(err)
	case *Protocol:
		visitor.VisitProtocol(err)
	case *Io:
		visitor.VisitIo(err)
	case *Internal:
		visitor.VisitInternal(err)
	default:
		return false
	}
	return true
}

// A code of a newer release is a plain *SiltError.
func errorOf(base SiltError, fields []byte) error {
	switch base.Code {
	case CodeInvalidArgument:
		return withFields(&InvalidArgument{SiltError: base}, fields)
	case CodeInvalidCursor:
		return withFields(&InvalidCursor{SiltError: base}, fields)
	case CodeMissedRotation:
		return withFields(&MissedRotation{SiltError: base}, fields)
	case CodeCorruption:
		return withFields(&Corruption{SiltError: base}, fields)
	case CodeSourceReplaced:
		return withFields(&SourceReplaced{SiltError: base}, fields)
	case CodeTruncated:
		return withFields(&Truncated{SiltError: base}, fields)
	case CodeSandboxNotFound:
		return withFields(&SandboxNotFound{SiltError: base}, fields)
	case CodeSandboxExists:
		return withFields(&SandboxExists{SiltError: base}, fields)
	case CodeSandboxNotRunning:
		return withFields(&SandboxNotRunning{SiltError: base}, fields)
	case CodeRuntimeUnavailable:
		return withFields(&RuntimeUnavailable{SiltError: base}, fields)
	case CodeLimitUnavailable:
		return withFields(&LimitUnavailable{SiltError: base}, fields)
	case CodeNotFound:
		return withFields(&NotFound{SiltError: base}, fields)
	case CodeLocked:
		return withFields(&Locked{SiltError: base}, fields)
	case CodeProtocol:
		return withFields(&Protocol{SiltError: base}, fields)
	case CodeIo:
		return withFields(&Io{SiltError: base}, fields)
	case CodeInternal:
		return withFields(&Internal{SiltError: base}, fields)
	}
	return &base
}
