// The program that puts the cases of conformance/ to this client; what it is asked and answers is in
// conformance/README.md.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
)

// A request, with the keys of all operations.
type request struct {
	ID  json.RawMessage `json:"id"`
	Op  string          `json:"op"`
	Way string          `json:"way"`
	Place
	Stream  string         `json:"stream"`
	Count   *int           `json:"count"`
	Options map[string]any `json:"options"`
	Name    string         `json:"name"`
	Force   bool           `json:"force"`
	Program string         `json:"program"`
	Args    []string       `json:"args"`
	Data    []byte         `json:"data"`
	Signal  string         `json:"signal"`
	Columns int            `json:"columns"`
	Rows    int            `json:"rows"`
	Port    int            `json:"port"`
	Path    string         `json:"path"`
}

// Place says which log is meant.
type Place struct {
	Folder  *string `json:"folder"`
	Sandbox string  `json:"sandbox"`
	Session string  `json:"session"`
}

type object = map[string]any

var output sync.Mutex

func main() {
	operations := map[string]func(*request) (any, error){
		"hello": func(*request) (any, error) {
			return object{"client": "go", "version": "0.1.0", "ways": ways}, nil
		},
	}
	addReading(operations)
	addSandboxes(operations)
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		// Requests overlap: one that waits holds up no other.
		go answer(operations, line)
	}
}

func answer(operations map[string]func(*request) (any, error), line []byte) {
	var request request
	decoded := json.Unmarshal(line, &request)
	told := object{"id": request.ID}
	operation := operations[request.Op]
	var ok any
	err := decoded
	if err == nil && operation == nil {
		err = fmt.Errorf("there is no operation %s", request.Op)
	}
	if err == nil {
		ok, err = operation(&request)
	}
	if err != nil {
		told["error"] = errorToJSON(err)
	} else {
		told["ok"] = ok
	}
	text, err := json.Marshal(told)
	if err != nil {
		panic(errors.Join(errors.New("an answer is no JSON"), err))
	}
	output.Lock()
	defer output.Unlock()
	if _, err := os.Stdout.Write(append(text, '\n')); err != nil {
		os.Exit(1)
	}
}
