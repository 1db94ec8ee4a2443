// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

// Byte offsets in the header of a batch, and sizes in bytes. Numbers are little endian.
const (
	batchMagic          = 827608147
	headerDataLength    = 20
	headerDataOffset    = 16
	headerEnd           = 144
	headerGapBytes      = 32
	headerGaps          = 8
	headerItemBytes     = 44
	headerItems         = 4
	headerLogID         = 32
	headerLogs          = 24
	headerMagic         = 0
	headerPositionBytes = 32
	headerSegmentBytes  = 16
	headerSegments      = 12
	headerSize          = 240
	headerStart         = 48
)

func (b *batch) times(i int) int64 { return int64(b.u64(headerSize + 0*b.items + 8*i)) }

func (b *batch) sequences(i int) uint64 { return b.u64(headerSize + 8*b.items + 8*i) }

func (b *batch) sessions(i int) uint64 { return b.u64(headerSize + 16*b.items + 8*i) }

func (b *batch) endOffsets(i int) uint64 { return b.u64(headerSize + 24*b.items + 8*i) }

func (b *batch) dataOffsets(i int) uint32 { return b.u32(headerSize + 32*b.items + 4*i) }

func (b *batch) dataLengths(i int) uint32 { return b.u32(headerSize + 36*b.items + 4*i) }

func (b *batch) meta(i int) uint32 { return b.u32(headerSize + 40*b.items + 4*i) }

func (b *batch) metaGap(i int) uint32 { return b.meta(i) >> 6 & 1 }

func (b *batch) metaLevel(i int) uint32 { return b.meta(i) >> 8 & 7 }

func (b *batch) metaLog(i int) uint32 { return b.meta(i) >> 0 & 3 }

func (b *batch) metaPart(i int) uint32 { return b.meta(i) >> 4 & 3 }

func (b *batch) metaSegment(i int) uint32 { return b.meta(i) >> 16 & 65535 }

func (b *batch) metaSource(i int) uint32 { return b.meta(i) >> 2 & 3 }

func (b *batch) metaUtf8(i int) uint32 { return b.meta(i) >> 7 & 1 }

// At the beginning of a gap's record.
func (b *batch) gapFrom(at int) uint64 { return b.u64(at + 0) }

// At the beginning of a gap's record.
func (b *batch) gapTo(at int) uint64 { return b.u64(at + 8) }

// At the beginning of a gap's record.
func (b *batch) gapLost(at int) uint64 { return b.u64(at + 16) }

// At the beginning of a gap's record.
func (b *batch) gapLog(at int) uint32 { return b.u32(at + 24) }

// At the beginning of a gap's record.
func (b *batch) gapReason(at int) uint32 { return b.u32(at + 28) }
