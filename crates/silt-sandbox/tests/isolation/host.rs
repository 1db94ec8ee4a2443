//! What the acts are committed against, and the two places they are committed from.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use silt_sandbox::{AgentConfig, Mount, Runtime};
use tempfile::TempDir;

use crate::sandboxed::{Sandboxed, spec};

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

pub(crate) fn exe() -> PathBuf {
    std::env::current_exe().unwrap()
}

/// A folder in the home of whoever runs this.
pub(crate) fn in_home() -> TempDir {
    let home = std::env::var_os("HOME").expect("a home folder");
    tempfile::tempdir_in(home).unwrap()
}

/// A sandbox in which this executable is at `/probe`.
pub(crate) fn sandbox(change: impl FnOnce(&mut AgentConfig)) -> Sandboxed {
    Sandboxed::with(Runtime::Namespace, |config| {
        show(config, exe().parent().unwrap(), "/probe");
        change(config);
    })
    .unwrap()
}

/// Shows a host folder read-only.
pub(crate) fn show(config: &mut AgentConfig, source: &Path, target: &str) {
    let (source, target) = (source.to_owned(), target.into());
    config.mounts.push(Mount {
        source,
        target,
        read_only: true,
    });
}

/// The output of an act committed from inside a sandbox.
pub(crate) fn inside(sandbox: &mut Sandboxed, act: &[&str]) -> String {
    let program = Path::new("/probe").join(exe().file_name().unwrap());
    commit(sandbox, program.to_str().unwrap(), act)
}

/// The output of the same act of the same user without isolation.
pub(crate) fn outside(act: &[&str]) -> String {
    let mut sandbox = Sandboxed::start(Runtime::Process);
    commit(&mut sandbox, exe().to_str().unwrap(), act)
}

fn commit(sandbox: &mut Sandboxed, program: &str, act: &[&str]) -> String {
    let mut command = spec(program, &[&["act"], act].concat());
    // An act that starts a sandbox of its own needs the same agent.
    if let Ok(agent) = std::env::var("SILT_TEST_AGENT") {
        command.env.push(("SILT_TEST_AGENT".into(), agent));
    }
    let ended = sandbox.run(&command);
    assert_eq!(ended.code, Some(0), "the act {act:?} broke down: {ended:?}");
    ended.stdout
}

/// A process of the host with a secret in its memory.
pub(crate) struct Victim {
    process: Child,
    pub(crate) address: String,
}

pub(crate) const SECRET: &str = "the secret of the test";

impl Victim {
    pub(crate) fn start() -> Self {
        let mut process = Command::new(exe())
            .args(["act", "be-victim"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.as_mut().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            process,
            address: address.trim().to_owned(),
        }
    }

    pub(crate) fn pid(&self) -> String {
        self.process.id().to_string()
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// Of the outside act only: its signal may take a moment.
    pub(crate) fn dies(&mut self) -> bool {
        self.process.wait().is_ok()
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether a file of the host is there, whoever looks.
pub(crate) fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
