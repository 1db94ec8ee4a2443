//! A sandbox under test: an agent without a supervisor, whose commands' output is
//! read from files or pipes of the test's own.

#![allow(dead_code, reason = "each test file uses its part")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use silt_sandbox::{
    AgentConfig, AgentError, AgentEvent, AgentProcess, CommandSpec, Limits, Mount, Network,
    PtySize, Runtime, Stdio,
};
use tempfile::TempDir;

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn config(runtime: Runtime, workdir: &Path) -> AgentConfig {
    AgentConfig {
        runtime,
        hostname: "box".into(),
        workdir: workdir.to_owned(),
        mounts: Vec::<Mount>::new(),
        network: Network::None,
        env: Vec::new(),
        limits: Limits::default(),
        hidden: Vec::new(),
        executable: Some(executable()),
    }
}

/// Every user may run it, wherever the target folder is.
fn executable() -> PathBuf {
    match std::env::var_os("SILT_TEST_AGENT") {
        Some(path) => path.into(),
        None => env!("CARGO_BIN_EXE_silt-sandbox-agent").into(),
    }
}

/// An outcome of a command that has ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) struct Sandboxed {
    pub(crate) agent: AgentProcess,
    pub(crate) workdir: TempDir,
    next: u64,
    pub(crate) seen: Vec<AgentEvent>,
}

impl Sandboxed {
    pub(crate) fn start(runtime: Runtime) -> Self {
        Self::with(runtime, |_| {}).expect("a sandbox")
    }

    pub(crate) fn with(
        runtime: Runtime,
        change: impl FnOnce(&mut AgentConfig),
    ) -> Result<Self, AgentError> {
        let workdir = tempfile::tempdir().unwrap();
        let mut config = config(runtime, workdir.path());
        change(&mut config);
        let agent = AgentProcess::start(&config)?;
        Ok(Self {
            agent,
            workdir,
            next: 1,
            seen: Vec::new(),
        })
    }

    pub(crate) fn sh(&mut self, script: &str) -> Ended {
        self.run(&spec("sh", &["-c", script]))
    }

    /// Runs to the end; output through files, so that it may be of any size.
    pub(crate) fn run(&mut self, spec: &CommandSpec) -> Ended {
        let (out, err) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let id = self.spawn_into(spec, &out, &err);
        let (code, signal) = self.exit_of(id);
        Ended {
            code,
            signal,
            stdout: text(out),
            stderr: text(err),
        }
    }

    pub(crate) fn spawn_into(&mut self, spec: &CommandSpec, out: &File, err: &File) -> u64 {
        let id = self.next;
        self.next += 1;
        let stdio = Stdio::Pipes {
            stdin: File::open("/dev/null").unwrap().into(),
            stdout: out.try_clone().unwrap().into(),
            stderr: err.try_clone().unwrap().into(),
        };
        self.agent.spawn(id, spec, stdio).unwrap();
        id
    }

    /// With both streams on one pipe, whose reading end comes back.
    pub(crate) fn spawn(&mut self, spec: &CommandSpec) -> (u64, std::io::PipeReader) {
        let (reader, writer) = std::io::pipe().unwrap();
        let id = self.next;
        self.next += 1;
        let stdio = Stdio::Pipes {
            stdin: File::open("/dev/null").unwrap().into(),
            stdout: writer.try_clone().unwrap().into(),
            stderr: OwnedFd::from(writer),
        };
        self.agent.spawn(id, spec, stdio).unwrap();
        (id, reader)
    }

    pub(crate) fn spawn_pty(&mut self, spec: &CommandSpec, size: PtySize) -> (u64, File) {
        let id = self.next;
        self.next += 1;
        self.agent.spawn(id, spec, Stdio::Pty(size)).unwrap();
        let event = self.wait_for(|e| matches!(e, AgentEvent::PtyMaster { .. }));
        let AgentEvent::PtyMaster { fd: Some(fd), .. } = event else {
            unreachable!()
        };
        (id, fd.into())
    }

    pub(crate) fn exit_of(&mut self, wanted: u64) -> (Option<i32>, Option<i32>) {
        let event = self.wait_for(|event| match event {
            AgentEvent::Exited { id, .. } => *id == wanted,
            AgentEvent::SpawnFailed { id, .. } => *id == wanted,
            _ => false,
        });
        match event {
            AgentEvent::Exited { code, signal, .. } => (code, signal),
            other => panic!("did not start: {other:?}"),
        }
    }

    /// The first event, seen or to come, that fits. The others are kept.
    pub(crate) fn wait_for(&mut self, fits: impl Fn(&AgentEvent) -> bool) -> AgentEvent {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.seen.iter().position(&fits) {
                return self.seen.remove(at);
            }
            while let Some(event) = self.agent.recv().unwrap() {
                self.seen.push(event);
            }
            if self.seen.iter().any(&fits) {
                continue;
            }
            assert!(
                Instant::now() < deadline,
                "waited in vain; seen {:?}",
                self.seen
            );
            assert!(
                !self.seen.iter().any(|e| matches!(e, AgentEvent::Ended)),
                "the agent ended; seen {:?}",
                self.seen
            );
            wait_readable(&self.agent);
        }
    }
}

fn wait_readable(fd: &impl AsFd) {
    let timeout = Timespec {
        tv_sec: 1,
        tv_nsec: 0,
    };
    let _ = poll(&mut [PollFd::new(fd, PollFlags::IN)], Some(&timeout));
}

pub(crate) fn spec(program: &str, args: &[&str]) -> CommandSpec {
    CommandSpec {
        program: program.into(),
        args: args.iter().map(|a| (*a).to_owned()).collect(),
        cwd: None,
        env: Vec::new(),
    }
}

pub(crate) fn text(mut file: File) -> String {
    use std::io::Seek;
    file.rewind().unwrap();
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads a terminal or pipe until `end` has appeared in it.
pub(crate) fn read_until(from: &mut impl Read, end: &str) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    while !String::from_utf8_lossy(&bytes).contains(end) {
        match from.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(crate) fn write_line(to: &mut impl Write, line: &str) {
    to.write_all(line.as_bytes()).unwrap();
    to.write_all(b"\n").unwrap();
}

/// Waits until a condition of the machine holds, looking again every few milliseconds.
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "never came true: {what}");
        std::thread::park_timeout(Duration::from_millis(3));
    }
}
