package silt

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Tests run with what the checkout has built, unless the environment says otherwise.
func TestMain(m *testing.M) {
	setDefault("SILT_LIBRARY", "../c/lib/libsilt.so")
	setDefault("SILT_EXECUTABLE", "../node/silt")
	home, err := os.MkdirTemp("", "silt-go-")
	if err != nil {
		panic(err)
	}
	_ = os.Setenv("SILT_HOME", home)
	code := m.Run()
	_ = os.RemoveAll(home)
	os.Exit(code)
}

func setDefault(name, path string) {
	if os.Getenv(name) == "" {
		absolute, err := filepath.Abs(path)
		if err != nil {
			panic(err)
		}
		_ = os.Setenv(name, absolute)
	}
}

// Longer than anything takes on a busy machine; only a test that hangs reaches it.
func background(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// A sandbox with namespaces, where this machine has them, that is removed at the end.
func newSandbox(t *testing.T, options Options) *Sandbox {
	t.Helper()
	ctx := background(t)
	sandbox, err := Create(ctx, options)
	var unavailable *RuntimeUnavailable
	if errors.As(err, &unavailable) && options.Runtime == "" {
		options.Runtime = RuntimeProcess
		sandbox, err = Create(ctx, options)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sandbox.Remove(context.Background(), RemoveOptions{Force: true}); err != nil {
			var gone *SandboxNotFound
			if !errors.As(err, &gone) {
				t.Error(err)
			}
		}
	})
	return sandbox
}

// Folders as a sandbox sees them.
type folders struct {
	// Of the programs that keep account of what they write.
	programs string
	workdir  string
}

// A sandbox in which the programs that keep account of what they write can be run.
func withPrograms(t *testing.T, logs LogOptions) (*Sandbox, folders) {
	t.Helper()
	source := must[string](t)(filepath.Abs("../../packages/sandbox/test/programs/native"))
	if _, err := os.Stat(filepath.Join(source, "print-random")); err != nil {
		t.Skip("the test programs are not built: npm run build")
	}
	const target = "/programs"
	sandbox := newSandbox(t, Options{Mounts: []MountOptions{{Source: source, Target: target}}, Logs: logs})
	if sandbox.Info.Runtime == string(RuntimeProcess) {
		return sandbox, folders{source, sandbox.Info.Workdir}
	}
	return sandbox, folders{target, "/workspace"}
}

// A stopped sandbox whose log has lines 1 to count.
func withLines(t *testing.T, count int, options Options) *Sandbox {
	t.Helper()
	sandbox := newSandbox(t, options)
	ctx := background(t)
	must[*ExecResult](t)(sandbox.Shell(ctx, fmt.Sprintf("seq 1 %d", count), ExecOptions{}))
	if err := sandbox.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	return sandbox
}

func lines(t *testing.T, stream *LogStream) []string {
	t.Helper()
	var all []string
	for entry, err := range stream.All(background(t)) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry.Line())
	}
	return all
}

func numbers(from, to int) []string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprint(i))
	}
	return all
}

// What a reader received, by source.
type received struct {
	bytes map[Source]int64
	sums  map[Source]hash.Hash
}

func (r *received) add(entry *LogEntry) {
	if r.sums == nil {
		r.bytes, r.sums = map[Source]int64{}, map[Source]hash.Hash{}
	}
	source := entry.Source()
	if r.sums[source] == nil {
		r.sums[source] = sha256.New()
	}
	r.bytes[source] += int64(len(entry.Data()))
	r.sums[source].Write(entry.Data())
}

// As the program that wrote says it.
func (r *received) account() map[string]string {
	all := map[string]string{}
	for source, sum := range r.sums {
		all[string(source)] = fmt.Sprintf("%d %s", r.bytes[source], hex.EncodeToString(sum.Sum(nil)))
	}
	return all
}

func accountOf(t *testing.T, path string) map[string]string {
	t.Helper()
	text := must[[]byte](t)(os.ReadFile(path))
	all := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		all[name] = rest
	}
	return all
}

func drain(t *testing.T, stream *LogStream) int {
	t.Helper()
	ctx := background(t)
	for count := 0; ; count++ {
		if _, err := stream.Recv(ctx); errors.Is(err, io.EOF) {
			return count
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
