package silt

import (
	"os"
	"sync"
	"syscall"
	"unsafe"

	"github.com/ebitengine/purego"
)

const (
	eventWake = iota
	eventStream
	eventReply
	eventError
)

// An event as the library lays it out.
type event struct {
	token         uint64
	kind          int32
	json, payload buffer
}

// What is told of the events with its token. It must not block.
type receiver interface {
	receive(kind int32, json, payload []byte)
}

// The one queue of the process, on which all calls are answered and all streams say that they can be taken from.
type queue struct {
	library *library
	handle  uint64
	mutex   sync.Mutex
	next    uint64
	by      map[uint64]receiver
}

var processQueue = sync.OnceValues(func() (*queue, error) {
	library, err := loaded()
	if err != nil {
		return nil, err
	}
	var handle uint64
	var failure buffer
	status, _, _ := purego.SyscallN(library.queueOpen,
		uintptr(unsafe.Pointer(&handle)), uintptr(unsafe.Pointer(&failure)))
	if int32(status) != statusOK {
		return nil, errorFromJSON(failure.take(library))
	}
	fd, _, _ := purego.SyscallN(library.queueFd, uintptr(handle))
	// Go's poller closes what it polls, so it gets a descriptor of its own.
	own, _, errno := syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, 0)
	if errno != 0 {
		return nil, errno
	}
	queue := &queue{library: library, handle: handle, by: map[uint64]receiver{}}
	go queue.distribute(os.NewFile(own, "silt queue"))
	return queue, nil
})

func (q *queue) register(receiver receiver) (token uint64) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.next++
	q.by[q.next] = receiver
	return q.next
}

func (q *queue) unregister(token uint64) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	delete(q.by, token)
}

// distribute hands out events as long as the process lives. While there are none, it is a goroutine parked in
// Go's poller, and no thread.
func (q *queue) distribute(readable *os.File) {
	var counter [8]byte
	for {
		for q.takeMany() {
		}
		// The library counts up again with the first event after the last was taken.
		if _, err := readable.Read(counter[:]); err != nil {
			panic("silt: the descriptor of the process's queue can not be read: " + err.Error())
		}
	}
}

func (q *queue) takeMany() bool {
	var events [64]event
	var count uintptr
	status, _, _ := purego.SyscallN(q.library.queueNextMany, uintptr(q.handle), 0,
		uintptr(unsafe.Pointer(&events)), uintptr(len(events)), uintptr(unsafe.Pointer(&count)))
	if int32(status) != statusOK {
		return false
	}
	for i := range events[:count] {
		q.hand(&events[i])
	}
	return true
}

func (q *queue) hand(event *event) {
	json, payload := event.json.take(q.library), event.payload.take(q.library)
	q.mutex.Lock()
	receiver := q.by[event.token]
	q.mutex.Unlock()
	if receiver != nil && event.kind != eventWake {
		receiver.receive(event.kind, json, payload)
	}
}
