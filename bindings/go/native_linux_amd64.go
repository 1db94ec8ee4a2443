package silt

import (
	"embed"
	"fmt"
	"io"
	"os"
	"syscall"
	"unsafe"
)

// What a published module brings: libsilt.so, silt and the SHA-256 of silt. In a checkout there is neither.
//
//go:embed all:native/linux_amd64
var native embed.FS

const nativeFolder = "native/linux_amd64"

const (
	sysMemfdCreate = 319
	closeOnExec    = 1
)

// No file is left behind, and none can be changed between writing and loading.
func loadFromMemory(library io.Reader) (uintptr, error) {
	name := []byte("libsilt.so\x00")
	fd, _, errno := syscall.Syscall(sysMemfdCreate, uintptr(unsafe.Pointer(&name[0])), closeOnExec, 0)
	if errno != 0 {
		return 0, errno
	}
	memory := os.NewFile(fd, "libsilt.so")
	defer func() { _ = memory.Close() }()
	if _, err := io.Copy(memory, library); err != nil {
		return 0, err
	}
	return dlopen(fmt.Sprintf("/proc/self/fd/%d", fd))
}
