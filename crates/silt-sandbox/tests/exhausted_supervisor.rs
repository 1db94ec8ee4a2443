//! A supervisor without descriptors refuses what is new and keeps what it has.

mod supervised;

use silt_sandbox::{Error, PtyOptions, Reply, Request, SandboxSpec, Spawn, Status};
use std::os::unix::fs::PermissionsExt;
use supervised::{EXECUTABLE, Lab, Running, shell};

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
