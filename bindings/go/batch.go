package silt

import (
	"encoding/binary"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// A packed batch of entries, copied once from the library. Its entries share it.
type batch struct {
	library *library
	bytes   []byte
	items   int
	data    int
	levels  func() []byte
}

// newBatch checks the sizes, so that no entry leads out of the bytes.
func newBatch(library *library, packed []byte) (*batch, bool) {
	b := &batch{library: library, bytes: packed}
	if len(packed) < headerSize || b.u32(headerMagic) != batchMagic {
		return nil, false
	}
	b.items = int(b.u32(headerItems))
	b.data = int(b.u32(headerDataOffset))
	gaps := b.gapsAt() + int(b.u32(headerGaps))*headerGapBytes
	if gaps != b.data || b.data+int(b.u32(headerDataLength)) != len(packed) {
		return nil, false
	}
	b.levels = sync.OnceValue(b.findLevels)
	return b, true
}

func (b *batch) u32(at int) uint32 { return binary.LittleEndian.Uint32(b.bytes[at:]) }
func (b *batch) u64(at int) uint64 { return binary.LittleEndian.Uint64(b.bytes[at:]) }

// Where the records of gaps begin.
func (b *batch) gapsAt() int {
	columns := (b.items*headerItemBytes + 7) &^ 7
	return headerSize + columns + int(b.u32(headerSegments))*headerSegmentBytes
}

// The bytes of an entry; of its own capacity, so that appending to them changes no other entry.
func (b *batch) content(i int) []byte {
	begin := b.data + int(b.dataOffsets(i))
	end := begin + int(b.dataLengths(i))
	return b.bytes[begin:end:end]
}

// findLevels asks for those of all items at once.
func (b *batch) findLevels() []byte {
	var out buffer
	purego.SyscallN(b.library.batchLevels,
		uintptr(start(b.bytes)), uintptr(len(b.bytes)), uintptr(unsafe.Pointer(&out)))
	return out.take(b.library)
}

// cursor stands just after an item.
func (b *batch) cursor(i int) string {
	return b.text(b.library.batchCursor, i)
}

// positionBefore is that of a reader who was handed the items before one.
func (b *batch) positionBefore(i int) string {
	return b.text(b.library.batchPosition, i)
}

func (b *batch) text(function uintptr, i int) string {
	var out buffer
	purego.SyscallN(function,
		uintptr(start(b.bytes)), uintptr(len(b.bytes)), uintptr(i), uintptr(unsafe.Pointer(&out)))
	defer out.free(b.library)
	return string(out.view())
}

// frames makes bytes of the items from one on.
func (b *batch) frames(from int, format Format) ([]byte, error) {
	var out buffer
	name := []byte(format)
	status, _, _ := purego.SyscallN(b.library.batchFrames, uintptr(start(b.bytes)), uintptr(len(b.bytes)),
		uintptr(from), uintptr(start(name)), uintptr(len(name)), uintptr(unsafe.Pointer(&out)))
	made := out.take(b.library)
	if int32(status) != statusOK {
		return nil, errorFromJSON(made)
	}
	return made, nil
}
