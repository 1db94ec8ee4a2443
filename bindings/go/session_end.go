package silt

// Code is the exit code, -1 after a signal.
func (e *SessionEnd) Code() int {
	if e.ExitCode == nil {
		return -1
	}
	return int(*e.ExitCode)
}
