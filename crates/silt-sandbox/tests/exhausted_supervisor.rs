//! A supervisor without descriptors refuses what is new and keeps what it has.

mod supervised;

use silt_sandbox::{Error, PtyOptions, Reply, Request, SandboxSpec, Spawn, Status};
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use supervised::{EXECUTABLE, Lab, Running, eventually, shell};

/// A supervisor that may have this many descriptors.
fn with_descriptors(lab: &Lab, name: &str, most: u32) -> SandboxSpec {
    let script = lab.folder.path().join(format!("{name}.sh"));
    let text = format!("#!/bin/sh\nulimit -n {most}\nexec {EXECUTABLE} \"$@\"\n");
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
    SandboxSpec {
        executable: Some(script),
        ..lab.spec(name)
    }
}

fn try_spawn(sandbox: &Running<'_>, spawn: Spawn) -> Result<u64, Error> {
    match sandbox.call(Request::Spawn(spawn))? {
        Reply::Spawned { session_id, .. } => Ok(session_id),
        other => panic!("{other:?}"),
    }
}

/// Starts commands until there is no descriptor for another.
fn exhaust(sandbox: &Running<'_>, spawn: &Spawn) -> Vec<u64> {
    let mut started = Vec::new();
    loop {
        match try_spawn(sandbox, spawn.clone()) {
            Ok(id) => started.push(id),
            Err(error) => {
                assert!(error.to_string().contains("open files"), "{error}");
                return started;
            }
        }
        assert!(started.len() < 200);
    }
}

#[test]
fn the_log_rotates_on_when_clients_and_commands_have_taken_all() {
    let lab = Lab::new();
    let mut spec = with_descriptors(&lab, "rotating", 80);
    spec.logs.segment_bytes = Some(64 << 10);
    spec.logs.max_bytes = Some(64 << 20);
    let sandbox = lab.create_with(spec);
    let workspace = lab.sandbox("rotating").join("workspace");
    let writer = sandbox.spawn(shell("until test -e go; do :; done; seq 200000"));
    exhaust(&sandbox, &shell("exec sleep 1000"));
    let clients: Vec<_> = (0..80)
        .map(|_| UnixStream::connect(lab.sandbox("rotating").join("control.sock")).unwrap())
        .collect();
    // A client is taken a round.
    for _ in 0..100 {
        sandbox.call(Request::Ping).unwrap();
    }
    std::fs::write(workspace.join("go"), "").unwrap();
    let end = sandbox.wait(writer);
    assert_eq!((end.exit_code, end.totals[0].entries), (Some(0), 200_000));
    let (entries, _) = lab.entries("rotating");
    let gaps: Vec<u64> = entries
        .iter()
        .filter(|entry| entry.data.is_empty())
        .map(|entry| entry.sequence)
        .collect();
    let written: Vec<u8> = entries
        .into_iter()
        .filter(|entry| entry.session == writer)
        .flat_map(|entry| entry.data)
        .collect();
    let wanted: String = (1..=200_000).map(|number| format!("{number}\n")).collect();
    assert!(
        written == wanted.as_bytes(),
        "{} of {} bytes, gaps to {gaps:?}",
        written.len(),
        wanted.len()
    );
    drop(clients);
}

#[test]
fn a_terminal_that_can_not_be_had_is_refused_and_the_sandbox_runs_on() {
    let lab = Lab::new();
    let sandbox = lab.create_with(with_descriptors(&lab, "terminals", 80));
    let terminal = Spawn {
        pty: Some(PtyOptions::default()),
        ..shell("exec sleep 1000")
    };
    let mut started = exhaust(&sandbox, &shell("exec sleep 1000"));
    started.extend(exhaust(&sandbox, &terminal));
    for session_id in started {
        let signal = "SIGKILL".to_owned();
        sandbox
            .call(Request::Signal { session_id, signal })
            .unwrap();
        assert_eq!(sandbox.wait(session_id).signal.as_deref(), Some("SIGKILL"));
    }
    // What was refused does not run, and there is room again.
    let started = exhaust(&sandbox, &terminal);
    assert!(started.len() > 3, "{started:?}");
    assert_eq!(lab.info("terminals").status, Status::Running);
}

#[test]
fn many_connections_to_an_exposed_port_leave_the_sandbox_running() {
    let lab = Lab::new();
    let sandbox = lab.create_with(with_descriptors(&lab, "exposed", 80));
    // Without isolation a port inside is one of this machine.
    let server = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = server.local_addr().unwrap().port();
    let Reply::Exposed { port } = sandbox.call(Request::Expose { port }).unwrap() else {
        panic!("not exposed");
    };
    let serving = std::thread::spawn(move || {
        while let Ok((connection, _)) = server.accept() {
            let mut first = [0];
            // As servers do, it lets go of a client that has gone: until then
            // the connection is half open and takes its descriptors.
            if (&connection).read(&mut first).unwrap_or(0) == 1 {
                return;
            }
        }
    });
    let many: Vec<_> = (0..100)
        .map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap())
        .collect();
    for _ in 0..200 {
        sandbox.call(Request::Ping).unwrap();
    }
    assert_eq!(sandbox.sh("true").exit_code, Some(0));
    drop(many);
    // There is room again, for the one that ends the server.
    let mut last = TcpStream::connect(("127.0.0.1", port)).unwrap();
    std::io::Write::write_all(&mut last, b"x").unwrap();
    eventually(|| serving.is_finished());
    serving.join().unwrap();
}

#[test]
fn a_supervisor_that_could_take_no_client_is_not_started() {
    let lab = Lab::new();
    let few = with_descriptors(&lab, "few", 40);
    let error = silt_sandbox::create(&lab.home, few).unwrap_err();
    assert!(error.to_string().contains("open files"), "{error}");
    assert!(silt_sandbox::list(&lab.home).unwrap().is_empty());
}
