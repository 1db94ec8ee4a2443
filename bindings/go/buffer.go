package silt

import (
	"bytes"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Bytes that the library made, as it lays them out.
type buffer struct {
	data *byte
	len  uintptr
}

// The library's own memory: only until the buffer is freed.
func (b *buffer) view() []byte {
	return unsafe.Slice(b.data, b.len)
}

// take copies the bytes and frees the buffer.
func (b *buffer) take(library *library) []byte {
	copied := bytes.Clone(b.view())
	b.free(library)
	return copied
}

// free gives the bytes back. The structure is passed by value, which is in two registers.
func (b *buffer) free(library *library) {
	if b.data != nil {
		purego.SyscallN(library.free, uintptr(unsafe.Pointer(b.data)), b.len)
		*b = buffer{}
	}
}

// Where bytes begin that the library only reads; nil where there are none.
func start(data []byte) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(data))
}
