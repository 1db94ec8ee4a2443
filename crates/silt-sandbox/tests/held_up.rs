//! The supervisor is held up, as by a disk that stalls or a machine that is put
//! to sleep: what lies in the pipes is read all the same before anybody is told
//! that it was.

mod supervised;

use silt_log::Log;
use silt_sandbox::{Reply, Request, Runtime, Spawn};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use supervised::{Lab, Running, eventually, runs, shell};

const SESSIONS: u64 = 8;
/// What each program writes: less than a pipe holds, more than one round reads of it.
const BYTES: usize = 1000 << 10;

fn signal(pid: u32, signal: i32) {
    // SAFETY: a plain system call.
    assert_eq!(unsafe { libc::kill(pid as i32, signal) }, 0);
}

/// Holds up the supervisor until it is dropped.
struct Held(u32);

impl Held {
    fn up(pid: u32) -> Held {
        signal(pid, libc::SIGSTOP);
        Held(pid)
    }

    fn for_more_than(self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            std::thread::sleep(until - Instant::now());
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        signal(self.0, libc::SIGCONT);
    }
}

struct Scene<'a> {
    lab: &'a Lab,
    name: String,
    sandbox: Running<'a>,
    supervisor: u32,
    sessions: Vec<u64>,
    workspace: PathBuf,
}

