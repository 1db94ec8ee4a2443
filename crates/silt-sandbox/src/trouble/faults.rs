//! Every call about a sandbox's files fails once in every way that it can, and
//! whoever makes it is killed before and after each.

use super::check::check;
use super::scenario::{Scenario, Who};
use crate::sys::simulated::{self, Call};
use silt_faults::alone::{again as this_program, alone, is_proof};
use silt_faults::{DEEDS, Deed, Kind, Matrix};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Stdio;

const EACH: [Who; 3] = [Who::First, Who::Recovering, Who::Client];

fn kind(call: Call) -> Kind {
    match call {
        Call::Read => Kind::Read,
        Call::Write => Kind::Write,
        _ => Kind::Other,
    }
}

/// In memory where that can be, so that syncing costs nothing.
fn temporary() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// The scenario with one fault in it, or none; the calls that `who` made.
fn with_fault(who: Who, at: Option<(usize, &str)>) -> Vec<Call> {
    let temporary = temporary();
    let mut scenario = Scenario::in_folder(temporary.path());
    let calls = if who == Who::Client {
        let calls = simulated::watch(at.map(|(index, name)| (index, Deed::named(name))));
        scenario.run();
        scenario.look_and_remove();
        simulated::all_calls_work();
        calls.take()
    } else {
        let order = at.map_or(String::new(), |(index, name)| format!("{index} {name}"));
        scenario.order = Some((who, order));
        scenario.run();
        std::mem::take(&mut scenario.calls)
    };
    check(&mut scenario);
    calls
}

const KILLED: &str = "trouble::faults::the_client_that_is_killed";
const FOLDER: &str = "SILT_TEST_FAULT_FOLDER";
const AT: &str = "SILT_TEST_FAULT_AT";

/// Another process; see [`with_killed_client`].
#[test]
fn the_client_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let at = std::env::var(AT).unwrap();
    let (index, deed) = at.split_once(' ').unwrap();
    let mut scenario = Scenario::in_folder(&PathBuf::from(folder));
    simulated::watch(Some((index.parse().unwrap(), Deed::named(deed))));
    scenario.run();
    scenario.look_and_remove();
}

/// Whether it came to that call.
fn with_killed_client(index: usize, name: &str) -> bool {
    let temporary = temporary();
    let status = this_program(KILLED)
        .env(FOLDER, temporary.path())
        .env(AT, format!("{index} {name}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let killed = status.signal() == Some(libc::SIGKILL);
    assert!(killed || status.success(), "{status}");
    check(&mut Scenario::in_folder(temporary.path()));
    killed
}

#[test]
fn without_faults_a_sandbox_lives_as_it_should() {
    for who in EACH {
        assert!(!with_fault(who, None).is_empty());
    }
}

#[test]
fn every_fault_at_every_call_about_a_sandbox() {
    alone(
        "trouble::faults::every_fault_at_every_call_about_a_sandbox",
        || {
            let mut matrix = Matrix::new(DEEDS.map(|(name, _)| name).to_vec());
            for who in EACH {
                try_all(who, &mut matrix);
            }
            println!("{matrix}");
            assert!(matrix.is_whole(), "see the table");
        },
    );
}

fn try_all(who: Who, matrix: &mut Matrix<Call>) {
    let calls = with_fault(who, None);
    for (index, call) in calls.iter().copied().enumerate() {
        matrix.made(call);
        for (column, (name, deed)) in DEEDS.into_iter().enumerate() {
            if !deed.fits(kind(call)) {
                matrix.does_not_fit(call, column);
            } else if is_chosen(&calls, index) {
                let outcome = std::panic::catch_unwind(|| {
                    if deed.kills() && who == Who::Client {
                        return with_killed_client(index, name);
                    }
                    with_fault(who, Some((index, name))).get(index) == Some(&call)
                });
                simulated::all_calls_work();
                match outcome {
                    Ok(hit) => matrix.held(call, column, hit),
                    Err(_) => matrix.broke(call, column, format!("{who:?} {index}")),
                }
            }
        }
    }
}

/// Every call in a proof; else the first of each name.
fn is_chosen(calls: &[Call], index: usize) -> bool {
    is_proof() || !calls[..index].contains(&calls[index])
}
