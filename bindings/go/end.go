package silt

// LogTotals is what a stream delivered of one log.
type LogTotals struct {
	Entries uint64 `json:"entries"`
	// Bytes of the entries' data.
	Bytes uint64 `json:"bytes"`
	// Nil when nothing was delivered.
	FirstSequence *uint64 `json:"firstSequence"`
	LastSequence  *uint64 `json:"lastSequence"`
	// How many gaps were delivered.
	Gaps uint64 `json:"gaps"`
}

// LogEnd is how a stream ended.
type LogEnd struct {
	Reason EndReason `json:"reason"`
	// By log, those that were read.
	Logs map[Log]LogTotals `json:"logs"`
}

// An end as the core tells it.
type endData struct {
	LogEnd
	Position  string `json:"position"`
	Truncated bool   `json:"truncated"`
}
