//! What a reader who does not read, or a disk without room, may not hold up.

mod support;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use silt_faults::on_small_disk;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use support::{Folder, full_pipe, send, stderr, until};

/// Whether the process has filled what it writes to. A terminal may speak of
/// room and take nothing, so what was written counts too.
fn is_held_up(pid: u32, output: &OwnedFd) -> bool {
    let written = || {
        let counts = fs::read_to_string(format!("/proc/{pid}/io")).unwrap_or_default();
        let line = counts.lines().find_map(|line| line.strip_prefix("wchar: "));
        line.and_then(|count| count.parse::<u64>().ok())
            .unwrap_or(0)
    };
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let has_room = || poll(&mut [PollFd::new(output, PollFlags::OUT)], Some(&now)) != Ok(0);
    if rustix::termios::isatty(output) {
        let first = written();
        first > 4096 && (0..1000).all(|_| written() == first)
    } else {
        (0..1000).all(|_| !has_room())
    }
}

/// Nobody reads the other side of `output` before the signal has come through.
fn a_signal_reaches_the_command_that_fills(output: OwnedFd, mut other_side: File) {
    let folder = Folder::new();
    let workdir = folder.path().join("work");
    fs::create_dir(&workdir).unwrap();
    let script = "trap 'touch caught; exit 7' TERM; while :; do echo filler; done";
    let mut child = folder
        .silt(&["run", "--runtime", "process", "--workdir"])
        .arg(&workdir)
        .args(["--", "sh", "-c", script])
        .stdout(output.try_clone().unwrap())
        .spawn()
        .unwrap();
    until("a full output", || is_held_up(child.id(), &output));
    send(&child, Signal::TERM);
    until("the signal", || workdir.join("caught").exists());
    drop(output);
    let mut shown = Vec::new();
    // EIO is how a terminal ends.
    let _ = other_side.read_to_end(&mut shown);
    assert_eq!(child.wait().unwrap().code(), Some(7));
    let wanted = b"filler\n".repeat(shown.len() / 7);
    assert!(shown == wanted && shown.len() > 4096, "{}", shown.len());
}

#[test]
fn signals_reach_the_command_while_nobody_reads_what_it_writes() {
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    a_signal_reaches_the_command_that_fills(writer, reader.into());
}

#[test]
fn signals_reach_the_command_while_nobody_reads_its_socket() {
    let (reader, writer) = UnixStream::pair().unwrap();
    a_signal_reaches_the_command_that_fills(writer.into(), OwnedFd::from(reader).into());
}

#[test]
fn signals_reach_the_command_while_nobody_reads_its_terminal() {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let path = ptsname(&master, Vec::new()).unwrap();
    let terminal = rustix::fs::open(
        path.as_c_str(),
        rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::CLOEXEC,
        rustix::fs::Mode::empty(),
    );
    let terminal = terminal.unwrap();
    // One that makes two bytes of a line feed is full with room for one.
    let mut modes = tcgetattr(&terminal).unwrap();
    modes.make_raw();
    tcsetattr(&terminal, OptionalActions::Now, &modes).unwrap();
    a_signal_reaches_the_command_that_fills(terminal, master.into());
}

/// A home on a small disk; its sandboxes are ended with it.
struct SmallHome(PathBuf);

impl SmallHome {
    fn silt(&self, arguments: &[&str]) -> Command {
        let mut silt = Command::new(env!("CARGO_BIN_EXE_silt"));
        silt.args(arguments)
            .env("SILT_HOME", &self.0)
            .env_remove("SILT_EXECUTABLE")
            .stdin(Stdio::null());
        silt
    }
}

impl Drop for SmallHome {
    fn drop(&mut self) {
        let home = silt_sandbox::Home::at(&self.0);
        for info in silt_sandbox::list(&home).unwrap_or_default() {
            let _ = silt_sandbox::remove(&home, &info.name, true);
        }
    }
}

/// Says that it is over, however a test is left.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn exec_ends_with_its_command_though_the_disk_keeps_nothing() {
    let name = "exec_ends_with_its_command_though_the_disk_keeps_nothing";
    on_small_disk(name, 4 << 20, |disk| ends_with_its_command(SmallHome(disk)));
}

fn ends_with_its_command(small: SmallHome) {
    let run = ["run", "-d", "--name", "full", "--runtime", "process"];
    let run = small.silt(&run).args(["--", "sleep", "1000"]).output();
    assert!(run.unwrap().status.success());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _stops = Stop(&done);
        scope.spawn(|| {
            let filler = small.0.join("filler");
            let mut filler = OpenOptions::new().append(true).create(true).open(filler);
            let filler = filler.as_mut().unwrap();
            // Whatever the log gives up is taken at once.
            while !done.load(Ordering::Relaxed) {
                let _ = filler.write(&[0; 4096]);
            }
        });
        let mut exec = small
            .silt(&["exec", "full", "--", "sh", "-c", "seq 1000000; exit 5"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut shown = exec.stdout.take().unwrap();
        scope.spawn(move || shown.read_to_end(&mut Vec::new()));
        let home = silt_sandbox::Home::at(&small.0);
        until("the end of the command", || {
            let sessions = silt_sandbox::get(&home, "full").unwrap().sessions;
            sessions.iter().any(|one| one.exit_code == Some(5))
                || exec.try_wait().unwrap().is_some()
        });
        until("the end of exec", || exec.try_wait().unwrap().is_some());
        let output = exec.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
        assert!(stderr(&output).contains("not shown"), "{}", stderr(&output));
    });
}

#[test]
fn signals_reach_the_command_while_nobody_reads_of_what_was_not_shown() {
    let folder = Folder::new();
    let workdir = folder.path().join("work");
    fs::create_dir(&workdir).unwrap();
    let (unread, full) = full_pipe();
    let script =
        "trap 'touch caught; exit 7' TERM; seq 400000; touch printed; while :; do sleep 0.01; done";
    let mut child = folder
        .silt(&["run", "--runtime", "process", "--log-max-bytes=1m"])
        .args(["--log-segment-bytes=64k", "--workdir"])
        .arg(&workdir)
        .args(["--", "sh", "-c", script])
        .stdout(Stdio::piped())
        .stderr(full)
        .spawn()
        .unwrap();
    until("what retention takes", || workdir.join("printed").exists());
    // Going on, it comes to what has gone, and says so.
    let mut shown = child.stdout.take().unwrap();
    let reading = std::thread::spawn(move || shown.read_to_end(&mut Vec::new()));
    let output = || fs::read_to_string(format!("/proc/{}/io", child.id())).unwrap();
    until("the end of what there is to show", || {
        let first = output();
        (0..10_000).all(|_| output() == first)
    });
    send(&child, Signal::TERM);
    until("the signal", || workdir.join("caught").exists());
    drop(unread);
    assert_eq!(child.wait().unwrap().code(), Some(7));
    reading.join().unwrap().unwrap();
}
