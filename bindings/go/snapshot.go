package silt

import (
	"context"
	"errors"
	"io"
)

// LogSnapshot is the entries of a log as they are now, those of several logs merged by time.
type LogSnapshot struct {
	Entries []*LogEntry
	// Stands after the last entry: a stream with FromCursor goes on there.
	Cursor string
	// Whether the beginning of the log is gone.
	Truncated bool
	// Where entries are missing in between.
	Gaps []*LogGap
}

// Larger than a stream's: fewer blocks of memory to keep.
const snapshotBatch = 4096

func readSnapshot(ctx context.Context, place map[string]any, options LogSnapshotOptions) (*LogSnapshot, error) {
	stream, err := openStream(ctx, place, options.wire(), "snapshot", snapshotBatch)
	if err != nil {
		return nil, err
	}
	defer func() { _ = stream.Close() }()
	snapshot := &LogSnapshot{}
	for {
		entry, err := stream.Recv(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if gap := entry.Gap(); gap != nil {
			snapshot.Gaps = append(snapshot.Gaps, gap)
		} else {
			snapshot.Entries = append(snapshot.Entries, entry)
		}
	}
	snapshot.Cursor = stream.Position()
	snapshot.Truncated = stream.end.Truncated
	return snapshot, nil
}
