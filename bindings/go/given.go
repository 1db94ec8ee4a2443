package silt

// Given makes the pointer of an option whose zero value says something else than its default:
//
//	silt.LogStreamOptions{Tail: silt.Given[int64](0)}
func Given[T any](value T) *T {
	return &value
}

// AllSources is every source; [SourceSystem] brings the logs runtime and kernel along.
func AllSources() []Source {
	return append([]Source(nil), sources[:]...)
}
