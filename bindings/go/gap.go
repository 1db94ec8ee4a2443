package silt

import (
	"encoding/json"
	"math"
)

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
	gap.Log, gap.From, gap.To = logs[b.gapLog(at)], int64(b.gapFrom(at)), int64(b.gapTo(at))
	gap.Reason = gapReasons[b.gapReason(at)]
	if lost := b.gapLost(at); lost != math.MaxUint64 {
		gap.Lost = Given(int64(lost))
	}
	return gap
}
