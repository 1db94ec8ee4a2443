package silt

import (
	"fmt"
	"sync"

	"github.com/ebitengine/purego"
)

// What a function of the library answers.
const (
	statusOK = iota
	statusPending
	statusEnd
	statusError
)

// The functions of the library that this client uses.
type library struct {
	free, call                              uintptr
	queueOpen, queueFd, queueNextMany       uintptr
	streamOpen, streamTake, streamPosition  uintptr
	streamFinish, streamClose               uintptr
	batchCursor, batchPosition, batchLevels uintptr
	batchFrames, endFrame                   uintptr
}

// loaded gives the library, loaded when it is first needed, and the reason why it can not be from then on.
var loaded = sync.OnceValues(load)

func load() (*library, error) {
	handle, from, err := openLibrary()
	if err != nil {
		return nil, err
	}
	number, err := purego.Dlsym(handle, "silt_abi")
	if err != nil {
		return nil, fmt.Errorf("silt: %s is no library of Silt: %w", from, err)
	}
	if answered, _, _ := purego.SyscallN(number); uint64(answered) != abi {
		return nil, fmt.Errorf("silt: %s is of another release: its interface is %#x, this client (%s) needs %#x; "+
			"take the library of the same release", from, answered, version, uint64(abi))
	}
	library := &library{}
	for name, function := range library.names() {
		if *function, err = purego.Dlsym(handle, "silt_"+name); err != nil {
			return nil, fmt.Errorf("silt: %s lacks a function: %w", from, err)
		}
	}
	return library, nil
}

func (l *library) names() map[string]*uintptr {
	return map[string]*uintptr{
		"free": &l.free, "call": &l.call,
		"queue_open": &l.queueOpen, "queue_fd": &l.queueFd, "queue_next_many": &l.queueNextMany,
		"stream_open": &l.streamOpen, "stream_take": &l.streamTake, "stream_position": &l.streamPosition,
		"stream_finish": &l.streamFinish, "stream_close": &l.streamClose,
		"batch_cursor": &l.batchCursor, "batch_position": &l.batchPosition, "batch_levels": &l.batchLevels,
		"batch_frames": &l.batchFrames, "end_frame": &l.endFrame,
	}
}
