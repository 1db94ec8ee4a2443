package silt

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// Small enough that most of what is written is gone.
var rotating = LogOptions{MaxBytes: 64 << 10, SegmentBytes: 8 << 10}

func TestWhatIsGoneIsAnErrorOrAGap(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{Logs: rotating})
	must[*ExecResult](t)(sandbox.Shell(ctx, "echo begin", ExecOptions{}))
	first := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{}))
	must[*LogEntry](t)(first.Recv(ctx))
	cursor := first.Position()
	_ = first.Close()
	must[*ExecResult](t)(sandbox.Shell(ctx, "seq 1 30000", ExecOptions{}))

	refused := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{FromCursor: cursor}))
	_, err := refused.Recv(ctx)
	var missed *MissedRotation
	if !errors.As(err, &missed) || len(missed.Gaps) == 0 || missed.Gaps[0].Reason != GapReasonRotated {
		t.Fatalf("the error is %v", err)
	}
	if again, err2 := refused.Recv(ctx); again != nil || !errors.Is(err2, err) || refused.End() != nil {
		t.Error("a stream that failed goes on")
	}
	resumed := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{FromCursor: missed.ResumeCursor}))
	if sequence := must[*LogEntry](t)(resumed.Recv(ctx)).Sequence(); sequence != missed.Gaps[0].To+1 {
		t.Errorf("after the gap to %d comes %d", missed.Gaps[0].To, sequence)
	}
	_ = resumed.Close()

	reported := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{FromCursor: cursor, OnGap: OnGapReport}))
	var delivered, lost, next int64 = 0, 0, 2
	for entry, err := range reported.All(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if gap := entry.Gap(); gap != nil {
			if gap.From != next || *gap.Lost != gap.To-gap.From+1 || entry.Data() != nil {
				t.Errorf("the gap is %+v, expected from %d", gap, next)
			}
			lost += *gap.Lost
			next = gap.To + 1
			continue
		}
		if entry.Sequence() != next {
			t.Fatalf("%d came, expected %d", entry.Sequence(), next)
		}
		delivered++
		next++
	}
	if delivered+lost != 30000 || lost == 0 || delivered == 0 {
		t.Errorf("%d delivered, %d lost", delivered, lost)
	}
}

func TestCursorsAreRefusedForTheirReason(t *testing.T) {
	ctx := background(t)
	sandbox, other := withLines(t, 10, Options{}), withLines(t, 10, Options{})
	foreign := must[*LogSnapshot](t)(other.Logs(ctx, LogSnapshotOptions{})).Cursor
	broken := foreign[:len(foreign)-1] + string("AQ"[btoi(foreign[len(foreign)-1] == 'A')])
	for cursor, reason := range map[string]CursorReason{
		"no cursor": CursorReasonMalformed, broken: CursorReasonChecksum, foreign: CursorReasonOtherLog,
	} {
		_, err := sandbox.LogStream(ctx, LogStreamOptions{FromCursor: cursor})
		var invalid *InvalidCursor
		if !errors.As(err, &invalid) || invalid.Reason != reason || invalid.Code != CodeInvalidCursor {
			t.Errorf("%s: expected %s, got %v", cursor, reason, err)
		}
	}
}

func btoi(condition bool) int {
	if condition {
		return 1
	}
	return 0
}

func TestSinceWithACursorIsRefusedBeforeAnything(t *testing.T) {
	// There is no such folder: whoever looked would say so.
	nowhere := &LogReadable{place{"folder": "/nowhere"}}
	options := LogStreamOptions{Since: time.Now(), FromCursor: "x"}
	_, err := nowhere.LogStream(context.Background(), options)
	var invalid *InvalidArgument
	if !errors.As(err, &invalid) || invalid.Option != "since" {
		t.Errorf("the error is %v", err)
	}
	_, err = nowhere.Logs(context.Background(), LogSnapshotOptions{Since: time.Now(), FromCursor: "x"})
	if !errors.As(err, &invalid) {
		t.Errorf("the error is %v", err)
	}
}

func TestErrorsAreTold(t *testing.T) {
	ctx := background(t)
	_, err := OpenLogDirectory(ctx, "/nowhere")
	var missing *NotFound
	var base *SiltError
	if !errors.As(err, &missing) || missing.Path != "/nowhere" || !errors.As(err, &base) || base.Code != CodeNotFound {
		t.Errorf("the error is %v", err)
	}
	_, err = Get(ctx, "nobody")
	var unknown *SandboxNotFound
	if !errors.As(err, &unknown) || unknown.Sandbox != "nobody" {
		t.Errorf("the error is %v", err)
	}
	_, err = Create(ctx, Options{Name: "a\xff"})
	var invalid *InvalidArgument
	if !errors.As(err, &invalid) || invalid.Option != "name" {
		t.Errorf("text that is not UTF-8: %v", err)
	}
	if newer := errorOf(SiltError{Code: "Newer"}, nil); !errors.As(newer, &base) || base.Code != "Newer" {
		t.Errorf("a code of a newer release is %v", newer)
	}
}

func TestEndsSayWhy(t *testing.T) {
	ctx := background(t)
	until := withLines(t, 3, Options{})
	stream := must[*LogStream](t)(until.LogStream(ctx, LogStreamOptions{Follow: true, Until: time.Now()}))
	if got := lines(t, stream); !slices.Equal(got, numbers(1, 3)) {
		t.Errorf("lines are %v", got)
	}
	if reason := stream.End().Reason; reason != EndReasonUntil && reason != EndReasonStopped {
		t.Errorf("it ended %s", reason)
	}
	sandbox := newSandbox(t, Options{})
	removed := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	gone := make(chan int, 1)
	go func() { gone <- drain(t, removed) }()
	for !waits(removed) {
		time.Sleep(time.Millisecond)
	}
	if err := sandbox.Remove(ctx, RemoveOptions{Force: true}); err != nil {
		t.Fatal(err)
	}
	<-gone
	if reason := removed.End().Reason; reason != EndReasonRemoved && reason != EndReasonStopped {
		t.Errorf("it ended %s", reason)
	}
}
