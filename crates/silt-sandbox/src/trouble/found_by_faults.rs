//! What the matrix of faults has found.

use super::scenario::{NAME, Scenario};
use crate::folder::Folder;
use crate::state::{ProcessId, State};
use crate::sys::simulated::{self, Call};
use crate::{Error, recorded_end};
use rustix::io::Errno;
use silt_faults::Fault;

/// One of this thread's calls of a name fails, after so many others.
fn fail(name: Call, after: usize) {
    let mut made = 0;
    simulated::on_calls(move |call| {
        made += usize::from(call == name);
        (call == name && made == after + 1).then_some(Fault::Error(Errno::IO))
    });
}

#[test]
fn a_sandbox_that_can_not_be_looked_at_once_it_runs_is_not_left_behind() {
    let temporary = tempfile::tempdir().unwrap();
    let scenario = Scenario::in_folder(temporary.path());
    // A creation reads nothing before its supervisor is ready.
    fail(Call::Read, 0);
    let failed = crate::create(&scenario.home, scenario.spec());
    simulated::all_calls_work();
    assert!(matches!(failed, Err(Error::Io { .. })), "{failed:?}");
    assert!(crate::list(&scenario.home).unwrap().is_empty());
    let left: Vec<_> = std::fs::read_dir(scenario.home.sandboxes())
        .unwrap()
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_creation_that_failed_leaves_nothing_also_where_its_folder_can_not_be_renamed() {
    let temporary = tempfile::tempdir().unwrap();
    let scenario = Scenario::in_folder(temporary.path());
    let mut failed = None;
    simulated::on_calls(move |call| {
        let fails = match failed {
            None => call == Call::Read,
            Some(Call::Read) => call == Call::Rename,
            Some(_) => false,
        };
        fails.then(|| {
            failed = Some(call);
            Fault::Error(Errno::IO)
        })
    });
    let made = crate::create(&scenario.home, scenario.spec());
    simulated::all_calls_work();
    assert!(matches!(made, Err(Error::Io { .. })), "{made:?}");
    assert!(!scenario.home.sandboxes().join(NAME).exists());
    scenario.make();
}

#[test]
fn a_state_that_can_not_be_read_is_not_taken_for_none() {
    let temporary = tempfile::tempdir().unwrap();
    let scenario = Scenario::in_folder(temporary.path());
    scenario.make();
    fail(Call::Read, 1);
    // Without it a supervisor that runs would have no process.
    let failed = crate::get(&scenario.home, NAME);
    simulated::all_calls_work();
    assert!(matches!(failed, Err(Error::Io { .. })), "{failed:?}");
    assert!(
        crate::get(&scenario.home, NAME)
            .unwrap()
            .supervisor_pid
            .is_some()
    );
}

#[test]
fn a_process_that_can_not_be_looked_at_is_not_called_gone() {
    let me = ProcessId::of(std::process::id() as i32).unwrap().unwrap();
    fail(Call::Open, 0);
    let alive = me.alive();
    simulated::all_calls_work();
    assert!(alive, "another supervisor would share its workdir");
}

#[test]
fn a_session_whose_exit_is_in_the_log_did_not_crash() {
    let temporary = tempfile::tempdir().unwrap();
    let scenario = Scenario::in_folder(temporary.path());
    scenario.make();
    let told = scenario.session("printf 'x\\n'; exit 7", "x\n").unwrap();
    scenario.kill();
    // As if it had died just before it put the end on record here too.
    let folder = Folder::at(scenario.home.sandbox(NAME).unwrap());
    let held = std::fs::read_to_string(folder.sessions()).unwrap();
    let started = held.lines().next().unwrap();
    std::fs::write(folder.sessions(), format!("{started}\n")).unwrap();
    assert_eq!(
        recorded_end(&scenario.home, NAME, told.session_id).unwrap(),
        None
    );
    scenario.start();
    let end = recorded_end(&scenario.home, NAME, told.session_id)
        .unwrap()
        .unwrap();
    assert_eq!(end, told);
    assert!(State::read(&folder).unwrap().agent.is_some());
}
