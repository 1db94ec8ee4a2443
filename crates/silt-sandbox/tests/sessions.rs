//! Commands: output, input, signals, time limits, ends.

mod supervised;

use silt_log::{EndReason, Log, StreamOptions};
use silt_sandbox::{Error, Reply, Request, Spawn, Status};
use std::time::{Duration, Instant};
use supervised::{Lab, contains, eventually, read, shell};

#[test]
fn the_exit_record_follows_the_last_byte() {
    let lab = Lab::new();
    let sandbox = lab.create("last");
    // More than a pipe holds, still unread at the exit.
    let end = sandbox.sh("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last >&2");
    let exec = lab.sandbox("last").join("logs/exec.log");
    let text = std::fs::read(exec).unwrap();
    let line = text
        .split(|&byte| byte == b'\n')
        .rfind(|line| contains(line, b"\"s\":\"exit\""))
        .unwrap();
    let line = String::from_utf8_lossy(line);
    assert!(line.contains("\"id\":1"), "{line}");
    assert_eq!(end.totals[0].bytes, 3_000_001);
    assert_eq!(
        lab.written("last", end.session_id, "stdout").len(),
        3_000_001
    );
    assert_eq!(lab.written("last", end.session_id, "stderr"), b"last\n");
    let (entries, _) = lab.entries("last");
    let newest = entries
        .iter()
        .filter(|entry| entry.log == Log::Exec)
        .map(|entry| entry.sequence)
        .max();
    assert_eq!(newest, Some(end.last_sequence));
}

#[test]
fn the_cursor_of_a_spawn_stands_before_its_first_entry() {
    let lab = Lab::new();
    let sandbox = lab.create("cursor");
    sandbox.sh("echo before");
    let spawned = sandbox.call(Request::Spawn(shell("echo after"))).unwrap();
    let Reply::Spawned { session_id, cursor } = spawned else {
        panic!("{spawned:?}");
    };
    sandbox.wait(session_id);
    let (entries, _) = read(
        &lab.logs("cursor"),
        StreamOptions {
            from_cursor: Some(cursor),
            ..StreamOptions::default()
        },
    );
    let texts: Vec<_> = entries.iter().map(|entry| entry.data.as_slice()).collect();
    assert_eq!(texts, [b"after\n"]);
}

#[test]
fn a_background_child_does_not_hold_up_the_answer_and_its_output_is_kept() {
    let lab = Lab::new();
    let sandbox = lab.create("detached");
    let go = lab.folder.path().join("go");
    let script = format!(
        "(while [ ! -e {} ]; do sleep 0.01; done; echo late) & echo early",
        go.display()
    );
    let began = Instant::now();
    let end = sandbox.sh(&script);
    assert!(end.detached && end.totals.is_empty());
    assert_eq!(end.exit_code, Some(0));
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(lab.info("detached").sessions[0].ended_at, None);
    std::fs::write(&go, "").unwrap();
    eventually(|| lab.info("detached").sessions[0].ended_at.is_some());
    assert_eq!(
        lab.written("detached", end.session_id, "stdout"),
        b"early\nlate\n"
    );
    // Whoever asks now gets the whole of it.
    let end = sandbox.wait(end.session_id);
    assert_eq!((end.detached, end.totals[0].bytes), (false, 11));
}

#[test]
fn past_its_time_a_command_is_terminated_then_killed() {
    let lab = Lab::new();
    let sandbox = lab.create("timeout");
    let end = sandbox.wait(sandbox.spawn(Spawn {
        timeout_ms: Some(100),
        ..shell("sleep 1000 & wait")
    }));
    assert_eq!(end.signal.as_deref(), Some("SIGTERM"));
    assert!(end.timed_out && end.exit_code.is_none());

    let began = Instant::now();
    let stubborn = sandbox.wait(sandbox.spawn(Spawn {
        timeout_ms: Some(100),
        ..shell("trap '' TERM; while :; do sleep 1; done")
    }));
    assert_eq!(stubborn.signal.as_deref(), Some("SIGKILL"));
    assert!(stubborn.timed_out && began.elapsed() >= Duration::from_secs(5));

    let quick = sandbox.wait(sandbox.spawn(Spawn {
        timeout_ms: Some(60_000),
        ..shell("exit 3")
    }));
    assert_eq!((quick.exit_code, quick.timed_out), (Some(3), false));
}

#[test]
fn standard_input_arrives_whole_and_its_end_too() {
    let lab = Lab::new();
    let sandbox = lab.create("stdin");
    let session_id = sandbox.spawn(Spawn {
        stdin: true,
        ..shell("sha256sum; wc -c < /dev/null")
    });
    // Far more than a pipe holds; a slow reader never blocks the supervisor.
    let chunk: Vec<u8> = (0..1_000_000_u32).map(|at| (at * 7) as u8).collect();
    for _ in 0..8 {
        let reply = sandbox
            .send(Request::Write { session_id }, chunk.clone())
            .unwrap();
        assert!(matches!(reply, Reply::Written { closed: false }));
    }
    sandbox.call(Request::CloseStdin { session_id }).unwrap();
    let end = sandbox.wait(session_id);
    let expected = {
        use std::io::Write;
        let mut child = std::process::Command::new("sha256sum")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        for _ in 0..8 {
            stdin.write_all(&chunk).unwrap();
        }
        drop(stdin);
        child.wait_with_output().unwrap().stdout
    };
    let written = lab.written("stdin", end.session_id, "stdout");
    assert_eq!(written, [expected, b"0\n".to_vec()].concat());
}

