//! What the tests of the command share: a log folder made with the engine, a
//! home of their own, and the command itself.

#![allow(dead_code, reason = "each test file uses its part")]

use silt_log::{Exit, Source, Writer, WriterOptions};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(crate) struct Folder {
    temporary: tempfile::TempDir,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder {
            temporary: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.temporary.path()
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.path().join("logs")
    }

    pub(crate) fn writer(&self, options: &WriterOptions) -> Writer {
        Writer::create(&self.logs(), options).unwrap()
    }

    /// The command, with a home of its own and nothing of the caller's colours.
    pub(crate) fn silt(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_silt"));
        command
            .args(arguments)
            .env("SILT_HOME", self.path().join("home"))
            .env_remove("SILT_EXECUTABLE")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    /// `silt logs --dir` of the folder's log.
    pub(crate) fn logs_of(&self, arguments: &[&str]) -> Output {
        let logs = self.logs();
        let mut all = vec!["logs", "--dir", logs.to_str().unwrap()];
        all.extend(arguments);
        self.silt(&all).output().unwrap()
    }
}

/// Sandboxes that a test left are ended with it.
impl Drop for Folder {
    fn drop(&mut self) {
        let home = silt_sandbox::Home::at(self.path().join("home"));
        for info in silt_sandbox::list(&home).unwrap_or_default() {
            let _ = silt_sandbox::remove(&home, &info.name, true);
        }
    }
}

pub(crate) fn small_segments() -> WriterOptions {
    WriterOptions {
        segment_bytes: Some(8192),
        ..WriterOptions::default()
    }
}

pub(crate) fn exit() -> Exit {
    Exit {
        code: Some(0),
        signal: None,
        started_ns: 0,
        ended_ns: 1,
        timed_out: false,
    }
}

pub(crate) fn append_lines(writer: &mut Writer, session: u64, from: u64, to: u64) {
    for n in from..=to {
        writer.append(session, Source::Stdout, format!("line {n}\n").as_bytes());
    }
    writer.flush();
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// Waits for a condition, and fails when it does not come.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "{what} does not come");
        std::thread::yield_now();
    }
}

pub(crate) fn send(child: &std::process::Child, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(child.id() as i32).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// A pipe without room, and its reader, whom the command does not hold open itself.
pub(crate) fn full_pipe() -> (OwnedFd, OwnedFd) {
    let (reader, full) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
    rustix::io::ioctl_fionbio(&full, true).unwrap();
    while rustix::io::write(&full, &[b'x'; 4096]).is_ok() {}
    rustix::io::ioctl_fionbio(&full, false).unwrap();
    (reader, full)
}
