package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"sync"

	"silt.invalid/silt"
)

var ways = []string{"Recv", "All", "Batches", "bytes ndjson", "bytes sse", "bytes text"}

// A stream that the runner opened, read by its way.
type opened struct {
	stream *silt.LogStream
	way    string
	// Held while the way hands over.
	mutex sync.Mutex
	// Gives entries or bytes; [io.EOF] at the end.
	next func() (any, error)
	// Leaves the loop, as break does.
	leave func()
}

var streams sync.Map

func allSources() []silt.Source { return silt.AllSources() }

func open(stream *silt.LogStream, way string) (*opened, error) {
	ctx := context.Background()
	made := &opened{stream: stream, way: way}
	switch way {
	case "Recv":
		made.next = func() (any, error) { return stream.Recv(ctx) }
		made.leave = func() { _ = stream.Close() }
	case "All":
		pull(made, stream.All(ctx))
	case "Batches":
		pull(made, stream.Batches(ctx))
	case "bytes ndjson":
		pull(made, stream.Bytes(ctx, silt.FormatNdjson))
	case "bytes sse":
		pull(made, stream.Bytes(ctx, silt.FormatSse))
	case "bytes text":
		pull(made, stream.Bytes(ctx, silt.FormatText))
	default:
		return nil, fmt.Errorf("there is no way %s", way)
	}
	return made, nil
}

func pull[T any](made *opened, sequence iter.Seq2[T, error]) {
	next, stop := iter.Pull2(sequence)
	made.next = func() (any, error) {
		taken, err, more := next()
		if !more {
			return nil, io.EOF
		}
		return taken, err
	}
	made.leave = stop
}

// What was handed over, in the form of the way, and how many items or separators it has.
type taken struct {
	separator []byte
	items     []any
	bytes     []byte
	count     int
}

func (t *taken) add(value any) error {
	switch value := value.(type) {
	case *silt.LogEntry:
		return t.addEntry(value)
	case []silt.LogEntry:
		for i := range value {
			if err := t.addEntry(&value[i]); err != nil {
				return err
			}
		}
	case []byte:
		t.bytes = append(t.bytes, value...)
		t.count += bytes.Count(value, t.separator)
	}
	return nil
}

func (t *taken) addEntry(entry *silt.LogEntry) error {
	item, err := itemToJSON(entry)
	t.items = append(t.items, item)
	t.count++
	return err
}

func (o *opened) read(count int) (any, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	all := &taken{separator: []byte("\n"), items: []any{}}
	if o.way == "bytes sse" {
		all.separator = []byte("\n\n")
	}
	answer := object{"ended": false, "end": nil, "error": nil}
	for all.count < count {
		value, err := o.next()
		if errors.Is(err, io.EOF) {
			answer["ended"], answer["end"] = true, o.stream.End()
			break
		}
		if err != nil {
			answer["error"] = errorToJSON(err)
			break
		}
		if err := all.add(value); err != nil {
			return nil, err
		}
	}
	if len(o.way) > 5 && o.way[:5] == "bytes" {
		answer["bytes"] = append([]byte{}, all.bytes...)
	} else {
		answer["items"] = all.items
	}
	answer["position"] = o.stream.Position()
	return answer, nil
}

func (o *opened) close() {
	// A loop that waits is not left from outside: its stream is closed, and it ends.
	if !o.mutex.TryLock() {
		_ = o.stream.Close()
		o.mutex.Lock()
	}
	defer o.mutex.Unlock()
	o.leave()
	_ = o.stream.Close()
}

// A log that can be read, wherever it is.
type readable interface {
	LogStream(context.Context, silt.LogStreamOptions) (*silt.LogStream, error)
}

type located interface {
	readable
	Logs(context.Context, silt.LogSnapshotOptions) (*silt.LogSnapshot, error)
	Verify(context.Context) (*silt.VerifyReport, error)
}

func locate(place Place) (located, error) {
	if place.Folder != nil {
		return silt.OpenLogDirectory(context.Background(), *place.Folder)
	}
	sandbox, err := named[any](&sandboxes, place.Sandbox)
	if err != nil {
		return nil, err
	}
	return sandbox.(located), nil
}

func named[T any](held *sync.Map, name string) (T, error) {
	found, there := held.Load(name)
	if !there {
		var none T
		return none, fmt.Errorf("nothing is called %q", name)
	}
	return found.(T), nil
}

func addReading(operations map[string]func(*request) (any, error)) {
	ctx := context.Background()
	operations["open"] = func(r *request) (any, error) {
		var source readable
		var err error
		if r.Session != "" {
			source, err = named[*silt.ExecSession](&sessions, r.Session)
		} else {
			source, err = locate(r.Place)
		}
		if err != nil {
			return nil, err
		}
		options, err := optionsFrom[silt.LogStreamOptions](r.Options)
		if err != nil {
			return nil, err
		}
		stream, err := source.LogStream(ctx, options)
		if err != nil {
			return nil, err
		}
		made, err := open(stream, r.Way)
		if err == nil {
			streams.Store(r.Stream, made)
		}
		return object{}, err
	}
	operations["read"] = func(r *request) (any, error) {
		held, err := named[*opened](&streams, r.Stream)
		if err != nil {
			return nil, err
		}
		if r.Count == nil {
			return held.read(math.MaxInt)
		}
		return held.read(*r.Count)
	}
	operations["position"] = func(r *request) (any, error) {
		held, err := named[*opened](&streams, r.Stream)
		if err != nil {
			return nil, err
		}
		return object{"position": held.stream.Position()}, nil
	}
	operations["close"] = func(r *request) (any, error) {
		held, err := named[*opened](&streams, r.Stream)
		if err != nil {
			return nil, err
		}
		// Its name stays: a read that was asked for before may come to it only now.
		held.close()
		return object{"end": held.stream.End(), "position": held.stream.Position()}, nil
	}
	operations["snapshot"] = func(r *request) (any, error) {
		source, err := locate(r.Place)
		if err != nil {
			return nil, err
		}
		options, err := optionsFrom[silt.LogSnapshotOptions](r.Options)
		if err != nil {
			return nil, err
		}
		snapshot, err := source.Logs(ctx, options)
		if err != nil {
			return nil, err
		}
		items, err := itemsToJSON(snapshot.Entries)
		gaps := append([]*silt.LogGap{}, snapshot.Gaps...)
		return object{"items": items, "gaps": gaps, "truncated": snapshot.Truncated, "cursor": snapshot.Cursor}, err
	}
	operations["verify"] = func(r *request) (any, error) {
		source, err := locate(r.Place)
		if err != nil {
			return nil, err
		}
		report, err := source.Verify(ctx)
		return object{"report": report}, err
	}
}
