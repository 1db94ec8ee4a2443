//! Lifetime and idle limit.

mod supervised;

use silt_log::Log;
use silt_sandbox::{Connection, Millis, Reply, Request, SandboxSpec, Status};
use std::time::{Duration, Instant};
use supervised::{Lab, eventually, shell};

#[test]
fn a_lifetime_ends_a_sandbox_that_is_busy() {
    let lab = Lab::new();
    // On a busy machine a short life can be over before its command began.
    let ended = [400, 4_000, 40_000].into_iter().find_map(|lifetime| {
        let _ = silt_sandbox::remove(&lab.home, "short", true);
        let sandbox = lab.create_with(SandboxSpec {
            max_lifetime: Some(Millis(lifetime)),
            ..lab.spec("short")
        });
        let spawn = Request::Spawn(shell("exec sleep 1000"));
        let Ok(Reply::Spawned { session_id, .. }) = sandbox.call(spawn) else {
            return None;
        };
        Some(sandbox.wait(session_id))
    });
    assert_eq!(ended.unwrap().signal.as_deref(), Some("SIGTERM"));
    eventually(|| lab.info("short").status == Status::Stopped);
    let notes = lab.notes("short", Log::Runtime);
    assert!(
        notes.iter().any(|note| note.contains("lifetime")),
        "{notes:?}"
    );
}

#[test]
fn a_sandbox_is_idle_only_without_clients_and_sessions() {
    let lab = Lab::new();
    // On a busy machine a short limit can be over before its client is connected.
    let connected = [300, 3_000, 15_000].into_iter().find_map(|limit| {
        let _ = silt_sandbox::remove(&lab.home, "idle", true);
        let spec = SandboxSpec {
            idle_timeout: Some(Millis(limit)),
            ..lab.spec("idle")
        };
        silt_sandbox::create(&lab.home, spec).unwrap();
        let connection = Connection::open(&lab.home, "idle").ok()?;
        connection
            .call(Request::Spawn(shell("exit 0")), Vec::new())
            .ok()?;
        Some((connection, Duration::from_millis(limit)))
    });
    let (connection, limit) = connected.unwrap();
    let outlast = |limit: Duration| {
        let began = Instant::now();
        eventually(|| began.elapsed() > 2 * limit);
        assert_eq!(lab.info("idle").status, Status::Running);
    };
    // A client keeps it, and so does a session without one.
    outlast(limit);
    let go = lab.folder.path().join("go");
    let script = format!("until test -e {}; do sleep 0.01; done", go.display());
    let spawn = Request::Spawn(shell(&script));
    connection.call(spawn, Vec::new()).unwrap();
    drop(connection);
    outlast(limit);
    std::fs::write(go, "").unwrap();
    eventually(|| lab.info("idle").status == Status::Stopped);
    let info = lab.info("idle");
    assert_eq!(info.sessions.len(), 2);
    assert!(info.sessions.iter().all(|one| one.exit_code == Some(0)));
    let notes = lab.notes("idle", Log::Runtime);
    assert!(notes.iter().any(|note| note.contains("idle")), "{notes:?}");
}
