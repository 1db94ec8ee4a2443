package silt

// VerifyReport is what a check of a log folder found.
type VerifyReport struct {
	// All that is held is as it was written. A beginning that is gone, and recorded gaps, do not matter.
	Whole bool `json:"whole"`
	// Names the folder, in hexadecimal digits.
	LogID string `json:"logId"`
	// Whether it has a writer, or how the last one ended: running, stopped or crashed.
	Writer string `json:"writer"`
	// Of exec, runtime and kernel.
	Logs []VerifiedLog `json:"logs"`
	// Exec sessions whose length and SHA-256 were compared with their exit record, and those that could not.
	Sessions VerifiedSessions `json:"sessions"`
	// The first 1,000.
	Damage []LogDamage `json:"damage"`
	// How many more there are.
	DamageLeftOut uint64 `json:"damageLeftOut"`
}

// VerifiedSessions counts sessions.
type VerifiedSessions struct {
	Checked uint64 `json:"checked"`
	NotHeld uint64 `json:"notHeld"`
}

// VerifiedLog is one log of a checked folder. Numbers are 0 where there are none.
type VerifiedLog struct {
	Log Log `json:"log"`
	// Files read.
	Segments uint64 `json:"segments"`
	// Bytes read.
	Bytes         uint64 `json:"bytes"`
	Entries       uint64 `json:"entries"`
	FirstSequence uint64 `json:"firstSequence"`
	LastSequence  uint64 `json:"lastSequence"`
	// Whether its beginning is gone.
	Truncated bool `json:"truncated"`
	// Recorded gaps, the first 1,000.
	Gaps []VerifiedGap `json:"gaps"`
	// Bytes after the last whole line, which count for nothing.
	TornBytes uint64 `json:"tornBytes"`
}

// VerifiedGap is a recorded gap of a checked log, both ends included.
type VerifiedGap struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
	// Nil where only a bound is known.
	Lost   *uint64   `json:"lost"`
	Reason GapReason `json:"reason"`
}

// LogDamage is damage, named by the entries that it touches.
type LogDamage struct {
	Log Log `json:"log"`
	// The number of the file it was found in.
	Segment uint64 `json:"segment"`
	// One of checksum, line, missing, cut, segment, chain, order and session.
	Kind string `json:"kind"`
	// The first number that may be wrong or gone; nil where no entry is touched.
	From    *uint64 `json:"from"`
	To      *uint64 `json:"to"`
	Message string  `json:"message"`
}
