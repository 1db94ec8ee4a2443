//! Every call to the kernel fails once in every way that it can, and the
//! process dies before and after each: the promise holds, the log verifies, and
//! the next writer goes on.

use super::alone::{again as this_program, alone, is_proof};
use super::scenario::{Scenario, options};
use super::witness::{Event, Witness, line};
use super::{drain, report};
use crate::sys::simulated::{self, Call};
use crate::{Compress, EndReason, LogDirectory, Source, Writer};
use silt_faults::{DEEDS, Deed, Kind, Matrix};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::rc::Rc;

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

/// The calls of this thread; the one at `index` has the deed done to it.
fn watch(at: Option<(usize, Deed)>) -> Rc<RefCell<Vec<Call>>> {
    simulated::stay_single_threaded(true);
    simulated::watch(at)
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

/// The scenario with one fault in it; the call that it hit.
fn with_fault(index: usize, deed: Deed) -> Option<Call> {
    let temporary = temporary();
    let logs = temporary.path().join("logs");
    let mut scenario = Scenario {
        logs: &logs,
        witness: Witness::default(),
    };
    let calls = watch(Some((index, deed)));
    let reason = scenario.run();
    unwatch();
    assert!(
        matches!(reason, EndReason::Stopped | EndReason::Crashed),
        "{reason:?}"
    );
    check(&logs, scenario.witness, false);
    calls.borrow().get(index).copied()
}

const KILLED: &str = "trouble::faults::the_one_that_is_killed";
const FOLDER: &str = "SILT_TEST_FAULT_FOLDER";
const AT: &str = "SILT_TEST_FAULT_AT";

/// Another process; see [`with_kill`].
#[test]
fn the_one_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = PathBuf::from(folder);
    let at = std::env::var(AT).unwrap();
    let (index, deed) = at.split_once(' ').unwrap();
    let deed = Deed::named(deed);
    let mut scenario = Scenario {
        logs: &folder.join("logs"),
        witness: Witness::writing(&folder.join("witness")),
    };
    watch(Some((index.parse().unwrap(), deed)));
    scenario.run();
}

fn with_kill(index: usize, name: &str) {
    let temporary = temporary();
    let status = this_program(KILLED)
        .env(FOLDER, temporary.path())
        .env(AT, format!("{index} {name}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(status.signal(), Some(libc::SIGKILL), "{status}");
    let witness = Witness::of_the_killed(&temporary.path().join("witness"));
    check(&temporary.path().join("logs"), witness, true);
}

/// The calls that the scenario makes where nothing fails.
fn enumerate() -> Vec<Call> {
    let temporary = temporary();
    let logs = temporary.path().join("logs");
    let mut scenario = Scenario {
        logs: &logs,
        witness: Witness::default(),
    };
    let calls = watch(None);
    assert_eq!(scenario.run(), EndReason::Stopped);
    unwatch();
    check(&logs, scenario.witness, false);
    calls.take()
}

#[test]
fn without_faults_the_scenario_holds_the_promise() {
    alone(
        "trouble::faults::without_faults_the_scenario_holds_the_promise",
        || drop(enumerate()),
    );
}

#[test]
fn every_fault_at_every_call() {
    alone("trouble::faults::every_fault_at_every_call", || {
        let calls = enumerate();
        let chosen = choose(&calls);
        let mut matrix = Matrix::new(DEEDS.map(|(name, _)| name).to_vec());
        for (index, call) in calls.iter().copied().enumerate() {
            matrix.made(call);
            for (column, (name, deed)) in DEEDS.into_iter().enumerate() {
                if !deed.fits(kind(call)) {
                    matrix.does_not_fit(call, column);
                } else if chosen.contains(&index) {
                    let outcome = std::panic::catch_unwind(|| {
                        if deed.kills() {
                            with_kill(index, name);
                            Some(call)
                        } else {
                            with_fault(index, deed)
                        }
                    });
                    unwatch();
                    match outcome {
                        Ok(hit) => matrix.held(call, column, hit == Some(call)),
                        Err(_) => matrix.broke(call, column, index),
                    }
                }
            }
        }
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
    chosen
}
