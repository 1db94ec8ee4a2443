//! SIGKILL for the real supervisor, under full output.

mod supervised;

use silt_log::{BatchLimits, EndReason, GapReason, LogDirectory, Next, OnGap, StreamOptions};
use silt_sandbox::{Connection, Environment, Request, Runtime, SandboxSpec, Status};
use std::collections::BTreeMap;
use std::sync::mpsc;
use supervised::{Lab, PATIENCE, eventually, found, shell};

/// Follows `exec` and sends the number of entries as they come. Rotation may
/// overtake it: then a gap stands for exactly what it missed.
fn follow(
    logs: LogDirectory,
    seen: std::sync::mpsc::Sender<usize>,
) -> (BTreeMap<u64, Vec<u8>>, EndReason) {
    let options = StreamOptions {
        follow: true,
        on_gap: OnGap::Report,
        ..StreamOptions::default()
    };
    let mut stream = logs.stream(&options).unwrap();
    let mut entries = BTreeMap::new();
    let mut last = None;
    loop {
        match stream.next(BatchLimits::default()).unwrap() {
            Next::Batch(batch) => {
                for item in &batch.items {
                    let gap = item.gap.map(|index| batch.gaps[usize::from(index)]);
                    let first = gap.map_or(item.sequence, |gap| gap.from);
                    assert!(
                        last.is_none_or(|last| first == last + 1),
                        "{last:?} {item:?}"
                    );
                    last = Some(item.sequence);
                    if let Some(gap) = gap {
                        assert_eq!(gap.reason, GapReason::Rotated);
                        assert_eq!(gap.lost, Some(gap.to - gap.from + 1));
                        continue;
                    }
                    let from = item.data_offset as usize;
                    let data = batch.data[from..from + item.data_len as usize].to_vec();
                    assert!(entries.insert(item.sequence, data).is_none());
                }
                let _ = seen.send(entries.len());
            }
            Next::Pending => drop(stream.wait(Some(PATIENCE))),
            Next::End(end) => return (entries, end.reason),
        }
    }
}

#[test]
fn a_killed_supervisor_loses_nothing_that_was_read_and_the_log_goes_on() {
    for runtime in [Runtime::Process, Runtime::Namespace] {
        let lab = Lab::new();
        let name = runtime.name();
        let mut spec = SandboxSpec {
            runtime,
            ..lab.spec(name)
        };
        // Soon full, so that it dies among rotations and evictions too.
        spec.logs.max_bytes = Some(32 << 20);
        lab.create_with(spec);
        let mut held: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        for round in 0..5_usize {
            let sandbox = lab.connect(name);
            let session = sandbox.spawn(shell("yes 86415-abcdefghijklmnopqrstuvwxyz"));
            let (sender, seen) = std::sync::mpsc::channel();
            let logs = lab.logs(name);
            let reader = std::thread::spawn(move || follow(logs, sender));
            // Each round it dies somewhere else in the output.
            while seen.recv_timeout(PATIENCE).unwrap() < held.len() + 3000 + 7919 * round {}
            sandbox.crash();
            let (entries, reason) = reader.join().unwrap();
            assert_eq!(reason, EndReason::Crashed);
            eventually(|| !supervised::runs("86415-abcdefghijklmnopqrstuvwxyz"));

            let report = lab.logs(name).verify(&mut |_| {}).unwrap();
            assert!(report.whole, "{report:?}");
            let error = sandbox.call(silt_sandbox::Request::Ping).unwrap_err();
            assert!(error.to_string().contains("not running"), "{error}");

            let crashed = |info: &silt_sandbox::Info| {
                let mut sessions = info.sessions.iter();
                let one = sessions.find(|one| one.session_id == session).unwrap();
                one.crashed && one.exit_code.is_none()
            };
            assert!(crashed(&lab.info(name)), "known before the next start");
            lab.start(name);
            let info = lab.info(name);
            assert_eq!(info.status, Status::Running);
            assert!(crashed(&info));

            let (now, _) = lab.entries(name);
            let now: BTreeMap<u64, Vec<u8>> = now
                .into_iter()
                .filter(|entry| entry.log == silt_log::Log::Exec)
                .map(|entry| (entry.sequence, entry.data))
                .collect();
            let numbers: Vec<u64> = now.keys().copied().collect();
            let contiguous = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
            assert!(contiguous && (numbers[0] == 1 || info.truncated));
            assert!(entries.keys().next_back() > numbers.first());
            for (sequence, data) in entries.range(numbers[0]..) {
                assert_eq!(now.get(sequence), Some(data), "{sequence}");
            }
            held = now;
        }
        assert!(held.len() > 15_000);
    }
}

