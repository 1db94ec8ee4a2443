package silt

import (
	"encoding/json"
	"fmt"
	"math/big"
	"time"
	"unicode/utf8"
)

// Options on their way to the core, which checks them. What was left at its zero value is not sent.
type wire struct {
	fields map[string]any
	err    error
}

func (w *wire) put(name string, value any) {
	if w.fields == nil {
		w.fields = map[string]any{}
	}
	w.fields[name] = value
}

func (w *wire) refuse(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *wire) text(name, value string) {
	if value != "" {
		w.put(name, value)
	}
}

func (w *wire) flag(name string, value bool) {
	if value {
		w.put(name, value)
	}
}

func (w *wire) integer(name string, value int64) {
	if value != 0 {
		w.put(name, value)
	}
}

// Milliseconds, rounded up: what is short is not nothing.
func (w *wire) duration(name string, value time.Duration) {
	if value > 0 {
		w.put(name, value.Truncate(time.Millisecond).Milliseconds()+min(1, int64(value%time.Millisecond)))
	} else if value < 0 {
		w.put(name, min(-1, value.Milliseconds()))
	}
}

// Nanoseconds as text, of any year: the core says which it can hold.
func (w *wire) time(name string, value time.Time) {
	if value.IsZero() {
		return
	}
	ns := new(big.Int).Mul(big.NewInt(value.Unix()), big.NewInt(int64(time.Second)))
	ns.Add(ns, big.NewInt(int64(value.Nanosecond())))
	w.put(name, map[string]any{"ns": ns.String()})
}

func (w *wire) environment(name string, values map[string]string) {
	if len(values) > 0 {
		w.put(name, values)
	}
}

func (w *wire) object(name string, shape *wire) {
	if shape.err != nil {
		w.refuse(shape.err)
	}
	if len(shape.fields) > 0 {
		w.put(name, shape.fields)
	}
}

func (w *wire) exclude(name, other string) {
	_, given := w.fields[name]
	_, otherGiven := w.fields[other]
	if given && otherGiven {
		w.refuse(invalidArgument(name, fmt.Sprintf("can not be given together with %s; give one of them", other)))
	}
}

func pointer[T any](w *wire, name string, value *T) {
	if value != nil {
		w.put(name, *value)
	}
}

// A list without elements is no default: the core refuses it.
func list[T any](w *wire, name string, values []T) {
	if values != nil {
		w.put(name, values)
	}
}

type shape interface{ wire() *wire }

func objects[T shape](w *wire, name string, shapes []T) {
	if shapes == nil {
		return
	}
	all := make([]any, len(shapes))
	for i, shape := range shapes {
		made := shape.wire()
		if made.err != nil {
			w.refuse(made.err)
		}
		all[i] = emptyIfNil(made.fields)
	}
	w.put(name, all)
}

func optional[T shape](w *wire, name string, value *T) {
	if value != nil {
		made := (*value).wire()
		if made.err != nil {
			w.refuse(made.err)
		}
		w.put(name, emptyIfNil(made.fields))
	}
}

func emptyIfNil(fields map[string]any) map[string]any {
	if fields == nil {
		return map[string]any{}
	}
	return fields
}

// Parameters of a call as JSON. JSON can not hold text that is not UTF-8; nothing is replaced without a word.
func toJSON(params map[string]any) ([]byte, error) {
	if err := checkText("options", params); err != nil {
		return nil, err
	}
	return json.Marshal(params)
}

func checkText(name string, value any) error {
	switch value := value.(type) {
	case string:
		return checkUTF8(name, value)
	case []string:
		for _, text := range value {
			if err := checkUTF8(name, text); err != nil {
				return err
			}
		}
	case []Source:
		for _, source := range value {
			if err := checkUTF8(name, string(source)); err != nil {
				return err
			}
		}
	case map[string]string:
		for key, text := range value {
			if err := checkUTF8(name, key+text); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, inner := range value {
			if err := checkText(key, inner); err != nil {
				return err
			}
		}
	case []any:
		for _, inner := range value {
			if err := checkText(name, inner); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkUTF8(name, text string) error {
	if utf8.ValidString(text) {
		return nil
	}
	return invalidArgument(name, "this text is not UTF-8")
}
