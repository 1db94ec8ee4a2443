//! Every call to the kernel fails once in every way that it can, and the
//! process dies before and after each: the promise holds, the log verifies, and
//! the next writer goes on.

use super::alone::{again as this_program, alone, is_proof};
use super::scenario::{Scenario, options};
use super::witness::{Event, Witness, line};
use super::{drain, report};
use crate::sys::simulated::{self, Call};
use crate::{Compress, EndReason, LogDirectory, Source, Writer};
use silt_faults::{Kind, Matrix, Order, Ran, Subject, try_all};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;

fn kind(call: Call) -> Kind {
    match call {
        Call::ReadAt => Kind::Read,
        Call::Write | Call::WriteAt => Kind::Write,
        _ => Kind::Other,
    }
}

/// In memory where that can be, so that syncing costs nothing.
fn temporary() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// The calls of this thread, with what is ordered done to them.
fn watch(order: Order) -> Rc<RefCell<Vec<Call>>> {
    simulated::stay_single_threaded(true);
    // On a busy machine what is tried again later would come earlier, and the
    // calls in another order.
    simulated::pass(Duration::ZERO);
    simulated::watch(order)
}

fn unwatch() {
    simulated::all_calls_work();
    simulated::stay_single_threaded(false);
}

/// What holds after the scenario, however it went.
fn check(logs: &Path, mut witness: Witness, killed: bool) {
    if logs.exists() {
        let found = LogDirectory::open(logs).unwrap().verify(&mut |_| ());
        // Killed before any log had a segment.
        if let Ok(found) = found {
            assert!(found.whole, "{:?}", found.damage);
        } else {
            assert!(killed && witness.last_id == 0, "{found:?}");
        }
    }
    let mut writer = Writer::create(logs, &options(Compress::None)).unwrap();
    let cursor = writer.position_cursor();
    let id = witness.last_id + 1;
    writer.append(1, Source::Stdout, line(id).as_bytes());
    writer.flush();
    let (next, _) = drain(logs, &super::after(&cursor)).unwrap();
    let [super::Read::Entry(n, text)] = &next[..] else {
        panic!("the next writer does not go on: {next:?}")
    };
    assert_eq!(text, &line(id));
    let (all, _) = drain(logs, &report()).unwrap();
    assert_eq!(all.last(), next.last());
    if killed {
        witness.add(Event::Killed);
    }
    witness.add(Event::Append(id));
    witness.add(Event::Flushed(id));
    let reader = witness.begin(Some(n - 1));
    witness.entry(reader, *n, text);
    witness.check(&all, killed);
    writer.end();
    let found = LogDirectory::open(logs)
        .unwrap()
        .verify(&mut |_| ())
        .unwrap();
    assert!(found.whole, "{:?}", found.damage);
}

/// The scenario with what is ordered; the calls that it makes.
fn with_faults(order: Order) -> Vec<Call> {
    let temporary = temporary();
    let logs = temporary.path().join("logs");
    let mut scenario = Scenario {
        logs: &logs,
        witness: Witness::default(),
    };
    let all_work = order == Order::none();
    let calls = watch(order);
    let reason = scenario.run();
    unwatch();
    match reason {
        EndReason::Stopped => {}
        EndReason::Crashed if !all_work => {}
        _ => panic!("{reason:?}"),
    }
    check(&logs, scenario.witness, false);
    calls.take()
}

const KILLED: &str = "trouble::faults::the_one_that_is_killed";
const FOLDER: &str = "SILT_TEST_FAULT_FOLDER";
const ORDER: &str = "SILT_TEST_FAULT_ORDER";

/// Another process; see [`with_kill`].
#[test]
fn the_one_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let mut scenario = Scenario {
        logs: &folder.join("logs"),
        witness: Witness::writing(&folder.join("witness")),
    };
    watch(Order::parse(&std::env::var(ORDER).unwrap()));
    scenario.run();
}

fn with_kill(order: &Order) {
    let temporary = temporary();
    let status = this_program(KILLED)
        .env(FOLDER, temporary.path())
        .env(ORDER, order.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(status.signal(), Some(libc::SIGKILL), "{status}");
    let witness = Witness::of_the_killed(&temporary.path().join("witness"));
    check(&temporary.path().join("logs"), witness, true);
}

#[test]
fn without_faults_the_scenario_holds_the_promise() {
    alone(
        "trouble::faults::without_faults_the_scenario_holds_the_promise",
        || drop(with_faults(Order::none())),
    );
}

/// All that writers and readers do.
struct Log;

impl Subject for Log {
    type Call = Call;

    fn kind(call: Call) -> Kind {
        kind(call)
    }

    fn name(&self) -> String {
        "call".to_owned()
    }

    fn run(&self, order: &Order) -> Ran<Call> {
        if order.kills() {
            with_kill(order);
            return Ran::Died;
        }
        Ran::Made(with_faults(order.clone()))
    }

    fn reset(&self) {
        unwatch();
    }
}

/// Calls on error paths that are failed as well: all in a proof.
const CONSEQUENCES: usize = 12;

#[test]
fn every_fault_at_every_call() {
    alone("trouble::faults::every_fault_at_every_call", || {
        let mut matrix = Matrix::new(Call::ALL, kind);
        let most = if is_proof() { usize::MAX } else { CONSEQUENCES };
        try_all(&Log, &mut matrix, choose, most);
        println!("{matrix}");
        assert!(matrix.is_whole(), "see the table");
    });
}

/// Every call in a proof; else each write, and of the others the first, the
/// last and one in the middle of each name.
fn choose(calls: &[Call]) -> Vec<usize> {
    if is_proof() {
        return (0..calls.len()).collect();
    }
    let mut chosen = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        if *call == Call::Write {
            chosen.push(index);
        }
        if *call == Call::Write || calls[..index].contains(call) {
            continue;
        }
        let same: Vec<_> = (0..calls.len()).filter(|at| calls[*at] == *call).collect();
        chosen.extend([same[0], same[same.len() / 2], same[same.len() - 1]]);
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
