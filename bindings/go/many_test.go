package silt

import (
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

// Half are closed and half forgotten; what they held comes back.
func TestTwoThousandStreamsLeaveNothing(t *testing.T) {
	ctx := background(t)
	sandbox := withLines(t, 2000, Options{})
	round := func() {
		for i := range 2000 {
			stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{}))
			must[*LogEntry](t)(stream.Recv(ctx))
			if i%2 == 0 {
				_ = stream.Close()
			}
		}
		for openStreams() > 0 {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	}
	round()
	files, threads, bytes := countOf(t, "/proc/self/fd"), countOf(t, "/proc/self/task"), memory(t)
	round()
	if now := countOf(t, "/proc/self/fd"); now > files {
		t.Errorf("%d descriptors, before %d", now, files)
	}
	if now := countOf(t, "/proc/self/task"); now > threads+4 {
		t.Errorf("%d threads, before %d", now, threads)
	}
	if now := memory(t); now > bytes+(64<<20) {
		t.Errorf("%d bytes, before %d", now, bytes)
	}
	t.Logf("descriptors %d, threads %d, memory %d then %d MiB", files, threads, bytes>>20, memory(t)>>20)
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
