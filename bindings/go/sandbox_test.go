package silt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestExecTellsHowACommandEnded(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{Env: map[string]string{"WHO": "world"}})
	var heard bytes.Buffer
	result := must[*ExecResult](t)(sandbox.Shell(ctx, `echo "hello $WHO"; echo err >&2; cat; exit 3`, ExecOptions{
		Input: []byte("given"), OnStdout: func(data []byte) { heard.Write(data) },
	}))
	if result.Code() != 3 || string(result.Stdout) != "hello world\ngiven" || string(result.Stderr) != "err\n" || result.Truncated {
		t.Errorf("%+v", result)
	}
	if heard.String() != string(result.Stdout) {
		t.Errorf("heard %q", heard.String())
	}
	missing := must[*ExecResult](t)(sandbox.Exec(ctx, "no-such-program", nil, ExecOptions{}))
	if missing.Code() != 127 {
		t.Errorf("not found is %d", missing.Code())
	}
	slow := must[*ExecResult](t)(sandbox.Exec(ctx, "sleep", []string{"600"}, ExecOptions{Timeout: 50 * time.Millisecond}))
	if !slow.TimedOut || slow.ExitCode != nil {
		t.Errorf("timed out: %+v", slow.SessionEnd)
	}
	_, err := sandbox.Exec(ctx, "true", nil, ExecOptions{Cwd: "nowhere"})
	var invalid *InvalidArgument
	if !errors.As(err, &invalid) || invalid.Option != "cwd" {
		t.Errorf("a missing folder: %v", err)
	}
}

