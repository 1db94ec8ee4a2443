package silt

import (
	"encoding/json"
	"io"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// A stream as the library has it. It outlives the [LogStream] that nobody holds any more by as long as it takes to
// be closed, and so must never hold one.
type reader struct {
	library *library
	queue   *queue
	handle  uint64
	token   uint64
	mutex   sync.Mutex
	waiter  chan struct{}
	// What is to be undone when the stream is over.
	release func()
	closed  bool
}

// openReader opens a stream of the library. place says of which log.
func openReader(place map[string]any, options *wire, mode string) (*reader, error) {
	if options.err != nil {
		return nil, options.err
	}
	params := map[string]any{"options": emptyIfNil(options.fields), "mode": mode}
	for name, value := range place {
		params[name] = value
	}
	given, err := toJSON(params)
	if err != nil {
		return nil, err
	}
	queue, err := processQueue()
	if err != nil {
		return nil, err
	}
	r := &reader{library: queue.library, queue: queue}
	r.token = queue.register(r)
	var failure buffer
	var handle uint64
	status, _, _ := purego.SyscallN(r.library.streamOpen, uintptr(start(given)), uintptr(len(given)),
		uintptr(queue.handle), uintptr(r.token), uintptr(unsafe.Pointer(&handle)), uintptr(unsafe.Pointer(&failure)))
	if int32(status) != statusOK {
		queue.unregister(r.token)
		return nil, errorFromJSON(failure.take(r.library))
	}
	r.handle = handle
	return r, nil
}

// ready is closed by the next event. It is to be got before the take that is to be waited for.
func (r *reader) ready() <-chan struct{} {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.waiter == nil {
		r.waiter = make(chan struct{})
	}
	return r.waiter
}

// wake lets go all who wait.
func (r *reader) wake() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.waiter != nil {
		close(r.waiter)
		r.waiter = nil
	}
}

func (r *reader) receive(int32, []byte, []byte) { r.wake() }

// take gives what the library has now: a batch with statusOK, nothing with statusPending, the end with statusEnd.
func (r *reader) take(entries uint32) (status int32, taken []byte) {
	var out buffer
	answered, _, _ := purego.SyscallN(r.library.streamTake,
		uintptr(r.handle), uintptr(entries), 0, uintptr(unsafe.Pointer(&out)))
	return int32(answered), out.take(r.library)
}

func (r *reader) position() string {
	var out buffer
	purego.SyscallN(r.library.streamPosition, uintptr(r.handle), uintptr(unsafe.Pointer(&out)))
	defer out.free(r.library)
	return string(out.view())
}

// finish wants nothing after entry last of the log exec. Harmless once it is closed: handles are not given twice.
func (r *reader) finish(last int64) {
	purego.SyscallN(r.library.streamFinish, uintptr(r.handle), uintptr(last))
}

// close ends the stream where index of batch stands, or after all that was taken when that is nil.
func (r *reader) close(reason EndReason, batch *batch, index int) (*streamEnd, error) {
	var packed []byte
	if batch != nil {
		packed = batch.bytes
	}
	text := []byte(reason)
	var end buffer
	status, _, _ := purego.SyscallN(r.library.streamClose, uintptr(r.handle), uintptr(start(text)), uintptr(len(text)),
		uintptr(start(packed)), uintptr(len(packed)), uintptr(index), uintptr(unsafe.Pointer(&end)))
	r.queue.unregister(r.token)
	r.wake()
	r.mutex.Lock()
	release := r.release
	r.release, r.closed = nil, true
	r.mutex.Unlock()
	if release != nil {
		release()
	}
	made := end.take(r.library)
	if int32(status) != statusOK {
		return nil, io.ErrClosedPipe
	}
	data := &streamEnd{}
	return data, json.Unmarshal(made, data)
}

// whenClosed calls release when the stream is over; false when it is already.
func (r *reader) whenClosed(release func()) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if !r.closed {
		r.release = release
	}
	return !r.closed
}

// forget closes the stream of one that was collected.
func (r *reader) forget() {
	_, _ = r.close(EndReasonClosed, nil, 0)
}
