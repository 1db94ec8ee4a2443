//! Every call about a sandbox's files fails once in every way that it can, and
//! whoever makes it is killed before and after each.

use super::check::check;
use super::scenario::{Scenario, Who};
use crate::sys::simulated::{self, Call};
use silt_faults::alone::{again as this_program, alone, is_proof};
use silt_faults::{Kind, Matrix, Order, Ran, Subject, try_all};
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

/// The scenario with what is ordered; the calls that `who` made.
fn with_faults(who: Who, order: &Order) -> Vec<Call> {
    let temporary = temporary();
    let mut scenario = Scenario::in_folder(temporary.path());
    let calls = if who == Who::Client {
        let calls = simulated::watch(order.clone());
        scenario.run();
        scenario.look_and_remove();
        simulated::all_calls_work();
        calls.take()
    } else {
        scenario.order = Some((who, order.to_string()));
        scenario.run();
        std::mem::take(&mut scenario.calls)
    };
    check(&mut scenario);
    calls
}

const KILLED: &str = "trouble::faults::the_client_that_is_killed";
const FOLDER: &str = "SILT_TEST_FAULT_FOLDER";
const ORDER: &str = "SILT_TEST_FAULT_ORDER";

/// Another process; see [`with_killed_client`].
#[test]
fn the_client_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let mut scenario = Scenario::in_folder(&PathBuf::from(folder));
    simulated::watch(Order::parse(&std::env::var(ORDER).unwrap()));
    scenario.run();
    scenario.look_and_remove();
}

fn with_killed_client(order: &Order) -> Ran<Call> {
    let temporary = temporary();
    let status = this_program(KILLED)
        .env(FOLDER, temporary.path())
        .env(ORDER, order.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let killed = status.signal() == Some(libc::SIGKILL);
    assert!(killed || status.success(), "{status}");
    check(&mut Scenario::in_folder(temporary.path()));
    if killed { Ran::Died } else { Ran::Lived }
}

#[test]
fn without_faults_a_sandbox_lives_as_it_should() {
    for who in EACH {
        assert!(!with_faults(who, &Order::none()).is_empty());
    }
}

/// The calls of one of those who make them.
struct Life(Who);

impl Subject for Life {
    type Call = Call;

    fn kind(call: Call) -> Kind {
        kind(call)
    }

    fn name(&self) -> String {
        format!("{:?}", self.0)
    }

    fn run(&self, order: &Order) -> Ran<Call> {
        if order.kills() && self.0 == Who::Client {
            return with_killed_client(order);
        }
        Ran::Made(with_faults(self.0, order))
    }

    fn reset(&self) {
        simulated::all_calls_work();
    }
}

/// Calls on error paths that are failed as well, of each who makes calls.
const CONSEQUENCES: usize = 2;
const CONSEQUENCES_IN_A_PROOF: usize = 30;

#[test]
fn every_fault_at_every_call_about_a_sandbox() {
    alone(
        "trouble::faults::every_fault_at_every_call_about_a_sandbox",
        || {
            let mut matrix = Matrix::new(Call::ALL, kind);
            let most = if is_proof() {
                CONSEQUENCES_IN_A_PROOF
            } else {
                CONSEQUENCES
            };
            for who in EACH {
                try_all(&Life(who), &mut matrix, choose, most);
            }
            println!("{matrix}");
            assert!(matrix.is_whole(), "see the table");
        },
    );
}

/// Every call in a proof; else the first of each name.
fn choose(calls: &[Call]) -> Vec<usize> {
    let first = |index: &usize| is_proof() || !calls[..*index].contains(&calls[*index]);
    (0..calls.len()).filter(first).collect()
}