impl<'a> Scene<'a> {
    /// Sessions that write once there is a file `go`, count themselves in the
    /// file `done`, and exit.
    fn of(lab: &'a Lab, attempt: u64, first: &str) -> Scene<'a> {
        let name = format!("held-{attempt}");
        let sandbox = lab.create(&name);
        let workspace = lab.sandbox(&name).join("workspace");
        // The last word is what they are known by.
        let script = format!(
            "{first} until test -e go; do sleep 0.01; done; \
             head -c {BYTES} /dev/zero | tr '\\0' x; echo . >>done; : {}",
            workspace.display()
        );
        let sessions = (0..SESSIONS).map(|_| sandbox.spawn(shell(&script)));
        Scene {
            sessions: sessions.collect(),
            supervisor: lab.info(&name).supervisor_pid.unwrap(),
            workspace,
            lab,
            name,
            sandbox,
        }
    }

    /// All that the programs write lies in their pipes, and they are gone.
    fn written_while_held(&self) -> Held {
        let held = Held::up(self.supervisor);
        std::fs::write(self.workspace.join("go"), "").unwrap();
        let done = self.workspace.join("done");
        let all = 2 * SESSIONS;
        eventually(|| std::fs::metadata(&done).is_ok_and(|done| done.len() == all));
        eventually(|| !runs(&self.workspace.to_string_lossy()));
        held
    }

    fn bytes_on_disk(&self) -> u64 {
        let logs = self.lab.sandbox(&self.name).join("logs");
        let segments = std::fs::read_dir(logs).unwrap().flatten();
        segments
            .filter(|file| file.file_name().to_string_lossy().starts_with("exec.log"))
            .map(|file| file.metadata().unwrap().len())
            .sum()
    }

    fn has_all_on_disk(&self) -> bool {
        self.bytes_on_disk() > SESSIONS * BYTES as u64
    }
}

#[test]
fn the_end_of_a_sandbox_reads_what_lies_in_the_pipes_however_late() {
    let lab = Lab::new();
    for attempt in 0.. {
        assert!(attempt < 30, "it was never held up while it read");
        let scene = Scene::of(&lab, attempt, "");
        let state = std::fs::read(lab.sandbox(&scene.name).join("state.json")).unwrap();
        let state: serde_json::Value = serde_json::from_slice(&state).unwrap();
        let agent = format!("/proc/{}", state["agent"]["pid"]);
        let killer = lab.connect(&scene.name);
        let held = scene.written_while_held();
        let met = std::thread::scope(|scope| {
            scope.spawn(|| killer.call(Request::Kill).unwrap());
            drop(held);
            eventually(|| !std::path::Path::new(&agent).exists());
            let again = Held::up(scene.supervisor);
            let met = !scene.has_all_on_disk();
            if met {
                again.for_more_than(Duration::from_millis(5_200));
            }
            met
        });
        for session in &scene.sessions {
            let written = lab.written(&scene.name, *session, "stdout");
            assert_eq!(written.len(), BYTES, "session {session}");
        }
        let notes = lab.notes(&scene.name, Log::Runtime);
        assert!(
            !notes.iter().any(|note| note.contains("WARNING")),
            "{notes:?}"
        );
        if met {
            return;
        }
    }
}

#[test]
fn a_detached_command_is_answered_after_its_own_bytes_however_late_they_are_read() {
    let lab = Lab::new();
    for attempt in 0.. {
        assert!(attempt < 30, "it was never held up while it read");
        let scene = Scene::of(&lab, attempt, "sleep 86421 &");
        let before = scene.bytes_on_disk();
        let sessions = scene.sessions.iter();
        let waiting: Vec<_> = sessions
            .map(|one| (*one, lab.connect(&scene.name)))
            .collect();
        let held = scene.written_while_held();
        let met = std::thread::scope(|scope| {
            let waits: Vec<_> = waiting
                .iter()
                .map(|(session, connection)| scope.spawn(|| connection.wait(*session)))
                .collect();
            drop(held);
            eventually(|| scene.bytes_on_disk() > before);
            let again = Held::up(scene.supervisor);
            let met = !scene.has_all_on_disk();
            if met {
                again.for_more_than(Duration::from_millis(1_200));
            } else {
                drop(again);
            }
            let ends: Vec<_> = waits.into_iter().map(|wait| wait.join().unwrap()).collect();
            let (entries, _) = lab.entries(&scene.name);
            for end in ends {
                assert!(end.detached, "{end:?}");
                let told: usize = entries
                    .iter()
                    .filter(|entry| entry.log == Log::Exec && entry.session == end.session_id)
                    .filter(|entry| entry.sequence <= end.last_sequence)
                    .map(|entry| entry.data.len())
                    .sum();
                assert_eq!(told, BYTES, "{end:?}");
            }
            met
        });
        scene.sandbox.call(Request::Kill).unwrap();
        if met {
            return;
        }
    }
}

#[test]
fn a_command_that_ended_within_its_time_is_not_said_to_have_passed_it() {
    let lab = Lab::new();
    let sandbox = lab.create("in-time");
    let (go, done) = ["go", "done"]
        .map(|name| lab.sandbox("in-time").join("workspace").join(name))
        .into();
    let limit = Duration::from_secs(4);
    let began = Instant::now();
    let session_id = sandbox.spawn(Spawn {
        timeout_ms: Some(limit.as_millis() as u64),
        ..shell("until test -e go; do sleep 0.01; done; echo >done; : 86422-in-time")
    });
    let held = Held::up(lab.info("in-time").supervisor_pid.unwrap());
    std::fs::write(&go, "").unwrap();
    eventually(|| done.exists());
    eventually(|| !runs("86422-in-time"));
    assert!(began.elapsed() < limit, "the machine is too slow to tell");
    held.for_more_than(limit);
    let end = sandbox.wait(session_id);
    assert_eq!((end.exit_code, end.timed_out), (Some(0), false));
}

#[test]
fn who_waits_for_the_last_byte_of_a_session_that_died_is_told_once_the_sandbox_is_back() {
    for runtime in [Runtime::Process, Runtime::Namespace] {
        let lab = Lab::new();
        let mut spec = lab.spec("died");
        spec.runtime = runtime;
        let sandbox = lab.create_with(spec);
        let session_id = sandbox.spawn(shell("echo before; sleep 86423"));
        eventually(|| lab.written("died", session_id, "stdout") == b"before\n");
        sandbox.crash();
        let again = lab.start("died");
        let told = again.call(Request::WaitForLastByte { session_id }).unwrap();
        let Reply::Ended(end) = told else {
            panic!("{told:?}");
        };
        let (entries, _) = lab.entries("died");
        let last = entries.iter().rfind(|entry| entry.session == session_id);
        assert!(end.last_sequence >= last.unwrap().sequence);
        assert!(again.call(Request::Wait { session_id }).is_err());
        // Higher than any that may have been given before the kill.
        let none = again.call(Request::WaitForLastByte {
            session_id: session_id + 1_000_000,
        });
        assert!(none.is_err(), "{none:?}");
    }
}

#[test]
fn who_waits_for_the_last_byte_of_a_session_that_a_full_disk_kept_off_the_record_is_told() {
    let lab = Lab::new();
    let sandbox = lab.create("unrecorded");
    let session_id = sandbox.spawn(shell("echo before; sleep 86424"));
    eventually(|| lab.written("unrecorded", session_id, "stdout") == b"before\n");
    sandbox.crash();
    // As if there had been no room for it.
    std::fs::write(lab.sandbox("unrecorded").join("sessions.jsonl"), "").unwrap();
    let again = lab.start("unrecorded");
    let told = again.call(Request::WaitForLastByte { session_id }).unwrap();
    let Reply::Ended(end) = told else {
        panic!("{told:?}");
    };
    let (entries, _) = lab.entries("unrecorded");
    let last = entries.iter().rfind(|entry| entry.session == session_id);
    assert!(end.last_sequence >= last.unwrap().sequence);
}
