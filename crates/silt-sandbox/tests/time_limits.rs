//! Lifetime and idle limit.

mod supervised;

use silt_log::Log;
use silt_sandbox::{Millis, Reply, Request, SandboxSpec, Status};
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
    let began = Instant::now();
    let sandbox = lab.create_with(SandboxSpec {
        idle_timeout: Some(Millis(300)),
        ..lab.spec("idle")
    });
    // A client keeps it, and so does a session without one.
    sandbox.sh("sleep 0.5");
    sandbox.spawn(shell("sleep 0.8"));
    drop(sandbox);
    eventually(|| lab.info("idle").status == Status::Stopped);
    assert!(began.elapsed() >= Duration::from_millis(500 + 800 + 300));
    let info = lab.info("idle");
    assert!(info.sessions.iter().all(|one| one.exit_code == Some(0)));
    let notes = lab.notes("idle", Log::Runtime);
    assert!(notes.iter().any(|note| note.contains("idle")), "{notes:?}");
}
