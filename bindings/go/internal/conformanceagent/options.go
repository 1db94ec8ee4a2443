package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// What the types of Go can not say, such as a text for a number.
var errInexpressible = errors.New("this can not be said in Go")

func inexpressible(name string, value any) error {
	return fmt.Errorf("%w: %s %v", errInexpressible, name, value)
}

// optionsFrom puts options, as they stand in a case, into their struct; fields are found by their names.
func optionsFrom[T any](given map[string]any) (T, error) {
	var options T
	err := fillStruct("options", reflect.ValueOf(&options).Elem(), given)
	return options, err
}

func fillStruct(name string, target reflect.Value, value any) error {
	given, is := value.(map[string]any)
	if !is {
		return inexpressible(name, value)
	}
	for key, value := range given {
		field := target.FieldByNameFunc(func(field string) bool { return strings.EqualFold(field, key) })
		if !field.IsValid() {
			return inexpressible(key, value)
		}
		if value == nil {
			continue
		}
		if err := fill(key, field, value); err != nil {
			return err
		}
	}
	return nil
}

func fill(name string, target reflect.Value, value any) error {
	switch held := target.Addr().Interface().(type) {
	case *time.Time:
		return fillTime(name, held, value)
	case *time.Duration:
		return fillDuration(name, held, value)
	case *[]byte:
		text, is := value.(string)
		decoded, err := base64.StdEncoding.DecodeString(text)
		if !is || err != nil {
			return inexpressible(name, value)
		}
		*held = decoded
		return nil
	}
	switch target.Kind() {
	case reflect.Struct:
		return fillStruct(name, target, value)
	case reflect.Pointer:
		return fillPointer(name, target, value)
	case reflect.Slice:
		return fillSlice(name, target, value)
	case reflect.Map:
		return fillMap(name, target, value)
	default:
		return fillScalar(name, target, value)
	}
}

func fillScalar(name string, target reflect.Value, value any) error {
	switch value := value.(type) {
	case string:
		if target.Kind() == reflect.String {
			target.SetString(value)
			return zeroIsDefault(name, target, value)
		}
	case bool:
		if target.Kind() == reflect.Bool {
			target.SetBool(value)
			return nil
		}
	case float64:
		if target.Kind() == reflect.Int64 && value == math.Trunc(value) && math.Abs(value) < 1<<63 {
			target.SetInt(int64(value))
			return zeroIsDefault(name, target, value)
		}
	}
	return inexpressible(name, value)
}

// A zero value is as if it was not given; behind a pointer it is one. The empty pattern lets all pass, as none does.
func zeroIsDefault(name string, target reflect.Value, value any) error {
	if target.IsZero() && name != "grep" {
		return inexpressible(name, value)
	}
	return nil
}

func fillPointer(name string, target reflect.Value, value any) error {
	if flag, is := value.(bool); is && target.Type().Elem().Kind() == reflect.Struct {
		if flag {
			target.Set(reflect.New(target.Type().Elem()))
		}
		return nil
	}
	made := reflect.New(target.Type().Elem())
	err := fill(name, made.Elem(), value)
	if err != nil && !(made.Elem().CanInt() && value == 0.0) {
		return err
	}
	target.Set(made)
	return nil
}

func fillSlice(name string, target reflect.Value, value any) error {
	if value == "all" {
		target.Set(reflect.ValueOf(allSources()))
		return nil
	}
	if text, is := value.(string); is {
		// One in place of a list of one.
		value = []any{text}
	}
	values, is := value.([]any)
	if !is {
		return inexpressible(name, value)
	}
	target.Set(reflect.MakeSlice(target.Type(), len(values), len(values)))
	for i, value := range values {
		// Also an element that is zero is one.
		if err := fill(name, target.Index(i), value); err != nil && value != 0.0 && value != "" {
			return err
		}
	}
	return nil
}

func fillMap(name string, target reflect.Value, value any) error {
	values, is := value.(map[string]any)
	if !is {
		return inexpressible(name, value)
	}
	target.Set(reflect.MakeMap(target.Type()))
	for key, value := range values {
		text, is := value.(string)
		if !is {
			return inexpressible(name, value)
		}
		target.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(text))
	}
	return nil
}

func fillTime(name string, target *time.Time, value any) error {
	if date, is := value.(map[string]any); is {
		value = date["time"]
	}
	text, is := value.(string)
	if !is {
		return inexpressible(name, value)
	}
	if back, err := parseDuration(text); err == nil && back >= 0 {
		*target = time.Now().Add(-back)
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text))
	if err != nil || at.IsZero() {
		return inexpressible(name, value)
	}
	*target = at
	return nil
}

func fillDuration(name string, target *time.Duration, value any) error {
	switch value := value.(type) {
	case float64:
		*target = time.Duration(value * float64(time.Millisecond))
	case string:
		parsed, err := parseDuration(value)
		if err != nil {
			return inexpressible(name, value)
		}
		*target = parsed
	default:
		return inexpressible(name, value)
	}
	if *target == 0 {
		return inexpressible(name, value)
	}
	return nil
}

// Silt's own texts know days as well.
func parseDuration(text string) (time.Duration, error) {
	if days, is := strings.CutSuffix(text, "d"); is {
		count, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(count) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}
