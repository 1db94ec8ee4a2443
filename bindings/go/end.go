package silt

// LogEnd is how a stream ended.
type LogEnd struct {
	Reason EndReason `json:"reason"`
	// By log, those that were read.
	Logs map[Log]LogTotals `json:"logs"`
	// By exec session, in their order; nil without the option Digest.
	Sessions []DeliveredSession `json:"sessions,omitzero"`
}