#[test]
fn nothing_of_a_killed_sandbox_still_runs_though_a_daemon_goes_by_another_name() {
    for runtime in [Runtime::Process, Runtime::Namespace] {
        let lab = Lab::new();
        let (name, value) = ("SILT_TEST_MARK", format!("86418-{}", std::process::id()));
        let mark = format!("{name}={value}");
        let sandbox = lab.create_with(SandboxSpec {
            runtime,
            env: Environment([(name.to_owned(), value)].into()),
            ..lab.spec("left")
        });
        // Its parent, its session and its name have nothing of the command that left it.
        let leave = "ln -s \"$(command -v sleep)\" other; (setsid ./other 1000 >/dev/null 2>&1 &)";
        let left = sandbox.sh(&format!("{leave}; readlink /proc/self/ns/pid"));
        assert_eq!((left.exit_code, left.detached), (Some(0), false));
        let namespace = lab.written("left", left.session_id, "stdout");
        let namespace = String::from_utf8(namespace).unwrap();
        eventually(|| found::with_variable(&mark) == ["./other 1000"]);
        assert!(found::in_namespace(namespace.trim()));
        sandbox.spawn(shell("yes"));
        let supervisor = lab.info("left").supervisor_pid.unwrap();
        // The agent, the daemon, the command; in `namespace` pid 1 too.
        let least = 3 + usize::from(runtime == Runtime::Namespace);
        let family = found::descendants(supervisor);
        assert!(family.len() >= least, "{family:?}");

        sandbox.crash();
        eventually(|| family.iter().all(|process| !process.runs()));
        eventually(|| found::with_variable(&mark).is_empty());
        if runtime == Runtime::Namespace {
            eventually(|| !found::in_namespace(namespace.trim()));
        }
    }
}

#[test]
fn a_stale_socket_and_torn_files_do_not_hinder_the_next_start() {
    let lab = Lab::new();
    let sandbox = lab.create("torn");
    sandbox.spawn(shell("sleep 86416"));
    sandbox.crash();
    assert!(lab.sandbox("torn").join("control.sock").exists());
    std::fs::write(lab.sandbox("torn").join("state.json"), "{\"ver").unwrap();
    let info = lab.info("torn");
    assert_eq!(info.status, Status::Crashed);
    assert!(info.error.unwrap().contains("silt start torn"));
    eventually(|| !supervised::runs("sleep\086416"));
    let again = lab.start("torn");
    assert_eq!(again.sh("exit 0").exit_code, Some(0));
}

#[test]
fn a_crashed_sandbox_can_be_removed() {
    let lab = Lab::new();
    lab.create("dead").crash();
    silt_sandbox::remove(&lab.home, "dead", false).unwrap();
    assert!(silt_sandbox::list(&lab.home).unwrap().is_empty());
}

#[test]
fn a_supervisor_that_hangs_can_be_killed() {
    let lab = Lab::new();
    let sandbox = lab.create("hangs");
    let pid = lab.info("hangs").supervisor_pid.unwrap();
    // SAFETY: a plain system call.
    assert_eq!(unsafe { libc::kill(pid as i32, libc::SIGSTOP) }, 0);
    drop(sandbox);
    silt_sandbox::kill(&lab.home, "hangs").unwrap();
    assert_eq!(lab.info("hangs").status, Status::Crashed);
}

#[test]
fn a_connection_to_a_killed_supervisor_is_closed_before_its_reader_has_seen_it() {
    let lab = Lab::new();
    lab.create("replaced");
    let held = Connection::open(&lab.home, "replaced").unwrap();
    let (busy, at_it) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    // Answers are given on the reader's one thread, which this one holds.
    let hold = move |_| {
        busy.send(()).unwrap();
        let _ = told.recv();
    };
    let unknown = Request::Wait { session_id: 9 };
    held.request(unknown, Vec::new(), Box::new(hold));
    at_it.recv_timeout(PATIENCE).unwrap();
    assert!(!held.is_closed());
    supervised::kill(lab.info("replaced").supervisor_pid.unwrap());
    eventually(|| lab.info("replaced").status == Status::Crashed);
    eventually(|| held.is_closed());
    go_on.send(()).unwrap();
}
