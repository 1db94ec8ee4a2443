//! From `create` to `remove`.

mod supervised;

use silt_log::{EndReason, Log};
use silt_sandbox::{Connection, Error, Request, SandboxSpec, Status};
use supervised::{EXECUTABLE, Lab, eventually, shell};

#[test]
fn a_command_runs_and_its_output_exit_and_end_are_on_record() {
    let lab = Lab::new();
    let sandbox = lab.create("one");
    let end = sandbox.sh("echo out; echo err >&2; exit 7");
    assert_eq!((end.exit_code, end.signal.as_deref()), (Some(7), None));
    assert!(!end.timed_out && !end.detached);
    assert_eq!(lab.written("one", end.session_id, "stdout"), b"out\n");
    assert_eq!(lab.written("one", end.session_id, "stderr"), b"err\n");
    let totals: Vec<_> = end
        .totals
        .iter()
        .map(|totals| (totals.source.as_str(), totals.entries, totals.bytes))
        .collect();
    assert_eq!(totals, [("stdout", 1, 4), ("stderr", 1, 4)]);

    sandbox.stop();
    let info = lab.info("one");
    assert_eq!(info.status, Status::Stopped);
    assert!(info.ended_at.is_some() && info.supervisor_pid.is_none());
    assert_eq!(info.error, None);
    let session = &info.sessions[0];
    assert_eq!(session.command[0], "sh");
    assert_eq!(session.exit_code, Some(7));
    assert_eq!(session.ended_at.as_deref(), Some(end.ended_at.as_str()));
    let (_, reason) = lab.entries("one");
    assert_eq!(reason, EndReason::Drained);
    let notes = lab.notes("one", Log::Runtime);
    for note in [
        "sandbox one started",
        "session 1 started: sh",
        "session 1 ended with exit code 7",
    ] {
        assert!(
            notes.iter().any(|line| line.contains(note)),
            "{note}: {notes:?}"
        );
    }
    assert!(!lab.sandbox("one").join("control.sock").exists());
}

#[test]
fn a_stopped_sandbox_starts_again_in_the_same_log() {
    let lab = Lab::new();
    let first = lab.create("again").sh("echo one").session_id;
    silt_sandbox::stop(&lab.home, "again").unwrap();
    // Stopping what is stopped changes nothing.
    silt_sandbox::stop(&lab.home, "again").unwrap();
    let second = lab.start("again").sh("echo two").session_id;
    assert_ne!(first, second);
    assert_eq!(lab.written("again", first, "stdout"), b"one\n");
    assert_eq!(lab.written("again", second, "stdout"), b"two\n");
    assert_eq!(lab.info("again").sessions.len(), 2);
}

#[test]
fn of_two_creators_of_one_name_one_wins() {
    let lab = Lab::new();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| silt_sandbox::create(&lab.home, lab.spec("wanted"))))
            .collect();
        threads.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 1);
    for outcome in outcomes {
        if let Err(error) = outcome {
            assert!(matches!(error, Error::SandboxExists { .. }), "{error}");
        }
    }
    let left: Vec<_> = std::fs::read_dir(lab.home.sandboxes())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["wanted"]);
}

#[test]
fn a_failed_creation_leaves_nothing() {
    let lab = Lab::new();
    for executable in ["/nowhere/silt", "/bin/true", "/bin/cat"] {
        let spec = SandboxSpec {
            executable: Some(executable.into()),
            ..lab.spec("failed")
        };
        let error = silt_sandbox::create(&lab.home, spec).unwrap_err();
        assert!(error.to_string().contains("SILT_EXECUTABLE"), "{error}");
        let mut left = std::fs::read_dir(lab.home.sandboxes()).unwrap();
        assert!(left.next().is_none(), "{executable}");
    }
    let missing = SandboxSpec {
        workdir: Some(lab.folder.path().join("missing")),
        ..lab.spec("failed")
    };
    let error = silt_sandbox::create(&lab.home, missing).unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { ref option, .. } if option == "workdir"));
}

#[test]
fn a_name_is_made_up_and_names_that_leave_the_folder_are_refused() {
    let lab = Lab::new();
    let spec = SandboxSpec {
        name: None,
        ..lab.spec("unused")
    };
    let made_up = lab.create_with(spec).name.clone();
    assert_eq!(lab.info(&made_up).name, made_up);
    for name in ["", "../x", "a/b", &"x".repeat(64)] {
        let refused = |result: Result<(), Error>| {
            let error = result.unwrap_err();
            assert!(
                matches!(error, Error::InvalidArgument { .. }),
                "{name}: {error}"
            );
        };
        refused(silt_sandbox::create(&lab.home, lab.spec(name)).map(drop));
        refused(silt_sandbox::get(&lab.home, name).map(drop));
        refused(silt_sandbox::stop(&lab.home, name));
        refused(silt_sandbox::remove(&lab.home, name, true).map(drop));
        refused(silt_sandbox::files::read(&lab.home, name, "x").map(drop));
        refused(Connection::open(&lab.home, name).map(drop));
    }
    let missing = silt_sandbox::get(&lab.home, "missing").unwrap_err();
    assert!(matches!(missing, Error::SandboxNotFound { .. }));
}

