package silt

import (
	"context"
	"encoding/json"
	"unsafe"

	"github.com/ebitengine/purego"
)

// The answer to a call.
type reply struct {
	json, payload []byte
	err           error
}

// Who waits for the answer; it has room for it, so that one who left blocks nobody.
type answer chan reply

func (a answer) receive(kind int32, json, payload []byte) {
	if kind == eventError {
		a <- reply{err: errorFromJSON(json)}
		return
	}
	a <- reply{json: json, payload: payload}
}

// call asks the core and waits. When ctx is done it no longer waits; what was asked for may still be done.
func call(ctx context.Context, method method, params map[string]any, payload []byte) (reply, error) {
	if err := ctx.Err(); err != nil {
		return reply{}, err
	}
	given, err := toJSON(params)
	if err != nil {
		return reply{}, err
	}
	queue, err := processQueue()
	if err != nil {
		return reply{}, err
	}
	answered := make(answer, 1)
	token := queue.register(answered)
	defer queue.unregister(token)
	name := []byte(method)
	var failure buffer
	status, _, _ := purego.SyscallN(queue.library.call, uintptr(queue.handle), uintptr(token),
		uintptr(start(name)), uintptr(len(name)), uintptr(start(given)), uintptr(len(given)),
		uintptr(start(payload)), uintptr(len(payload)), uintptr(unsafe.Pointer(&failure)))
	if int32(status) == statusError {
		return reply{}, errorFromJSON(failure.take(queue.library))
	}
	select {
	case reply := <-answered:
		return reply, reply.err
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
}

// callOrUndo is callFor of what is to be undone when ctx is done before the answer is there: nobody would know of it.
func callOrUndo[T any](ctx context.Context, method method, params map[string]any, undo func(T)) (T, error) {
	type outcome struct {
		result T
		err    error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	answered := make(chan outcome, 1)
	go func() {
		result, err := callFor[T](context.WithoutCancel(ctx), method, params)
		answered <- outcome{result, err}
	}()
	select {
	case outcome := <-answered:
		return outcome.result, outcome.err
	case <-ctx.Done():
		go func() {
			if outcome := <-answered; outcome.err == nil {
				undo(outcome.result)
			}
		}()
		return none, ctx.Err()
	}
}

// callFor is call for an answer in JSON.
func callFor[T any](ctx context.Context, method method, params map[string]any) (T, error) {
	var result T
	reply, err := call(ctx, method, params, nil)
	if err == nil {
		err = json.Unmarshal(reply.json, &result)
	}
	return result, err
}