#[test]
fn a_command_that_does_not_read_blocks_nobody() {
    let lab = Lab::new();
    let sandbox = lab.create("deaf");
    let session_id = sandbox.spawn(Spawn {
        stdin: true,
        ..shell("sleep 1000")
    });
    let (sender, receiver) = std::sync::mpsc::channel();
    let on_reply = Box::new(move |answer| sender.send(answer).unwrap());
    let write = Request::Write { session_id };
    sandbox
        .connection
        .request(write, vec![b'x'; 4_000_000], on_reply);
    // Others go on, and the command can be ended.
    assert_eq!(sandbox.sh("echo fine").exit_code, Some(0));
    let signal = "SIGKILL".to_owned();
    sandbox
        .call(Request::Signal { session_id, signal })
        .unwrap();
    assert_eq!(sandbox.wait(session_id).signal.as_deref(), Some("SIGKILL"));
    let (reply, _) = receiver.recv().unwrap().unwrap();
    assert!(matches!(reply, Reply::Written { closed: true }));
}

#[test]
fn without_standard_input_a_command_reads_an_end_at_once() {
    let lab = Lab::new();
    let sandbox = lab.create("null");
    let end = sandbox.sh("cat; echo read");
    assert_eq!(lab.written("null", end.session_id, "stdout"), b"read\n");
}

#[test]
fn what_can_not_be_run_says_why() {
    let lab = Lab::new();
    let sandbox = lab.create("cannot");
    let plain = lab.folder.path().join("plain");
    std::fs::write(&plain, "x").unwrap();
    for (program, code) in [("no-such-program", 127), (plain.to_str().unwrap(), 126)] {
        let end = sandbox.wait(sandbox.spawn(Spawn {
            program: program.to_owned(),
            ..Spawn::default()
        }));
        assert_eq!(end.exit_code, Some(code));
        let notes = lab.notes("cannot", Log::Exec);
        assert!(notes.last().unwrap().contains(program), "{notes:?}");
    }
    let error = sandbox
        .call(Request::Spawn(Spawn {
            cwd: Some("missing".to_owned()),
            ..shell("true")
        }))
        .unwrap_err();
    assert!(
        matches!(error, Error::InvalidArgument { ref option, .. } if option == "cwd"),
        "{error}"
    );
    assert_eq!(lab.info("cannot").sessions.len(), 2);
}

#[test]
fn unknown_sessions_and_signals_are_refused() {
    let lab = Lab::new();
    let sandbox = lab.create("unknown");
    let session_id = 77;
    for request in [
        Request::Wait { session_id },
        Request::Write { session_id },
        Request::CloseStdin { session_id },
        Request::Signal {
            session_id,
            signal: "SIGTERM".into(),
        },
    ] {
        let error = sandbox.call(request).unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { .. }), "{error}");
    }
    let session_id = sandbox.spawn(shell("exec sleep 1000"));
    let signal = |name: &str| {
        let signal = name.to_owned();
        sandbox.call(Request::Signal { session_id, signal })
    };
    assert!(matches!(
        signal("SIGNOPE"),
        Err(Error::InvalidArgument { .. })
    ));
    signal("SIGUSR1").unwrap();
    assert_eq!(sandbox.wait(session_id).signal.as_deref(), Some("SIGUSR1"));
}

#[test]
fn the_end_of_a_command_can_be_the_end_of_the_sandbox() {
    let lab = Lab::new();
    let sandbox = lab.create("run");
    let follow = lab.logs("run");
    let reader = std::thread::spawn(move || {
        read(
            &follow,
            StreamOptions {
                follow: true,
                ..StreamOptions::default()
            },
        )
    });
    let session = sandbox.spawn(Spawn {
        end_sandbox: true,
        ..shell("sleep 86414 & head -c 500000 /dev/zero; exit 5")
    });
    let end = sandbox.wait(session);
    assert_eq!((end.exit_code, end.detached), (Some(5), false));
    let (entries, reason) = reader.join().unwrap();
    assert_eq!(reason, EndReason::Stopped);
    let bytes: usize = entries.iter().map(|entry| entry.data.len()).sum();
    assert_eq!(bytes, 500_000);
    eventually(|| lab.info("run").status == Status::Stopped);
    assert!(!supervised::runs("sleep\086414"));
}

