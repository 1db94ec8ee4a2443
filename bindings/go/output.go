package silt

import (
	"bytes"
	"slices"
)

// How much of a stream exec keeps, in bytes.
const keptBytes = 64 << 20

// The newest bytes of one stream of a command.
type output struct {
	// Those that make up the stream.
	sources  []Source
	onData   func([]byte)
	chunks   [][]byte
	length   int
	received int64
	// Whether entries were missing, of this session or of another.
	gaps bool
}

// take copies what a portion of the log has of the stream into one: a chunk must not keep the whole batch.
func (o *output) take(taken portion) {
	var found []byte
	for i := taken.from; i < taken.batch.items; i++ {
		if taken.batch.metaGap(i) != 0 {
			o.gaps = true
		} else if slices.Contains(o.sources, sources[taken.batch.metaSource(i)]) {
			found = append(found, taken.batch.content(i)...)
		}
	}
	if len(found) > 0 {
		o.keep(found)
	}
}

func (o *output) keep(chunk []byte) {
	o.chunks = append(o.chunks, chunk)
	o.length += len(chunk)
	o.received += int64(len(chunk))
	for o.length-len(o.chunks[0]) >= keptBytes {
		o.length -= len(o.chunks[0])
		o.chunks = o.chunks[1:]
	}
	if o.onData != nil {
		// A copy: who gets it may write into it.
		o.onData(bytes.Clone(chunk))
	}
}

func (o *output) kept() []byte {
	all := bytes.Join(o.chunks, nil)
	return all[max(0, len(all)-keptBytes):]
}

// isTruncated says whether the command wrote more than is kept: more than fits, or what the log did not keep either.
func (o *output) isTruncated(end *SessionEnd) bool {
	if o.received > keptBytes {
		return true
	}
	// While detached, it is not known yet what the command writes in all.
	if end.Detached {
		return o.gaps
	}
	var written int64
	for _, totals := range end.Totals {
		if slices.Contains(o.sources, totals.Source) {
			written += totals.Bytes
		}
	}
	return written != o.received
}
