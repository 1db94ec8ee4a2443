package silt

import (
	"encoding/json"
	"errors"
	"fmt"
)

// SiltError is what all errors of Silt have in common. Tell them apart by their types, or by the code:
//
//	var missed *silt.MissedRotation
//	if errors.As(err, &missed) {
//		resume(missed.ResumeCursor)
//	}
type SiltError struct {
	// The name of its kind, the same in every language.
	Code    Code
	Message string
	// Whether the same call can succeed later without a change.
	Retryable bool
}

func (e *SiltError) Error() string {
	return fmt.Sprintf("silt: %s: %s", e.Code, e.Message)
}

// VisitError calls the method for the kind of err, or of the first error it wraps that has one. It answers false
// where there is none, as for an error of another package.
func VisitError(err error, visitor ErrorVisitor) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if visitKind(err, visitor) {
			return true
		}
	}
	return false
}

// An error as it crosses the boundary.
type errorData struct {
	Code      Code            `json:"code"`
	Message   string          `json:"message"`
	Retryable bool            `json:"retryable"`
	Fields    json.RawMessage `json:"fields"`
}

func (data *errorData) err() error {
	return errorOf(SiltError{data.Code, data.Message, data.Retryable}, data.Fields)
}

func errorFromJSON(text []byte) error {
	var data errorData
	if err := json.Unmarshal(text, &data); err != nil {
		return &Internal{SiltError{CodeInternal, fmt.Sprintf("the library answered an error that is none: %q", text), false}}
	}
	return data.err()
}

func withFields[E error](kind E, fields []byte) error {
	if len(fields) > 0 {
		// A field that is of another type in a newer release stays empty.
		_ = json.Unmarshal(fields, kind)
	}
	return kind
}

func invalidArgument(option, message string) error {
	base := SiltError{CodeInvalidArgument, option + ": " + message, false}
	return &InvalidArgument{base, option}
}
