//! A sandbox that still ends while it is removed: another one may have its name
//! before it is over, and is left alone.

mod supervised;

use silt_sandbox::{Request, Spawn, Status};
use std::fs;
use std::path::PathBuf;
use supervised::{Lab, Running, eventually, shell};

/// Holds up a process until it is dropped.
struct Held(i32);

impl Held {
    fn up(pid: i32) -> Held {
        // SAFETY: a plain system call.
        assert_eq!(unsafe { libc::kill(pid, libc::SIGSTOP) }, 0);
        Held(pid)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: a plain system call.
        unsafe { libc::kill(self.0, libc::SIGCONT) };
    }
}

fn agent(lab: &Lab, name: &str) -> i32 {
    let state = fs::read(lab.sandbox(name).join("state.json")).unwrap();
    let state: serde_json::Value = serde_json::from_slice(&state).unwrap();
    state["agent"]["pid"].as_i64().unwrap().try_into().unwrap()
}

/// Whether a supervisor awaits the end of its agent, which it does on a
/// descriptor of that process.
fn awaits_its_agent(supervisor: u32) -> bool {
    let open = fs::read_dir(format!("/proc/{supervisor}/fd")).unwrap();
    let mut open = open.flatten().flat_map(|fd| fs::read_link(fd.path()));
    open.any(|file| file.to_string_lossy().contains("pidfd"))
}

/// Ends a sandbox as asked, and gives its name to another before it is over.
fn another_takes_the_name(begin: impl FnOnce(&Running<'_>), end: Request) {
    let lab = Lab::new();
    let old = lab.create("name");
    begin(&old);
    let supervisor = lab.info("name").supervisor_pid.unwrap();
    let process = PathBuf::from(format!("/proc/{supervisor}"));
    let held = Held::up(agent(&lab, "name"));
    assert!(!awaits_its_agent(supervisor));
    let folder = lab.sandbox("name");
    std::thread::scope(|scope| {
        scope.spawn(|| old.call(end));
        eventually(|| awaits_its_agent(supervisor));
        let removing = scope.spawn(|| silt_sandbox::remove(&lab.home, "name", true));
        eventually(|| !folder.exists());
        let new = lab.create("name");
        let session_id = new.spawn(shell("echo kept; exec sleep 86427"));
        eventually(|| lab.written("name", session_id, "stdout") == b"kept\n");
        let before = (
            lab.info("name"),
            fs::read(folder.join("state.json")).unwrap(),
        );
        drop(held);
        removing.join().unwrap().unwrap();
        eventually(|| !process.exists());
        let after = (
            lab.info("name"),
            fs::read(folder.join("state.json")).unwrap(),
        );
        assert_eq!(after.0.status, Status::Running);
        assert_eq!(after.0.supervisor_pid, before.0.supervisor_pid);
        assert_eq!(after.1, before.1);
        assert_eq!(lab.written("name", session_id, "stdout"), b"kept\n");
        lab.connect("name").call(Request::Ping).unwrap();
    });
}

#[test]
fn one_that_stops_writes_nothing_into_the_folder_of_another() {
    another_takes_the_name(|_| {}, Request::Stop);
}

#[test]
fn one_that_removes_itself_does_not_remove_another() {
    // Its streams end before it does: nothing is waited for after the agent.
    let closes = |old: &Running<'_>| {
        let spawn = Spawn {
            end_sandbox: true,
            remove_sandbox: true,
            ..shell("exec >/dev/null 2>&1; exec sleep 86428")
        };
        old.spawn(spawn);
    };
    another_takes_the_name(closes, Request::Kill);
}
