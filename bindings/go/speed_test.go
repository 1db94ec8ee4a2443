package silt

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"
)

const benchEntries = 1_000_000

// A stopped sandbox with a million entries of 100 bytes.
func million(b *testing.B) *Sandbox {
	ctx := context.Background()
	sandbox, err := Create(ctx, Options{Runtime: RuntimeProcess, Logs: LogOptions{MaxBytes: 1 << 30}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = sandbox.Remove(ctx, RemoveOptions{Force: true}) })
	line := "yes $(printf '%099d' 0) | head -n 1000000"
	if _, err := sandbox.Exec(ctx, "/bin/sh", []string{"-c", line}, ExecOptions{}); err != nil {
		b.Fatal(err)
	}
	if err := sandbox.Stop(ctx); err != nil {
		b.Fatal(err)
	}
	return sandbox
}

// Every way reads the bytes and the number of each entry.
func BenchmarkDrain(b *testing.B) {
	sandbox := million(b)
	ctx := context.Background()
	ways := map[string]func(*LogStream) (entries, bytes int){
		"All": func(stream *LogStream) (entries, bytes int) {
			for entry, err := range stream.All(ctx) {
				if err != nil {
					b.Fatal(err)
				}
				entries, bytes = entries+1, bytes+len(entry.Data())
			}
			return entries, bytes
		},
		"Recv": func(stream *LogStream) (entries, bytes int) {
			for {
				entry, err := stream.Recv(ctx)
				if errors.Is(err, io.EOF) {
					return entries, bytes
				}
				if err != nil {
					b.Fatal(err)
				}
				entries, bytes = entries+1, bytes+len(entry.Data())
			}
		},
		"Batches": func(stream *LogStream) (entries, bytes int) {
			for batch, err := range stream.Batches(ctx) {
				if err != nil {
					b.Fatal(err)
				}
				for i := range batch {
					entries, bytes = entries+1, bytes+len(batch[i].Data())
				}
			}
			return entries, bytes
		},
	}
	for name, way := range ways {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				stream, err := sandbox.LogStream(ctx, LogStreamOptions{})
				if err != nil {
					b.Fatal(err)
				}
				if entries, bytes := way(stream); entries != benchEntries || bytes != 100*benchEntries {
					b.Fatal(entries, bytes)
				}
			}
			b.ReportMetric(float64(benchEntries*b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

// From the write of a line to its entry in a follower's hands, through a program that echoes.
func BenchmarkWake(b *testing.B) {
	ctx := context.Background()
	sandbox, err := Create(ctx, Options{Runtime: RuntimeProcess})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = sandbox.Remove(ctx, RemoveOptions{Force: true}) })
	session, err := sandbox.Spawn(ctx, "cat", nil, SpawnOptions{})
	if err != nil {
		b.Fatal(err)
	}
	stream, err := sandbox.LogStream(ctx, LogStreamOptions{Follow: true})
	if err != nil {
		b.Fatal(err)
	}
	var captured, written []time.Duration
	for b.Loop() {
		began := time.Now()
		if err := session.Write(ctx, []byte("line\n")); err != nil {
			b.Fatal(err)
		}
		entry, err := stream.Recv(ctx)
		if err != nil {
			b.Fatal(err)
		}
		now := time.Now()
		captured = append(captured, now.Sub(entry.Timestamp()))
		written = append(written, now.Sub(began))
	}
	slices.Sort(captured)
	slices.Sort(written)
	at := func(all []time.Duration, part float64) float64 {
		return float64(all[int(part*float64(len(all)-1))].Microseconds())
	}
	b.ReportMetric(at(captured, 0.5), "captured-p50-µs")
	b.ReportMetric(at(captured, 0.99), "captured-p99-µs")
	b.ReportMetric(at(written, 0.5), "written-p50-µs")
	b.ReportMetric(at(written, 0.99), "written-p99-µs")
}
