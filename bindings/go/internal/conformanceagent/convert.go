package main

import (
	"encoding/json"
	"errors"
	"strconv"

	"silt.invalid/silt"
)

func itemToJSON(entry *silt.LogEntry) (any, error) {
	if gap := entry.Gap(); gap != nil {
		return gap, nil
	}
	asJSON, err := json.Marshal(entry)
	if err != nil {
		return nil, err
	}
	var session, part any
	if id := entry.SessionID(); id != 0 {
		session = id
	}
	if held := entry.Part(); held != silt.PartWhole {
		part = held
	}
	return object{
		"type": "entry", "log": entry.Log(), "source": entry.Source(), "sessionId": session,
		"sequence": entry.Sequence(), "timestampNanos": strconv.FormatInt(entry.Timestamp().UnixNano(), 10),
		"level": entry.Level(), "part": part, "data": entry.Data(), "text": entry.Text(), "line": entry.Line(),
		"cursor": entry.Cursor(), "json": json.RawMessage(asJSON),
	}, nil
}

func itemsToJSON(entries []*silt.LogEntry) ([]any, error) {
	items := make([]any, len(entries))
	for i, entry := range entries {
		item, err := itemToJSON(entry)
		if err != nil {
			return nil, err
		}
		items[i] = item
	}
	return items, nil
}

func errorToJSON(err error) object {
	var base *silt.SiltError
	switch {
	case errors.Is(err, errInexpressible):
		return object{"code": "Inexpressible", "message": err.Error(), "retryable": false, "fields": object{}}
	case !errors.As(err, &base):
		return object{"code": "Agent", "message": err.Error(), "retryable": false, "fields": object{}}
	}
	fields := errorFields{}
	silt.VisitError(err, fields)
	return object{"code": base.Code, "message": base.Message, "retryable": base.Retryable, "fields": fields}
}

// The fields of a kind, under their names of the contract. A kind that is not handled here does not compile.
type errorFields object

var _ silt.ErrorVisitor = errorFields{}

func (f errorFields) text(name, value string) {
	if value != "" {
		f[name] = value
	}
}

func (f errorFields) VisitInvalidArgument(err *silt.InvalidArgument) { f.text("option", err.Option) }
func (f errorFields) VisitInvalidCursor(err *silt.InvalidCursor)     { f["reason"] = err.Reason }
func (f errorFields) VisitMissedRotation(err *silt.MissedRotation) {
	f["gaps"], f["resumeCursor"] = err.Gaps, err.ResumeCursor
}
func (f errorFields) VisitCorruption(err *silt.Corruption) {
	f.text("path", err.Path)
	if err.Report != nil {
		f["report"] = err.Report
	}
}
func (f errorFields) VisitSourceReplaced(err *silt.SourceReplaced)   { f.text("path", err.Path) }
func (f errorFields) VisitTruncated(err *silt.Truncated)             { f.text("path", err.Path) }
func (f errorFields) VisitSandboxNotFound(err *silt.SandboxNotFound) { f.text("sandbox", err.Sandbox) }
func (f errorFields) VisitSandboxExists(err *silt.SandboxExists)     { f.text("sandbox", err.Sandbox) }
func (f errorFields) VisitSandboxNotRunning(err *silt.SandboxNotRunning) {
	f.text("sandbox", err.Sandbox)
}
func (f errorFields) VisitRuntimeUnavailable(err *silt.RuntimeUnavailable) {
	f.text("runtime", err.Runtime)
}
func (f errorFields) VisitLimitUnavailable(err *silt.LimitUnavailable) { f.text("limit", err.Limit) }
func (f errorFields) VisitNotFound(err *silt.NotFound)                 { f.text("path", err.Path) }
func (f errorFields) VisitLocked(err *silt.Locked)                     { f.text("path", err.Path) }
func (f errorFields) VisitProtocol(*silt.Protocol)                     {}
func (f errorFields) VisitIo(err *silt.Io)                             { f.text("path", err.Path) }
func (f errorFields) VisitInternal(*silt.Internal)                     {}
