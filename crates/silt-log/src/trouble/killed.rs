//! A writer is killed while somebody waits for what it says next.

use super::*;
use crate::reader::still::stop_the_slow_poll;
use std::process::{Child, Stdio};
use std::time::Duration;

const KILLED: &str = "trouble::killed::the_one_that_is_killed";
const FOLDER: &str = "SILT_TEST_KILLED_WRITER";

/// Another process; see [`start`].
#[test]
fn the_one_that_is_killed() {
    let Ok(logs) = std::env::var(FOLDER) else {
        return;
    };
    let mut writer = Writer::create(&PathBuf::from(logs), &small_segments()).unwrap();
    append_lines(&mut writer, 1, 1);
    loop {
        std::thread::park();
    }
}

fn start(logs: &Path) -> Child {
    alone::again(KILLED)
        .env(FOLDER, logs)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Whether the kill of an idle writer wakes its follower. That takes no time; the
/// limit is for a follower that sleeps on.
fn is_heard() -> bool {
    let folder = folder();
    let mut child = start(&folder.logs);
    while !folder.logs.exists() {
        std::thread::yield_now();
    }
    let mut stream = open(&folder.logs, &follow()).unwrap();
    let mut read = Vec::new();
    while read.is_empty() {
        read = drain_now(&mut stream);
    }
    assert_eq!(read, lines(1, 1));
    // What the first line woke for is over.
    while stream.wait(Some(Duration::from_millis(200))) {
        assert_eq!(drain_now(&mut stream), []);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    while stream.wait(Some(Duration::from_secs(10))) {
        match stream.next(BatchLimits::default()).unwrap() {
            Next::Batch(batch) => panic!("{batch:?}"),
            Next::Pending => {}
            Next::End(end) => {
                assert_eq!(end.reason, EndReason::Crashed);
                return true;
            }
        }
    }
    false
}

const AT_ONCE: &str = "trouble::killed::a_follower_hears_of_a_kill_at_once";

#[test]
fn a_follower_hears_of_a_kill_at_once() {
    alone::alone(AT_ONCE, || {
        stop_the_slow_poll();
        // The last event can come just before the kernel gives the lock back: the
        // slow poll is there for that, and here it is not.
        assert!((0..5).any(|_| is_heard()), "only the slow poll would tell");
    });
}
