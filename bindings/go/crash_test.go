package silt

import (
	"os"
	"os/signal"
	"slices"
	"syscall"
	"testing"
	"time"
)

func TestAKilledSupervisorEndsItsStreamsAsCrashed(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	must[*ExecResult](t)(sandbox.Shell(ctx, "seq 1 10", ExecOptions{}))
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	for range 10 {
		must[*LogEntry](t)(stream.Recv(ctx))
	}
	if err := syscall.Kill(int(*sandbox.Info.SupervisorPid), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if left := drain(t, stream); left != 0 || stream.End().Reason != EndReasonCrashed {
		t.Errorf("%d more, %+v", left, stream.End())
	}
	if handle := must[*SandboxHandle](t)(Get(ctx, sandbox.Name)); handle.Status() != SandboxStatusCrashed {
		t.Errorf("it is %s", handle.Status())
	}
}

func TestTheStreamOfASessionThatDiedEndsThoughAnotherSupervisorIsThereBeforeItIsReadOn(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	session := must[*ExecSession](t)(sandbox.Spawn(ctx, "sh", []string{"-c", "seq 1 5; sleep 86431"}, SpawnOptions{}))
	stream := must[*LogStream](t)(session.LogStream(ctx, LogStreamOptions{Follow: true}))
	// Finding nothing more, it asks the supervisor that is going to die.
	for got := 0; got < 5; {
		entry, err := stream.TryRecv()
		if err != nil {
			t.Fatal(err)
		}
		if entry != nil {
			got++
		}
	}
	if entry, err := stream.TryRecv(); entry != nil || err != nil {
		t.Fatal(entry, err)
	}
	if err := syscall.Kill(int(*sandbox.Info.SupervisorPid), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	handle := must[*SandboxHandle](t)(Get(ctx, sandbox.Name))
	for handle.Status() != SandboxStatusCrashed {
		handle = must[*SandboxHandle](t)(Get(ctx, sandbox.Name))
	}
	must[*Sandbox](t)(handle.Start(ctx, StartOptions{}))
	if left := drain(t, stream); left != 0 {
		t.Errorf("%d more", left)
	}
}

// The library's threads are none of Go's: a signal that reaches one of them must reach Go all the same.
func TestSignalsReachGoWhileTheLibraryWorks(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	read := make(chan []string, 1)
	go func() { read <- lines(t, stream) }()
	for !waits(stream) {
		time.Sleep(time.Millisecond)
	}
	arrived := make(chan os.Signal, 1)
	signal.Notify(arrived, syscall.SIGUSR1)
	defer signal.Stop(arrived)
	for range 500 {
		if err := syscall.Kill(os.Getpid(), syscall.SIGUSR1); err != nil {
			t.Fatal(err)
		}
		<-arrived
	}
	tasks := must[[]os.DirEntry](t)(os.ReadDir("/proc/self/task"))
	for _, task := range tasks {
		sendToThread(task.Name())
	}
	must[*ExecResult](t)(sandbox.Shell(ctx, "seq 1 100", ExecOptions{}))
	if err := sandbox.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if got := <-read; !slices.Equal(got, numbers(1, 100)) {
		t.Errorf("%d lines", len(got))
	}
}

// Also threads that a signal for the process never chooses.
func sendToThread(name string) {
	id := 0
	for _, digit := range name {
		id = id*10 + int(digit-'0')
	}
	// One that has just ended is no failure.
	_, _, _ = syscall.Syscall(syscall.SYS_TGKILL, uintptr(os.Getpid()), uintptr(id), uintptr(syscall.SIGUSR1))
}
