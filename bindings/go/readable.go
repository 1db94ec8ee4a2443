package silt

import "context"

// LogReadable is what can be asked of a log, wherever it is.
type LogReadable struct {
	// Where it is, as parameters of a call.
	place map[string]any
}

// LogStream opens a stream of the log, finished or live. It reads from the oldest entry, unless the options say
// otherwise. ctx is for opening alone.
//
// It fails with [*InvalidArgument] when an option is wrong, before anything is read, and with [*InvalidCursor] when
// FromCursor can not be used here.
func (l *LogReadable) LogStream(ctx context.Context, options LogStreamOptions) (*LogStream, error) {
	return openStream(ctx, l.place, options.wire(), "stream", 0)
}

// Logs gives the entries there are now. It fails with [*MissedRotation] when what follows FromCursor is gone; other
// gaps are in Gaps.
func (l *LogReadable) Logs(ctx context.Context, options LogSnapshotOptions) (*LogSnapshot, error) {
	return readSnapshot(ctx, l.place, options)
}

// Verify reads everything and checks it. Gaps, and a beginning that is gone by rotation, are no damage. It fails
// with [*Corruption], which has the report, when what is held is not whole.
func (l *LogReadable) Verify(ctx context.Context) (*VerifyReport, error) {
	return callFor[*VerifyReport](ctx, methodVerifyLog, l.place)
}
