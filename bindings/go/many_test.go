package silt

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func countOf(t *testing.T, folder string) int {
	t.Helper()
	return len(must[[]os.DirEntry](t)(os.ReadDir(folder)))
}

// Resident memory that is not of a file, in bytes.
func memory(t *testing.T) int {
	t.Helper()
	status := string(must[[]byte](t)(os.ReadFile("/proc/self/status")))
	_, rest, _ := strings.Cut(status, "RssAnon:")
	return must[int](t)(strconv.Atoi(strings.Fields(rest)[0])) << 10
}

func openStreams() int {
	queue, _ := processQueue()
	queue.mutex.Lock()
	defer queue.mutex.Unlock()
	return len(queue.by)
}

// What rounds of 2,000 streams add once the first has brought what stays for good.
func addsNothing(t *testing.T, round func()) {
	t.Helper()
	settle := func() {
		for openStreams() > 0 {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	}
	round()
	settle()
	files, threads, bytes := countOf(t, "/proc/self/fd"), countOf(t, "/proc/self/task"), memory(t)
	round()
	settle()
	// The engine's own threads give some of it back a moment later.
	comesBack := func(what, folder string, most int) {
		deadline := time.Now().Add(30 * time.Second)
		for countOf(t, folder) > most {
			if time.Now().After(deadline) {
				t.Errorf("%d %s, at most %d were to be left: %v", countOf(t, folder), what, most, shown(t, folder))
				return
			}
			time.Sleep(time.Millisecond)
		}
	}
	comesBack("descriptors", "/proc/self/fd", files)
	// Those of Go itself stay: it makes one more whenever all others are in the system.
	comesBack("threads", "/proc/self/task", threads+16)
	if now := memory(t); now > bytes+(64<<20) {
		t.Errorf("%d bytes, before %d", now, bytes)
	}
	t.Logf("descriptors %d, threads %d, memory %d then %d MiB", files, threads, bytes>>20, memory(t)>>20)
}

// What descriptors lead to, and the names of threads.
func shown(t *testing.T, folder string) []string {
	t.Helper()
	var all []string
	for _, entry := range must[[]os.DirEntry](t)(os.ReadDir(folder)) {
		path := folder + "/" + entry.Name()
		if target, err := os.Readlink(path); err == nil {
			all = append(all, target)
		} else if name, err := os.ReadFile(path + "/comm"); err == nil {
			all = append(all, strings.TrimSpace(string(name)))
		}
	}
	return all
}

// Half are closed and half forgotten; what they held comes back.
func TestTwoThousandStreamsLeaveNothing(t *testing.T) {
	ctx := background(t)
	sandbox := withLines(t, 2000, Options{})
	addsNothing(t, func() {
		for i := range 2000 {
			stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{}))
			must[*LogEntry](t)(stream.Recv(ctx))
			if i%2 == 0 {
				_ = stream.Close()
			}
		}
	})
}

// Of a sandbox that runs on, so that no follower ends by itself.
func TestTwoThousandFollowersLeaveNothing(t *testing.T) {
	sandbox := newSandbox(t, Options{})
	must[*ExecResult](t)(sandbox.Shell(background(t), "seq 1 100", ExecOptions{}))
	addsNothing(t, func() {
		for i := range 2000 {
			leaveFollower(t, sandbox, i)
		}
	})
}

func leaveFollower(t *testing.T, sandbox *Sandbox, i int) {
	t.Helper()
	ctx, cancel := context.WithCancel(background(t))
	defer cancel()
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	reason := EndReasonClosed
	switch i % 5 {
	case 0: // The loop is left.
		for _, err := range stream.All(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	case 1: // Cancelled while the loop waits for what does not come.
		reason = EndReasonAborted
		count := 0
		for _, err := range stream.All(ctx) {
			if count++; count == 100 {
				go func() {
					for !waits(stream) {
						runtime.Gosched()
					}
					cancel()
				}()
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
	case 2: // Closed while somebody waits.
		go func() {
			for !waits(stream) {
				runtime.Gosched()
			}
			_ = stream.Close()
		}()
		if count := drain(t, stream); count != 100 {
			t.Fatalf("%d of 100 lines", count)
		}
	case 3: // Half read.
		for range 50 {
			must[*LogEntry](t)(stream.Recv(ctx))
		}
		_ = stream.Close()
	case 4: // Unread.
		_ = stream.Close()
	}
	if got := stream.End().Reason; got != reason {
		t.Fatalf("follower %d ended %s", i, got)
	}
}

func TestAThousandFollowersHaveNoThreadEach(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	var all sync.WaitGroup
	const followers = 1000
	results := make([][]string, followers)
	streams := make([]*LogStream, followers)
	for i := range followers {
		streams[i] = must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
		all.Go(func() {
			for entry, err := range streams[i].All(ctx) {
				if err != nil {
					t.Error(err)
					return
				}
				results[i] = append(results[i], entry.Line())
			}
		})
	}
	for _, stream := range streams {
		for !waits(stream) {
			time.Sleep(time.Millisecond)
		}
	}
	threads := countOf(t, "/proc/self/task")
	if threads > 100 {
		t.Errorf("%d threads", threads)
	}
	must[*ExecResult](t)(sandbox.Shell(ctx, "seq 1 100", ExecOptions{}))
	if err := sandbox.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	for i, got := range results {
		if !slices.Equal(got, numbers(1, 100)) {
			t.Fatalf("follower %d got %d lines", i, len(got))
		}
	}
	t.Logf("%d threads with %d followers", threads, followers)
}