#[test]
fn stopping_gives_commands_their_time_and_no_more() {
    let lab = Lab::new();
    let sandbox = lab.create("stop");
    let kind = sandbox.spawn(shell(
        "trap 'echo bye; exit 4' TERM; echo up; while :; do sleep 0.01; done",
    ));
    let stubborn = sandbox.spawn(shell("trap '' TERM; echo up; while :; do sleep 0.01; done"));
    for session in [kind, stubborn] {
        eventually(|| lab.written("stop", session, "stdout") == b"up\n");
    }
    let began = Instant::now();
    sandbox.stop();
    assert!(began.elapsed() >= Duration::from_secs(5));
    assert_eq!(lab.written("stop", kind, "stdout"), b"up\nbye\n");
    let sessions = lab.info("stop").sessions;
    assert_eq!(sessions[0].exit_code, Some(4));
    assert_eq!(sessions[1].signal.as_deref(), Some("SIGKILL"));
    let error = sandbox.call(Request::Ping).unwrap_err();
    assert!(matches!(error, Error::SandboxNotRunning { .. }), "{error}");
}

#[test]
fn killing_ends_at_once_and_keeps_what_was_written() {
    let lab = Lab::new();
    let sandbox = lab.create("kill");
    let session = sandbox.spawn(shell(
        "trap 'echo asked' TERM; echo up; while :; do sleep 0.01; done",
    ));
    eventually(|| lab.written("kill", session, "stdout") == b"up\n");
    silt_sandbox::kill(&lab.home, "kill").unwrap();
    let info = lab.info("kill");
    assert_eq!(info.status, Status::Stopped);
    assert_eq!(info.sessions[0].signal.as_deref(), Some("SIGKILL"));
    // Not asked first: the time that is given to end goes by between the two signals.
    assert_eq!(lab.written("kill", session, "stdout"), b"up\n");
}

#[test]
fn many_commands_at_once_never_mix() {
    let lab = Lab::new();
    let sandbox = lab.create("many");
    let sessions: Vec<u64> = (0..12)
        .map(|at| {
            sandbox.spawn(shell(&format!(
                "i=0; while [ $i -lt 2000 ]; do echo {at} $i; echo {at} $i >&2; i=$((i+1)); done"
            )))
        })
        .collect();
    for session in &sessions {
        assert_eq!(sandbox.wait(*session).exit_code, Some(0));
    }
    let (entries, _) = lab.entries("many");
    for (at, session) in sessions.iter().enumerate() {
        for source in ["stdout", "stderr"] {
            let written: Vec<u8> = entries
                .iter()
                .filter(|entry| entry.session == *session && entry.source == source)
                .flat_map(|entry| entry.data.clone())
                .collect();
            let expected: String = (0..2000).map(|i| format!("{at} {i}\n")).collect();
            assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
    }
}

#[test]
fn ordinary_pipes_inside_behave() {
    let lab = Lab::new();
    let sandbox = lab.create("sigpipe");
    // SIGPIPE ends `yes`; were it ignored, `yes` would complain.
    let end = sandbox.sh("yes | head -1; ulimit -n; umask");
    let text = String::from_utf8(lab.written("sigpipe", end.session_id, "stdout")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let own = std::process::Command::new("sh")
        .args(["-c", "ulimit -n; umask"])
        .output()
        .unwrap();
    let own = String::from_utf8(own.stdout).unwrap();
    assert_eq!(
        lines,
        ["y"].into_iter().chain(own.lines()).collect::<Vec<_>>()
    );
    assert_eq!(lab.written("sigpipe", end.session_id, "stderr"), b"");
}

#[test]
fn fatal_signals_are_the_kernels_news() {
    let lab = Lab::new();
    let sandbox = lab.create("fault");
    let end = sandbox.sh("kill -SEGV $$");
    assert_eq!(end.signal.as_deref(), Some("SIGSEGV"));
    let notes = lab.notes("fault", Log::Kernel);
    assert!(
        notes.iter().any(|note| note.contains("SIGSEGV")),
        "{notes:?}"
    );
}

#[test]
fn who_waits_for_the_last_byte_is_told_after_it_whatever_holds_the_pipes() {
    let lab = Lab::new();
    let sandbox = lab.create("patient");
    let go = lab.sandbox("patient").join("workspace/go");
    let script = "(until test -e go; do :; done; echo late) & echo early";
    let session_id = sandbox.spawn(shell(script));
    let patient = lab.connect("patient");
    std::thread::scope(|scope| {
        let told = scope.spawn(|| patient.call(Request::WaitForLastByte { session_id }));
        assert!(sandbox.wait(session_id).detached);
        assert!(!told.is_finished());
        std::fs::write(&go, "").unwrap();
        let Reply::Ended(end) = told.join().unwrap().unwrap() else {
            panic!("not told");
        };
        assert!(!end.detached && end.exit_code == Some(0), "{end:?}");
        assert_eq!(end.totals[0].bytes, 11);
    });
    let first = sandbox.wait(session_id);
    sandbox.stop();
    let recorded = silt_sandbox::recorded_end(&lab.home, "patient", session_id);
    assert_eq!(recorded.unwrap(), Some(first));
    let none = silt_sandbox::recorded_end(&lab.home, "patient", session_id + 1);
    assert_eq!(none.unwrap(), None);
}
