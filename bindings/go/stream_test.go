package silt

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestEveryWayHandsOverTheSame(t *testing.T) {
	ctx := background(t)
	sandbox := withLines(t, 5000, Options{})
	open := func() *LogStream { return must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{})) }
	want := numbers(1, 5000)

	stream := open()
	if got := lines(t, stream); !slices.Equal(got, want) {
		t.Errorf("All gave %d lines", len(got))
	}
	if end := stream.End(); end.Reason != EndReasonDrained || end.Logs[LogExec].Entries != 5000 {
		t.Errorf("the end is %+v", end)
	}
	var batched []string
	for entries, err := range open().Batches(ctx) {
		if err != nil || len(entries) == 0 {
			t.Fatal(len(entries), err)
		}
		for i := range entries {
			batched = append(batched, entries[i].Line())
		}
	}
	if !slices.Equal(batched, want) {
		t.Errorf("Batches gave %d lines", len(batched))
	}
	var text bytes.Buffer
	for piece, err := range open().Bytes(ctx, FormatText) {
		if err != nil {
			t.Fatal(err)
		}
		text.Write(piece)
	}
	tried, ended := 0, false
	for stream := open(); !ended; {
		entry, err := stream.TryRecv()
		switch {
		case errors.Is(err, io.EOF):
			ended = true
		case err != nil:
			t.Fatal(err)
		case entry != nil:
			tried++
		}
	}
	if tried != 5000 || bytes.Count(text.Bytes(), []byte("\n")) != 5000 || drain(t, open()) != 5000 {
		t.Errorf("TryRecv gave %d, Bytes %d", tried, text.Len())
	}
	snapshot := must[*LogSnapshot](t)(sandbox.Logs(ctx, LogSnapshotOptions{Tail: Given[int64](3)}))
	if len(snapshot.Entries) != 3 || snapshot.Entries[2].Line() != "5000" {
		t.Errorf("the snapshot has %d", len(snapshot.Entries))
	}
}

func TestCancelledRecvLosesNothing(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	session := must[*ExecSession](t)(sandbox.Spawn(ctx, "cat", nil, SpawnOptions{}))
	const count = 300
	go func() {
		for _, number := range numbers(1, count) {
			if err := session.Write(ctx, []byte(number+"\n")); err != nil {
				t.Error(err)
			}
		}
		_ = session.End(ctx)
		_, _ = session.Wait(ctx)
		_ = sandbox.Stop(ctx)
	}()
	var got []string
	cancelled := 0
	for {
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		entry, err := stream.Recv(short)
		cancel()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			cancelled++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, entry.Line())
	}
	if !slices.Equal(got, numbers(1, count)) {
		t.Errorf("%d of %d lines, %d waits cancelled", len(got), count, cancelled)
	}
	if reason := stream.End().Reason; reason != EndReasonStopped {
		t.Errorf("it ended %s", reason)
	}
}

func TestCloseWakesWhoWaits(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	woken := make(chan error, 3)
	for range cap(woken) {
		go func() {
			_, err := stream.Recv(ctx)
			woken <- err
		}()
	}
	for !waits(stream) {
		time.Sleep(time.Millisecond)
	}
	_ = stream.Close()
	for range cap(woken) {
		if err := <-woken; !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	}
	if reason := stream.End().Reason; reason != EndReasonClosed {
		t.Errorf("it ended %s", reason)
	}
	_ = stream.Close()
}

// Whether someone has found that there is nothing to take.
func waits(stream *LogStream) bool {
	stream.mutex.Lock()
	defer stream.mutex.Unlock()
	return stream.ready != nil && len(stream.items) == 0
}

func TestALoopThatIsCancelledIsAborted(t *testing.T) {
	sandbox := newSandbox(t, Options{})
	ctx, cancel := context.WithCancel(background(t))
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	go func() {
		for !waits(stream) {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	for _, err := range stream.All(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if reason := stream.End().Reason; reason != EndReasonAborted {
		t.Errorf("it ended %s", reason)
	}
}

func TestResumeGoesOnWhereTheReadingStood(t *testing.T) {
	ctx := background(t)
	sandbox := withLines(t, 3000, Options{})
	var got []string
	options := LogStreamOptions{}
	for len(got) < 3000 {
		stream := must[*LogStream](t)(sandbox.LogStream(ctx, options))
		for entry, err := range stream.All(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, entry.Line())
			if len(got)%701 == 0 {
				break
			}
		}
		if reason := stream.End().Reason; reason != EndReasonClosed && len(got) < 3000 {
			t.Fatalf("it ended %s", reason)
		}
		options.FromCursor = stream.Position()
	}
	if !slices.Equal(got, numbers(1, 3000)) {
		t.Error("resumed streams do not join")
	}
	var after *LogEntry
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{}))
	for range 10 {
		after = must[*LogEntry](t)(stream.Recv(ctx))
	}
	_ = stream.Close()
	resumed := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{FromCursor: after.Cursor()}))
	if line := must[*LogEntry](t)(resumed.Recv(ctx)).Line(); line != "11" {
		t.Errorf("after line 10 comes %s", line)
	}
	_ = resumed.Close()
}

func TestWhatTheProgramWroteArrivesWhileFollowed(t *testing.T) {
	ctx := background(t)
	// Many small files of the log: the reader follows over every change.
	sandbox, inside := withPrograms(t, LogOptions{MaxBytes: 1 << 28, SegmentBytes: 1 << 18})
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	var got received
	read := make(chan error, 1)
	go func() {
		for entry, err := range stream.All(ctx) {
			if err != nil {
				read <- err
				return
			}
			got.add(entry)
		}
		read <- nil
	}()
	result := must[*ExecResult](t)(sandbox.Exec(ctx, inside.programs+"/print-random", []string{"7", "4000000", "8000000", inside.workdir + "/account"}, ExecOptions{}))
	if result.Code() != 0 {
		t.Fatalf("%d: %s", result.Code(), result.Stderr)
	}
	if err := sandbox.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-read; err != nil {
		t.Fatal(err)
	}
	written := accountOf(t, filepath.Join(sandbox.Info.Workdir, "account"))
	if len(written) == 0 {
		t.Fatal("the program kept no account")
	}
	for name, account := range got.account() {
		if written[name] != account {
			t.Errorf("%s: received %s, written %s", name, account, written[name])
		}
	}
	for name := range written {
		if _, there := got.account()[name]; !there {
			t.Errorf("nothing of %s was received", name)
		}
	}
}