func TestACancelledExecKillsItsCommand(t *testing.T) {
	sandbox := newSandbox(t, Options{})
	ctx, cancel := context.WithCancel(background(t))
	_, err := sandbox.Shell(ctx, "echo started; exec sleep 600", ExecOptions{OnStdout: func([]byte) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	killed(t, sandbox, "is cancelled")
}

// Waits until the sandbox's newest command was killed.
func killed(t *testing.T, sandbox *Sandbox, by string) {
	t.Helper()
	ctx := background(t)
	for {
		info, err := sandbox.Inspect(ctx)
		if err != nil {
			t.Fatalf("one that %s leaves its command running: %v", by, err)
		}
		if count := len(info.Sessions); count > 0 {
			if signal := info.Sessions[count-1].Signal; signal != nil && *signal == "SIGKILL" {
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
}

func TestACallbackThatPanicsTakesNothingFromOthersWhoListen(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	const line = "until test -e go; do sleep 0.01; done; seq 20000"
	session := must[*ExecSession](t)(sandbox.Spawn(ctx, "sh", []string{"-c", line}, SpawnOptions{NoStdin: true}))
	stream := must[*LogStream](t)(session.LogStream(ctx, LogStreamOptions{Follow: true}))
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			defer func() { _ = recover() }()
			_, err := sandbox.Shell(ctx, line, ExecOptions{OnStdout: func([]byte) { panic("no more") }})
			t.Errorf("the panic did not reach the caller: %v", err)
		})
	}
	var listening []byte
	all.Go(func() {
		if result, err := sandbox.Shell(ctx, line, ExecOptions{}); err == nil {
			listening = result.Stdout
		}
	})
	if err := sandbox.Files().Write(ctx, "go", nil); err != nil {
		t.Fatal(err)
	}
	wanted := numbers(1, 20_000)
	if got := lines(t, stream); !slices.Equal(got, wanted) {
		t.Errorf("a follower got %d lines", len(got))
	}
	all.Wait()
	if string(listening) != strings.Join(wanted, "\n")+"\n" {
		t.Errorf("another command gave %d bytes", len(listening))
	}
}

// A context that says when it is first waited on.
type waitedOn struct {
	context.Context
	once   *sync.Once
	waited chan struct{}
}

func (c waitedOn) Done() <-chan struct{} {
	c.once.Do(func() { close(c.waited) })
	return c.Context.Done()
}

func TestACancelWhileTheCommandIsBeingStartedKillsIt(t *testing.T) {
	sandbox := newSandbox(t, Options{})
	supervisor := int(*sandbox.Info.SupervisorPid)
	outer, cancelOuter := context.WithCancel(background(t))
	inner, cancelInner := context.WithCancel(outer)
	ctx := waitedOn{inner, &sync.Once{}, make(chan struct{})}
	if err := syscall.Kill(supervisor, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error)
	go func() {
		_, err := sandbox.Exec(ctx, "sleep", []string{"600"}, ExecOptions{})
		failed <- err
	}()
	<-ctx.waited
	cancelInner()
	cancelOuter()
	cancelInner()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := syscall.Kill(supervisor, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	killed(t, sandbox, "is cancelled twice")
}

func TestACreateThatIsGivenUpLeavesNoSandbox(t *testing.T) {
	// The supervisor begins when it is told to, and says that it is about to.
	folder := t.TempDir()
	begun, goes := filepath.Join(folder, "begun"), filepath.Join(folder, "go")
	script := fmt.Sprintf("#!/bin/sh\ntouch %s; until test -e %s; do sleep 0.01; done\nexec %s \"$@\"\n",
		begun, goes, os.Getenv("SILT_EXECUTABLE"))
	if err := os.WriteFile(filepath.Join(folder, "silt"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SILT_EXECUTABLE", filepath.Join(folder, "silt"))
	exists := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	ctx, cancel := context.WithCancel(background(t))
	failed := make(chan error)
	go func() {
		_, err := Create(ctx, Options{Name: "given-up", Runtime: RuntimeProcess})
		failed <- err
	}()
	for !exists(begun) {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := os.WriteFile(goes, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var gone *SandboxNotFound
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if _, err := Get(background(t), "given-up"); errors.As(err, &gone) {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the sandbox is still there")
		}
	}
}

func TestWhatIsLeftOfTheInputIsGivenToAChildThatReadsItAfterTheEnd(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	running, cancel := context.WithCancel(ctx)
	// It reads once the Exec is over, and to the end of its input.
	const line = "exec 3<&0; (until test -e go; do sleep 0.01; done; wc -c <&3) & exit 0"
	input := bytes.Repeat([]byte("a"), 3<<20)
	result := must[*ExecResult](t)(sandbox.Shell(running, line, ExecOptions{Input: input}))
	if !result.Detached {
		t.Fatalf("%+v", result)
	}
	cancel()
	if err := sandbox.Files().Write(ctx, "go", nil); err != nil {
		t.Fatal(err)
	}
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Follow: true}))
	if entry := must[*LogEntry](t)(stream.Recv(ctx)); entry.Line() != fmt.Sprint(len(input)) {
		t.Errorf("the child read %s bytes", entry.Line())
	}
	_ = stream.Close()
}

func TestWhatACallbackDoesToItsBytesChangesNoResult(t *testing.T) {
	sandbox := newSandbox(t, Options{})
	result := must[*ExecResult](t)(sandbox.Shell(background(t), "echo one", ExecOptions{
		OnStdout: func(data []byte) { clear(data) },
	}))
	if string(result.Stdout) != "one\n" {
		t.Errorf("%q", result.Stdout)
	}
}

func TestACallbackCanRunACommandAndEndTheOneThatCallsIt(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	var inner []byte
	outer := must[*ExecResult](t)(sandbox.Shell(ctx, "echo x; until test -e go; do sleep 0.01; done; echo y", ExecOptions{
		OnStdout: func(data []byte) {
			if data[0] == 'x' {
				inner = must[*ExecResult](t)(sandbox.Shell(ctx, "touch go; echo inner", ExecOptions{})).Stdout
			} else if err := sandbox.Kill(ctx); err != nil {
				t.Error(err)
			}
		},
	}))
	if string(outer.Stdout) != "x\ny\n" || string(inner) != "inner\n" {
		t.Errorf("%q around %q", outer.Stdout, inner)
	}
}

func TestACallbackThatPanicsEndsTheCommandAndReachesTheCaller(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	for _, leave := range []struct {
		how  string
		call func()
	}{
		{"panics", func() { panic("no more") }},
		{"ends its goroutine", runtime.Goexit},
	} {
		left := make(chan any)
		go func() {
			defer func() { left <- recover() }()
			_, _ = sandbox.Shell(ctx, "echo x; exec sleep 600", ExecOptions{OnStdout: func([]byte) { leave.call() }})
		}()
		if recovered := <-left; leave.how == "panics" && recovered != "no more" {
			t.Errorf("recovered %v", recovered)
		}
		killed(t, sandbox, leave.how)
	}
}

func TestASessionTakesInputSignalsAndATerminal(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	session := must[*ExecSession](t)(sandbox.Spawn(ctx, "cat", nil, SpawnOptions{}))
	stream := must[*LogStream](t)(session.LogStream(ctx, LogStreamOptions{Follow: true}))
	other := must[*ExecResult](t)(sandbox.Exec(ctx, "echo", []string{"another"}, ExecOptions{}))
	if err := errors.Join(session.Write(ctx, []byte("one\n")), session.Write(ctx, []byte("two\n")), session.End(ctx)); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, stream); strings.Join(got, " ") != "one two" || stream.End().Reason != EndReasonDrained {
		t.Errorf("%v, %+v, beside %s", got, stream.End(), other.Stdout)
	}
	if end := must[*SessionEnd](t)(session.Wait(ctx)); end.Code() != 0 || end.Totals[0].Bytes != 8 {
		t.Errorf("%+v", end)
	}
	sleeping := must[*ExecSession](t)(sandbox.Spawn(ctx, "sleep", []string{"600"}, SpawnOptions{NoStdin: true}))
	if err := sleeping.Kill(ctx, ""); err != nil {
		t.Fatal(err)
	}
	if end := must[*SessionEnd](t)(sleeping.Wait(ctx)); end.Signal == nil || *end.Signal != "SIGTERM" {
		t.Errorf("%+v", end)
	}
	terminal := must[*ExecSession](t)(sandbox.Spawn(ctx, "sh", []string{"-c", "read _; stty size"}, SpawnOptions{Pty: &PtyOptions{Columns: 100, Rows: 40}}))
	if err := errors.Join(terminal.Resize(ctx, 132, 43), terminal.Write(ctx, []byte("\n"))); err != nil {
		t.Fatal(err)
	}
	shown := must[*LogStream](t)(terminal.LogStream(ctx, LogStreamOptions{Follow: true}))
	if got := lines(t, shown); !strings.Contains(strings.Join(got, "\n"), "43 132") {
		t.Errorf("the terminal showed %q", got)
	}
	ended := must[*ExecSession](t)(sandbox.Spawn(ctx, "true", nil, SpawnOptions{}))
	must[*SessionEnd](t)(ended.Wait(ctx))
	if err := ended.Write(ctx, []byte("late")); err == nil {
		t.Error("what has ended took input")
	}
}

func TestPollingASessionsStreamMeetsItsEnd(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	session := must[*ExecSession](t)(sandbox.Spawn(ctx, "cat", nil, SpawnOptions{}))
	stream := must[*LogStream](t)(session.LogStream(ctx, LogStreamOptions{Follow: true}))
	if entry, err := stream.TryRecv(); entry != nil || err != nil {
		t.Fatalf("before anything was written: %v, %v", entry, err)
	}
	if err := session.Write(ctx, []byte("one\ntwo\n")); err != nil {
		t.Fatal(err)
	}
	if err := session.End(ctx); err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		entry, err := stream.TryRecv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if entry != nil {
			got = append(got, entry.Line())
			continue
		}
		if ctx.Err() != nil {
			t.Fatalf("after %q it neither gave an entry nor ended", got)
		}
		time.Sleep(time.Millisecond)
	}
	// The sandbox runs on: it is the session that has ended.
	if want := []string{"one", "two"}; !slices.Equal(got, want) || stream.End().Reason != EndReasonDrained {
		t.Errorf("%q, ended %s", got, stream.End().Reason)
	}
}

func TestASessionsStreamGoesOnWhileAChildWritesThatItLeft(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	must[*ExecResult](t)(sandbox.Exec(ctx, "mkfifo", []string{"go"}, ExecOptions{}))
	line := "(read line < go; echo late) & echo early"
	session := must[*ExecSession](t)(sandbox.Spawn(ctx, "sh", []string{"-c", line}, SpawnOptions{}))
	stream := must[*LogStream](t)(session.LogStream(ctx, LogStreamOptions{Follow: true}))
	if first := must[*LogEntry](t)(stream.Recv(ctx)); first.Line() != "early" {
		t.Errorf("%q", first.Line())
	}
	rest := make(chan []string)
	go func() { rest <- lines(t, stream) }()
	if end := must[*SessionEnd](t)(session.Wait(ctx)); !end.Detached {
		t.Errorf("%+v", end)
	}
	must[*ExecResult](t)(sandbox.Exec(ctx, "sh", []string{"-c", "echo > go"}, ExecOptions{}))
	if got := <-rest; strings.Join(got, " ") != "late" {
		t.Errorf("%v", got)
	}
}

func TestALifeFromCreationToRemoval(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{Name: "life"})
	_, err := Create(ctx, Options{Name: "life", Runtime: RuntimeProcess})
	var exists *SandboxExists
	if !errors.As(err, &exists) {
		t.Errorf("a second one of its name: %v", err)
	}
	if err := sandbox.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	handle := must[*SandboxHandle](t)(Get(ctx, "life"))
	_, err = handle.Connect(ctx)
	var stopped *SandboxNotRunning
	if handle.Status() != SandboxStatusStopped || !errors.As(err, &stopped) {
		t.Errorf("%s, %v", handle.Status(), err)
	}
	again := must[*Sandbox](t)(handle.Start(ctx, StartOptions{Env: map[string]string{"A": "b"}}))
	connected := must[*Sandbox](t)(must[*SandboxHandle](t)(Get(ctx, "life")).Connect(ctx))
	if result := must[*ExecResult](t)(connected.Shell(ctx, "echo $A", ExecOptions{})); string(result.Stdout) != "b\n" {
		t.Errorf("%q", result.Stdout)
	}
	found := false
	for _, listed := range must[[]*SandboxHandle](t)(List(ctx)) {
		found = found || listed.Name == "life" && listed.Status() == SandboxStatusRunning
	}
	if !found {
		t.Error("it is not listed")
	}
	if err := errors.Join(connected.Disconnect(ctx), again.Kill(ctx)); err != nil {
		t.Fatal(err)
	}
	if report := must[*VerifyReport](t)(handle.Verify(ctx)); !report.Whole {
		t.Errorf("%+v", report)
	}
	if err := handle.Remove(ctx, RemoveOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAndPorts(t *testing.T) {
	ctx := background(t)
	sandbox := newSandbox(t, Options{})
	files := sandbox.Files()
	if err := files.Write(ctx, "site/index.html", []byte("<h1>hello</h1>")); err != nil {
		t.Fatal(err)
	}
	listed := must[[]FileInfo](t)(files.List(ctx, "site"))
	if len(listed) != 1 || listed[0].Name != "index.html" || listed[0].Kind != FileKindFile || listed[0].Size != 14 {
		t.Errorf("%+v", listed)
	}
	if data := must[[]byte](t)(files.Read(ctx, "site/index.html")); string(data) != "<h1>hello</h1>" {
		t.Errorf("%q", data)
	}
	if _, err := exec.LookPath("python3"); err == nil {
		must[*ExecSession](t)(sandbox.Spawn(ctx, "sh", []string{"-c", "cd site && exec python3 -m http.server 8080"}, SpawnOptions{}))
		url := must[string](t)(sandbox.Expose(ctx, 8080))
		answer := must[*http.Response](t)(http.Get(url))
		page := must[[]byte](t)(io.ReadAll(answer.Body))
		_ = answer.Body.Close()
		if string(page) != "<h1>hello</h1>" {
			t.Errorf("%q", page)
		}
	}
	if err := files.Remove(ctx, "site"); err != nil {
		t.Fatal(err)
	}
	_, err := files.Read(ctx, "site/index.html")
	var missing *NotFound
	if !errors.As(err, &missing) {
		t.Errorf("%v", err)
	}
}
