//! What `exec` ends with when the supervisor that it asked has died: as the record
//! says, or else by saying so, and never not at all.

mod support;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use silt_sandbox::{Home, Status};
use std::fs;
use std::io::Read;
use std::process::{Output, Stdio};
use support::*;

const NAME: &str = "again";

/// Whether another supervisor has the log when `exec` comes to see it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Successor {
    None,
    Runs,
}

/// An `exec` that was held up while its supervisor died and left the record of its
/// session as `leave` makes it.
fn held_up_exec(successor: Successor, leave: impl FnOnce(&mut Value)) -> Output {
    let folder = Folder::new();
    let run = ["run", "-d", "--name", NAME, "--runtime", "process"];
    let run = folder.silt(&run).args(["--", "sleep", "1000"]).output();
    assert!(run.unwrap().status.success());
    let exec = ["exec", NAME, "--", "sh", "-c", "echo begun; sleep 1000"];
    let mut exec = folder
        .silt(&exec)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut begun = [0; 6];
    let shown = exec.stdout.as_mut().unwrap();
    shown.read_exact(&mut begun).unwrap();
    send(&exec, Signal::STOP);
    let home = Home::at(folder.path().join("home"));
    let supervisor = silt_sandbox::get(&home, NAME).unwrap().supervisor_pid;
    let supervisor = Pid::from_raw(supervisor.unwrap() as i32).unwrap();
    kill_process(supervisor, Signal::KILL).unwrap();
    until("the crash", || {
        silt_sandbox::get(&home, NAME).unwrap().status == Status::Crashed
    });
    let journal = home.sandbox(NAME).unwrap().join("sessions.jsonl");
    let held = fs::read_to_string(&journal).unwrap();
    let lines = held.lines().map(|line| serde_json::from_str(line).unwrap());
    let mut lines: Vec<Value> = lines.collect();
    leave(
        lines
            .iter_mut()
            .find(|line| line["sessionId"] == 2)
            .unwrap(),
    );
    let lines = lines.iter().map(|line| format!("{line}\n"));
    fs::write(&journal, lines.collect::<String>()).unwrap();
    if successor == Successor::Runs {
        let started = folder.silt(&["start", NAME]).output().unwrap();
        assert!(started.status.success(), "{}", stderr(&started));
    }
    send(&exec, Signal::CONT);
    until("the end of exec", || exec.try_wait().unwrap().is_some());
    exec.wait_with_output().unwrap()
}

/// Written just before the answer that the supervisor did not come to.
fn ended_with_5(session: &mut Value) {
    session["end"] = json!({
        "sessionId": 2,
        "exitCode": 5,
        "signal": null,
        "timedOut": false,
        "detached": false,
        "startedAt": "2026-05-01T10:00:00Z",
        "endedAt": "2026-05-01T10:00:01Z",
        "durationMs": 1000,
        "lastSequence": 1,
        "totals": [],
    });
}

#[test]
fn exec_ends_when_its_command_died_with_a_supervisor_that_has_a_successor() {
    let output = held_up_exec(Successor::Runs, |_| {});
    assert_eq!(code(&output), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("died"), "{}", stderr(&output));
}

#[test]
fn an_end_that_is_on_record_is_the_end_of_exec_though_another_supervisor_runs() {
    let output = held_up_exec(Successor::Runs, ended_with_5);
    assert_eq!(code(&output), Some(5), "{}", stderr(&output));
}

#[test]
fn an_end_that_is_on_record_is_the_end_of_exec_though_its_supervisor_crashed() {
    let output = held_up_exec(Successor::None, ended_with_5);
    assert_eq!(code(&output), Some(5), "{}", stderr(&output));
}

#[test]
fn exec_ends_though_a_full_disk_took_its_session_off_the_record() {
    for successor in [Successor::Runs, Successor::None] {
        let output = held_up_exec(successor, |session| *session = json!({}));
        assert_eq!(code(&output), Some(1), "{}", stderr(&output));
        assert!(stderr(&output).contains("died"), "{}", stderr(&output));
    }
}

#[test]
fn run_ends_with_its_command_though_its_sandbox_was_started_again_before_all_was_shown() {
    ends_and_leaves_its_successor(&[]);
}

#[test]
fn run_removes_no_sandbox_that_was_started_again() {
    let said = ends_and_leaves_its_successor(&["--rm"]);
    assert!(said.contains("started again"), "{said}");
}

/// What was said of it.
fn ends_and_leaves_its_successor(options: &[&str]) -> String {
    let folder = Folder::new();
    let run = ["run", "--name", NAME, "--runtime", "process"];
    let run = folder
        .silt(&run)
        .args(options)
        .args(["--", "sh", "-c", "seq 500000; exit 7"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let home = Home::at(folder.path().join("home"));
    // Nobody reads meanwhile.
    until("the end of the sandbox", || {
        silt_sandbox::get(&home, NAME).is_ok_and(|info| {
            let mut sessions = info.sessions.iter();
            info.status == Status::Stopped && sessions.any(|one| one.exit_code == Some(7))
        })
    });
    let started = folder.silt(&["start", NAME]).output().unwrap();
    assert!(started.status.success(), "{}", stderr(&started));
    let (say, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || say.send(run.wait_with_output().unwrap()));
    let output = said
        .recv_timeout(std::time::Duration::from_secs(60))
        .unwrap();
    assert_eq!(code(&output), Some(7));
    let wanted: String = (1..=500_000).map(|n| format!("{n}\n")).collect();
    assert!(stdout(&output) == wanted, "{}", output.stdout.len());
    assert_eq!(
        silt_sandbox::get(&home, NAME).unwrap().status,
        Status::Running
    );
    stderr(&output)
}
