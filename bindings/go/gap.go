package silt

import (
	"encoding/json"
	"math"
)

// GapRange is entries that are gone, both ends included.
type GapRange struct {
	Log Log `json:"log"`
	// The first number that is missing.
	From uint64 `json:"from"`
	// The last number that is missing.
	To uint64 `json:"to"`
	// How many entries were lost; nil where only a bound is known.
	Lost   *uint64   `json:"lost"`
	Reason GapReason `json:"reason"`
}

// LogGap stands among the entries where some are gone, when they are read with [OnGapReport].
type LogGap struct {
	GapRange
	// Stands just after the gap.
	ResumeCursor string
}

// MarshalJSON is the gap as on the command line and over HTTP.
func (g *LogGap) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type string `json:"type"`
		GapRange
		ResumeCursor string `json:"resumeCursor"`
	}{"gap", g.GapRange, g.ResumeCursor})
}

func gapOf(b *batch, index int) *LogGap {
	at := b.gapsAt() + int(b.dataOffsets(index))*headerGapBytes
	gap := &LogGap{ResumeCursor: b.cursor(index)}
	gap.Log, gap.From, gap.To = logs[b.gapLog(at)], b.gapFrom(at), b.gapTo(at)
	gap.Reason = gapReasons[b.gapReason(at)]
	if lost := b.gapLost(at); lost != math.MaxUint64 {
		gap.Lost = &lost
	}
	return gap
}
