//! A process that has no descriptors left is told so, and harms nothing.

mod supervised;

use silt_sandbox::{Error, PruneOptions, Status};
use std::fs::File;
use supervised::Lab;

/// All descriptors of this process but `spare`, for as long as it is held.
fn take_all_but(spare: usize) -> Vec<File> {
    let mut taken = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        taken.push(file);
    }
    taken.truncate(taken.len() - spare);
    taken
}

fn lower_the_limit() {
    // SAFETY: a valid structure; this test program has no other test.
    unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        assert_eq!(libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit), 0);
        limit.rlim_cur = 64;
        assert_eq!(libc::setrlimit(libc::RLIMIT_NOFILE, &limit), 0);
    }
}

#[test]
fn a_running_sandbox_is_never_taken_for_a_stopped_one() {
    let lab = Lab::new();
    let sandbox = lab.create("kept");
    sandbox.sh("echo kept");
    lower_the_limit();
    for spare in 0..12 {
        let taken = take_all_but(spare);
        let removed = silt_sandbox::remove(&lab.home, "kept", false);
        let pruned = silt_sandbox::prune(&lab.home, &PruneOptions::default());
        let info = silt_sandbox::get(&lab.home, "kept");
        drop(taken);
        assert!(removed.is_err(), "{spare}: {removed:?}");
        assert!(
            pruned.is_err() || pruned.as_ref().is_ok_and(Vec::is_empty),
            "{spare}: {pruned:?}"
        );
        match info {
            Ok(info) => {
                assert_eq!(info.status, Status::Running, "{spare}");
                assert_eq!(info.sessions.len(), 1, "{spare}");
            }
            Err(error) => assert!(!matches!(error, Error::SandboxNotFound { .. }), "{error}"),
        }
    }
    // Stopping is the same question.
    let taken = take_all_but(1);
    let stopped = silt_sandbox::stop(&lab.home, "kept");
    drop(taken);
    assert!(stopped.is_err() || lab.info("kept").status == Status::Stopped);
    assert_eq!(lab.written("kept", 1, "stdout"), b"kept\n");
}