#[test]
fn removing_takes_all_and_not_a_running_one_without_force() {
    let lab = Lab::new();
    let workdir = lab.folder.path().join("given");
    std::fs::create_dir(&workdir).unwrap();
    std::fs::write(workdir.join("kept"), "x").unwrap();
    let sandbox = lab.create_with(SandboxSpec {
        workdir: Some(workdir.clone()),
        ..lab.spec("gone")
    });
    sandbox.spawn(shell("sleep 86413"));
    let refused = silt_sandbox::remove(&lab.home, "gone", false).unwrap_err();
    assert!(refused.to_string().contains("stop it first"), "{refused}");
    assert_eq!(lab.info("gone").status, Status::Running);

    let removed = silt_sandbox::remove(&lab.home, "gone", true).unwrap();
    assert!(!removed.workdir && removed.bytes > 0);
    assert!(workdir.join("kept").exists());
    assert!(!lab.sandbox("gone").exists());
    eventually(|| !supervised::runs("sleep\086413"));

    // The name is free at once, for another sandbox with another log.
    let again = lab.create("gone");
    again.sh("echo new");
    assert_eq!(lab.info("gone").sessions.len(), 1);
}

#[test]
fn the_supervisor_outlives_its_creator_and_clients() {
    let lab = Lab::new();
    let sandbox = lab.create("alone");
    let go = lab.folder.path().join("go");
    let script = format!(
        "while [ ! -e {} ]; do sleep 0.01; done; echo late",
        go.display()
    );
    let session = sandbox.spawn(shell(&script));
    let pid = lab.info("alone").supervisor_pid.unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let parent: u32 = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    assert_ne!(parent, std::process::id());
    drop(sandbox);
    std::fs::write(&go, "").unwrap();
    let sandbox = lab.connect("alone");
    assert_eq!(sandbox.wait(session).exit_code, Some(0));
    assert_eq!(lab.written("alone", session, "stdout"), b"late\n");
}

#[test]
fn a_path_longer_than_a_socket_address_works() {
    let lab = Lab::new();
    let deep = lab
        .folder
        .path()
        .join("d".repeat(100))
        .join("e".repeat(100));
    let home = silt_sandbox::Home::at(deep);
    silt_sandbox::create(&home, lab.spec("deep")).unwrap();
    let connection = Connection::open(&home, "deep").unwrap();
    connection.call(Request::Ping, Vec::new()).unwrap();
    drop(connection);
    silt_sandbox::remove(&home, "deep", true).unwrap();
}

#[test]
fn prune_takes_what_has_ended_and_spares_what_runs() {
    let lab = Lab::new();
    for name in ["old", "new"] {
        lab.create(name).stop();
    }
    let running = lab.create("running");
    let removed = silt_sandbox::prune(
        &lab.home,
        &silt_sandbox::PruneOptions {
            keep_bytes: Some(u64::MAX),
        },
    );
    assert_eq!(removed.unwrap(), []);
    let leftover = lab.home.sandboxes().join(".removed-0123456789abcdef");
    std::fs::create_dir(&leftover).unwrap();
    let removed = silt_sandbox::prune(&lab.home, &Default::default()).unwrap();
    let names: Vec<_> = removed.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["old", "new"]);
    assert!(!leftover.exists());
    running.call(Request::Ping).unwrap();
}

#[test]
fn the_home_and_what_is_in_it_is_the_owners_alone() {
    use std::os::unix::fs::MetadataExt;
    let lab = Lab::new();
    let sandbox = lab.create("closed");
    sandbox.sh("echo x");
    let mut paths = vec![lab.home.path().to_owned(), lab.sandbox("closed")];
    paths.push(lab.sandbox("closed").join("control.sock"));
    paths.extend(
        supervised::files_below(&lab.sandbox("closed"))
            .into_iter()
            .filter(|path| !path.starts_with(lab.sandbox("closed").join("logs"))),
    );
    for path in paths {
        let mode = std::fs::metadata(&path).unwrap().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
    assert!(EXECUTABLE.ends_with("silt-supervisor"));
}

#[test]
fn a_supervisor_whose_creator_dies_before_it_is_ready_leaves_nothing() {
    use std::io::Write;
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use std::os::unix::process::CommandExt;
    let lab = Lab::new();
    // A record to start from: what a creator has just made.
    lab.create("orphan").stop();
    let folder = lab.sandbox("orphan");
    let record = std::fs::read_to_string(folder.join("sandbox.json")).unwrap();
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    let mut command = std::process::Command::new(EXECUTABLE);
    command.arg("__supervise");
    let fd = theirs.as_raw_fd();
    // SAFETY: dup2 is async-signal-safe and touches no memory.
    unsafe {
        command.pre_exec(move || {
            (libc::dup2(fd, 3) == 3)
                .then_some(())
                .ok_or_else(std::io::Error::last_os_error)
        })
    };
    let mut child = command.spawn().unwrap();
    drop(theirs);
    let order = format!(
        r#"{{"home":{:?},"folder":{:?},"created":true,"record":{record},"env":{{}}}}"#,
        lab.home.path(),
        folder
    );
    let mut frame = (order.len() as u32).to_le_bytes().to_vec();
    frame.extend([0; 4]);
    frame.extend(order.as_bytes());
    ours.write_all(&frame).unwrap();
    drop(ours);
    child.wait().unwrap();
    eventually(|| !folder.exists());
    eventually(|| !supervised::runs(&lab.folder.path().display().to_string()));
}

#[test]
fn deleting_the_folder_by_hand_ends_what_ran_in_it() {
    let lab = Lab::new();
    let sandbox = lab.create("deleted");
    sandbox.spawn(shell("exec sleep 86418"));
    let pid = lab.info("deleted").supervisor_pid.unwrap();
    std::fs::remove_dir_all(lab.sandbox("deleted")).unwrap();
    eventually(|| !supervised::runs("sleep\086418"));
    eventually(|| !std::path::Path::new(&format!("/proc/{pid}")).exists());
    assert!(sandbox.call(Request::Ping).is_err());
}
