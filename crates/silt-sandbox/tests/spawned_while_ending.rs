//! A command that has run is never said not to have: the agent's word of it may
//! come to a supervisor that is asked to end.

mod supervised;

use silt_sandbox::{Connection, Error, Reply, Request};
use std::fs;
use std::sync::mpsc::{Receiver, channel};
use supervised::{Lab, eventually, shell};

/// Holds up a process until it is dropped.
struct Held(i32);

impl Held {
    fn up(pid: i32) -> Held {
        // SAFETY: a plain system call.
        assert_eq!(unsafe { libc::kill(pid, libc::SIGSTOP) }, 0);
        eventually(|| state(pid) == 'T');
        Held(pid)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: a plain system call.
        unsafe { libc::kill(self.0, libc::SIGCONT) };
    }
}

/// `S` sleeps, `T` is held up.
fn state(pid: i32) -> char {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after_name = stat.rsplit_once(") ").unwrap().1;
    after_name.chars().next().unwrap()
}

/// A request that goes out now, and is answered later.
fn ask(connection: &Connection, request: Request) -> Receiver<Result<Reply, Error>> {
    let (send, answer) = channel();
    let on_reply = move |reply: Result<(Reply, Vec<u8>), Error>| {
        let _ = send.send(reply.map(|(reply, _)| reply));
    };
    connection.request(request, Vec::new(), Box::new(on_reply));
    answer
}

fn is_told_of(end: Request) {
    let lab = Lab::new();
    let sandbox = lab.create("told");
    let state_of = fs::read(lab.sandbox("told").join("state.json")).unwrap();
    let state_of: serde_json::Value = serde_json::from_slice(&state_of).unwrap();
    let agent = state_of["agent"]["pid"].as_i64().unwrap() as i32;
    let supervisor = lab.info("told").supervisor_pid.unwrap() as i32;
    let ender = lab.connect("told");

    let held_agent = Held::up(agent);
    let spawned = ask(&sandbox.connection, Request::Spawn(shell("touch ran")));
    // Answered after the spawn was handed to the agent.
    sandbox.call(Request::Ping).unwrap();
    let held = Held::up(supervisor);
    let ended = ask(&ender.connection, end);
    drop(held_agent);
    // It has reported all once its child is gone and it waits for more.
    let ran = lab.sandbox("told").join("workspace/ran");
    let children = format!("/proc/{agent}/task/{agent}/children");
    eventually(|| ran.exists() && fs::read(&children).unwrap().is_empty() && state(agent) == 'S');
    drop(held);

    let told = spawned.recv().unwrap();
    let Ok(Reply::Spawned { session_id, .. }) = told else {
        panic!("{told:?}");
    };
    assert!(matches!(ended.recv().unwrap(), Ok(Reply::Done)));
    let sessions = lab.info("told").sessions;
    let of_session = sessions.iter().find(|one| one.session_id == session_id);
    assert_eq!(of_session.unwrap().exit_code, Some(0));
}

#[test]
fn who_has_spawned_is_told_that_it_ran_though_the_sandbox_is_killed() {
    is_told_of(Request::Kill);
}

#[test]
fn who_has_spawned_is_told_that_it_ran_though_the_sandbox_stops() {
    is_told_of(Request::Stop);
}
