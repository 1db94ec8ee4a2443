//! A home of its own for each test, with real supervisors, and what tests ask
//! of them. Everything that was started ends with the [`Lab`].

// Each test program uses some of it.
#![allow(dead_code)]

pub(crate) mod found;

use silt_log::{BatchLimits, EndReason, Log, LogDirectory, Next, OnGap, SourceSet, StreamOptions};
use silt_sandbox::{
    Connection, Home, Info, Reply, Request, Runtime, SandboxSpec, SessionEnd, Spawn, Status,
};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The real supervisor.
pub(crate) const EXECUTABLE: &str = env!("CARGO_BIN_EXE_silt-supervisor");

/// Longer than anything here takes, on a busy machine too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Lab {
    pub(crate) home: Home,
    pub(crate) folder: tempfile::TempDir,
}

impl Lab {
    pub(crate) fn new() -> Lab {
        let folder = tempfile::tempdir().unwrap();
        Lab {
            home: Home::at(folder.path().join("home")),
            folder,
        }
    }

    /// Without isolation: what these tests are about does not depend on it.
    pub(crate) fn spec(&self, name: &str) -> SandboxSpec {
        SandboxSpec {
            name: Some(name.to_owned()),
            runtime: Runtime::Process,
            executable: Some(EXECUTABLE.into()),
            ..SandboxSpec::default()
        }
    }

    pub(crate) fn create(&self, name: &str) -> Running<'_> {
        self.create_with(self.spec(name))
    }

    pub(crate) fn create_with(&self, spec: SandboxSpec) -> Running<'_> {
        let info = silt_sandbox::create(&self.home, spec).unwrap();
        assert_eq!(info.status, Status::Running);
        self.connect(&info.name)
    }

    pub(crate) fn start(&self, name: &str) -> Running<'_> {
        let options = silt_sandbox::StartOptions {
            executable: Some(EXECUTABLE.into()),
            ..Default::default()
        };
        silt_sandbox::start(&self.home, name, options).unwrap();
        self.connect(name)
    }

    pub(crate) fn connect(&self, name: &str) -> Running<'_> {
        Running {
            lab: self,
            name: name.to_owned(),
            connection: Connection::open(&self.home, name).unwrap(),
        }
    }

    pub(crate) fn info(&self, name: &str) -> Info {
        silt_sandbox::get(&self.home, name).unwrap()
    }

    pub(crate) fn sandbox(&self, name: &str) -> PathBuf {
        self.home.sandbox(name).unwrap()
    }

    pub(crate) fn logs(&self, name: &str) -> LogDirectory {
        LogDirectory::open(silt_sandbox::logs_dir(&self.home, name).unwrap()).unwrap()
    }

    /// All entries, to the end of the log.
    pub(crate) fn entries(&self, name: &str) -> (Vec<Entry>, EndReason) {
        read(
            &self.logs(name),
            StreamOptions {
                sources: SourceSet::ALL,
                on_gap: OnGap::Report,
                ..StreamOptions::default()
            },
        )
    }

    /// What one session wrote to one source, joined.
    pub(crate) fn written(&self, name: &str, session: u64, source: &str) -> Vec<u8> {
        let (entries, _) = self.entries(name);
        entries
            .iter()
            .filter(|entry| entry.session == session && entry.source == source)
            .flat_map(|entry| entry.data.clone())
            .collect()
    }

    /// The `system` entries of a log.
    pub(crate) fn notes(&self, name: &str, log: Log) -> Vec<String> {
        let (entries, _) = self.entries(name);
        entries
            .iter()
            .filter(|entry| entry.log == log && entry.source == "system")
            .map(|entry| String::from_utf8_lossy(&entry.data).trim_end().to_owned())
            .collect()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        for info in silt_sandbox::list(&self.home).unwrap_or_default() {
            let removed = silt_sandbox::remove(&self.home, &info.name, true);
            if !std::thread::panicking() {
                removed.unwrap();
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) log: Log,
    pub(crate) source: &'static str,
    pub(crate) session: u64,
    pub(crate) sequence: u64,
    pub(crate) data: Vec<u8>,
}

/// Reads a stream to its end.
pub(crate) fn read(logs: &LogDirectory, options: StreamOptions) -> (Vec<Entry>, EndReason) {
    let mut stream = logs.stream(&options).unwrap();
    let mut entries = Vec::new();
    loop {
        match stream.next(BatchLimits::default()).unwrap() {
            Next::Batch(batch) => {
                for item in &batch.items {
                    let from = item.data_offset as usize;
                    entries.push(Entry {
                        log: item.log,
                        source: item.source.name(),
                        session: item.session,
                        sequence: item.sequence,
                        data: batch.data[from..from + item.data_len as usize].to_vec(),
                    });
                }
            }
            Next::Pending => {
                stream.wait(Some(PATIENCE));
            }
            Next::End(end) => return (entries, end.reason),
        }
    }
}

pub(crate) struct Running<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) name: String,
    pub(crate) connection: Connection,
}

pub(crate) fn shell(script: &str) -> Spawn {
    Spawn {
        program: "sh".into(),
        args: vec!["-c".into(), script.into()],
        ..Spawn::default()
    }
}

impl Running<'_> {
    pub(crate) fn call(&self, request: Request) -> Result<Reply, silt_sandbox::Error> {
        self.send(request, Vec::new())
    }

    pub(crate) fn send(
        &self,
        request: Request,
        payload: Vec<u8>,
    ) -> Result<Reply, silt_sandbox::Error> {
        self.connection
            .call(request, payload)
            .map(|(reply, _)| reply)
    }

    pub(crate) fn spawn(&self, spawn: Spawn) -> u64 {
        match self.call(Request::Spawn(spawn)).unwrap() {
            Reply::Spawned { session_id, .. } => session_id,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn wait(&self, session_id: u64) -> SessionEnd {
        match self.call(Request::Wait { session_id }).unwrap() {
            Reply::Ended(end) => end,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn sh(&self, script: &str) -> SessionEnd {
        self.wait(self.spawn(shell(script)))
    }

    pub(crate) fn stop(&self) {
        silt_sandbox::stop(&self.lab.home, &self.name).unwrap();
    }

    /// SIGKILL for the real supervisor; returns when its log is free.
    pub(crate) fn crash(&self) {
        let pid = self.lab.info(&self.name).supervisor_pid.unwrap();
        kill(pid);
        eventually(|| self.lab.info(&self.name).status == Status::Crashed);
    }
}

pub(crate) fn kill(pid: u32) {
    // SAFETY: a plain system call.
    assert_eq!(unsafe { libc::kill(pid as i32, libc::SIGKILL) }, 0);
}

/// Waits for a condition, not for a time.
pub(crate) fn eventually(mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "it never came true");
        std::thread::yield_now();
    }
}

/// Whether any process of this machine has `needle` in its command line.
pub(crate) fn runs(needle: &str) -> bool {
    how_many(needle) > 0
}

/// How many processes of this machine have `needle` in their command line.
pub(crate) fn how_many(needle: &str) -> usize {
    let has_it = |entry: &std::fs::DirEntry| {
        let own = entry.file_name() == std::process::id().to_string().as_str();
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        !own && contains(&line, needle.as_bytes())
    };
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    entries.filter(has_it).count()
}

pub(crate) fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// Every file below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files.extend(files_below(&entry.path()));
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    files
}
