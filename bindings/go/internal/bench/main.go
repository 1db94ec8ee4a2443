// What `npm run bench` measures of this client. It prints a line of JSON for each thing it has to say:
//
//	bench read SANDBOX COUNT       reads a whole log: how fast, and what it was given
//	bench follow SANDBOX COUNT     follows a log whose lines are the monotonic time of their writing, in nanoseconds:
//	                               "following", and then how many milliseconds each line took to get here
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"silt.invalid/silt"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: bench read|follow SANDBOX COUNT")
	}
	count, err := strconv.ParseInt(os.Args[3], 10, 64)
	if err == nil {
		ways := map[string]func(context.Context, string, int64) error{"read": read, "follow": follow}
		err = ways[os.Args[1]](context.Background(), os.Args[2], count)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func say(what any) {
	text, err := json.Marshal(what)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
}

func read(ctx context.Context, sandbox string, count int64) error {
	handle, err := silt.Get(ctx, sandbox)
	if err != nil {
		return err
	}
	var given tally
	began := time.Now()
	stream, err := handle.LogStream(ctx, silt.LogStreamOptions{})
	if err != nil {
		return err
	}
	for entry, err := range stream.All(ctx) {
		if err != nil {
			return err
		}
		given.add(entry.Data())
	}
	seconds := time.Since(began).Seconds()
	given.Lost += count - given.next
	say(struct {
		Seconds float64 `json:"seconds"`
		tally
	}{seconds, given})
	return nil
}

func follow(ctx context.Context, sandbox string, count int64) error {
	handle, err := silt.Get(ctx, sandbox)
	if err != nil {
		return err
	}
	stream, err := handle.LogStream(ctx, silt.LogStreamOptions{Follow: true})
	if err != nil {
		return err
	}
	say("following")
	delays := make([]float64, 0, count)
	for entry, err := range stream.All(ctx) {
		if err != nil {
			return err
		}
		written, err := strconv.ParseInt(strings.TrimSpace(string(entry.Data())), 10, 64)
		if err != nil {
			return err
		}
		delays = append(delays, float64(monotonic()-written)/1e6)
		if int64(len(delays)) == count {
			break
		}
	}
	say(map[string]any{"delays": delays, "lost": count - int64(len(delays)), "repeated": 0})
	return nil
}

const clockMonotonic = 1

// The clock of time.Now has no number that another process knows.
func monotonic() int64 {
	var now syscall.Timespec
	_, _, failed := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&now)), 0)
	if failed != 0 {
		log.Fatal(failed)
	}
	return now.Nano()
}
