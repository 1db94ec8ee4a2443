package silt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"testing"
)

// The digest's sessions in the form of what a program says that it wrote.
func (e *LogEnd) accounts() map[int64]map[string]string {
	all := map[int64]map[string]string{}
	for _, session := range e.Sessions {
		all[session.SessionID] = map[string]string{}
		for _, source := range session.Sources {
			all[session.SessionID][string(source.Source)] = fmt.Sprintf("%d %s", source.Bytes, source.Sha256)
		}
	}
	return all
}

func TestTheDigestIsTheAccountOfTheProgramsThatWrote(t *testing.T) {
	ctx := background(t)
	sandbox, inside := withPrograms(t, LogOptions{MaxBytes: 1 << 28, SegmentBytes: 1 << 20})
	options := LogStreamOptions{Follow: true, Digest: true}
	followed := must[*LogStream](t)(sandbox.LogStream(ctx, options))
	var sessions []*ExecSession
	for _, arguments := range [][]string{
		{"print-random", "7", "4000000", "3000000", inside.workdir + "/account-0"},
		{"print-lines", "100000", inside.workdir + "/account-1"},
	} {
		program := inside.programs + "/" + arguments[0]
		sessions = append(sessions, must[*ExecSession](t)(sandbox.Spawn(ctx, program, arguments[1:], SpawnOptions{NoStdin: true})))
	}
	written := map[int64]map[string]string{}
	for i, session := range sessions {
		if end := must[*SessionEnd](t)(session.Wait(ctx)); end.Code() != 0 {
			t.Fatalf("%+v", end)
		}
		account := accountOf(t, filepath.Join(sandbox.Info.Workdir, fmt.Sprintf("account-%d", i)))
		if len(account) == 0 {
			t.Fatal("the program kept no account")
		}
		written[session.SessionID] = account
		own := must[*LogStream](t)(session.LogStream(ctx, options))
		drain(t, own)
		end := own.End()
		if len(end.Sessions) != 1 || !maps.Equal(end.accounts()[session.SessionID], account) || !isComplete(end.Sessions[0]) {
			t.Errorf("of session %d alone: %+v, written %v", session.SessionID, end.Sessions, account)
		}
	}
	if err := sandbox.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	drain(t, followed)
	end := followed.End()
	if !maps.EqualFunc(end.accounts(), written, maps.Equal) {
		t.Errorf("delivered %v, written %v", end.accounts(), written)
	}
	for _, session := range end.Sessions {
		if !isComplete(session) {
			t.Errorf("%+v", session)
		}
	}
}

func isComplete(session DeliveredSession) bool {
	return session.Complete != nil && *session.Complete
}

func TestASessionThatWasReadToItsMiddleIsNotJudged(t *testing.T) {
	ctx := background(t)
	sandbox := withLines(t, 100, Options{})
	stream := must[*LogStream](t)(sandbox.LogStream(ctx, LogStreamOptions{Digest: true}))
	for range 50 {
		must[*LogEntry](t)(stream.Recv(ctx))
	}
	_ = stream.Close()
	sessions := stream.End().Sessions
	if len(sessions) != 1 || sessions[0].Complete != nil || sessions[0].Sources[0].Entries != 50 || sessions[0].Sources[0].Bytes != 141 {
		t.Errorf("%+v", sessions)
	}
}

func TestTheLastServerSentEventHasTheDigestWhereItWasAskedFor(t *testing.T) {
	ctx := background(t)
	sandbox := withLines(t, 10, Options{})
	told := func(options LogStreamOptions) map[string]json.RawMessage {
		stream := must[*LogStream](t)(sandbox.LogStream(ctx, options))
		var last []byte
		for frames, err := range stream.Bytes(ctx, FormatSse) {
			if err != nil {
				t.Fatal(err)
			}
			last = frames
		}
		event, data, _ := bytes.Cut(last, []byte("\ndata: "))
		if !bytes.HasPrefix(event, []byte("event: end\n")) {
			t.Fatalf("the last frame is %q", last)
		}
		var end map[string]json.RawMessage
		if err := json.Unmarshal(data, &end); err != nil {
			t.Fatal(err)
		}
		shown := must[[]byte](t)(json.Marshal(stream.End().Sessions))
		if stream.End().Sessions != nil && !bytes.Equal(end["sessions"], shown) {
			t.Errorf("the event has %s, the end %s", end["sessions"], shown)
		}
		return end
	}
	if sessions := told(LogStreamOptions{Digest: true})["sessions"]; !bytes.Contains(sessions, []byte(`"bytes":21`)) {
		t.Errorf("%s", sessions)
	}
	// Nothing of any session is not the same as not asked for.
	if sessions := told(LogStreamOptions{Digest: true, Tail: Given[int64](0)})["sessions"]; string(sessions) != "[]" {
		t.Errorf("of no entry: %q", sessions)
	}
	if sessions, there := told(LogStreamOptions{})["sessions"]; there {
		t.Errorf("without the option: %s", sessions)
	}
}
