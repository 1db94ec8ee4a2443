//! The folder of one sandbox: what lies where in it.

use crate::{Error, sys};
use std::path::{Path, PathBuf};

/// Paths inside a sandbox's folder. None of it but `workspace` is ever shown
/// inside the sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn at(path: impl Into<PathBuf>) -> Folder {
        Folder { path: path.into() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What the sandbox was asked to be.
    pub(crate) fn record(&self) -> PathBuf {
        self.path.join("sandbox.json")
    }

    /// The newest run of the supervisor.
    pub(crate) fn state(&self) -> PathBuf {
        self.path.join("state.json")
    }

    /// The newest sessions.
    pub(crate) fn sessions(&self) -> PathBuf {
        self.path.join("sessions.jsonl")
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.path.join(SOCKET)
    }

    /// Where a panic of the supervisor is told, which has no terminal.
    pub(crate) fn panic(&self) -> PathBuf {
        self.path.join("panic.txt")
    }

    /// The private workdir.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.path.join("workspace")
    }
}

/// The name of the control socket in the folder.
pub(crate) const SOCKET: &str = "control.sock";

/// Whether the new content must survive a power cut, or only a crash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durable {
    PowerCut,
    Crash,
}

/// Replaces a file so that readers see the old content or the new, never a part.
pub(crate) fn replace(path: &Path, content: &[u8], durable: Durable) -> Result<(), Error> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let write = || {
        let file = sys::create(&temporary)?;
        sys::set_mode(&temporary, 0o600)?;
        sys::write_all(&file, content)?;
        if durable == Durable::PowerCut {
            sys::sync_data(&file)?;
        }
        sys::rename(&temporary, path)
    };
    write().map_err(|error| {
        let _ = sys::remove(&temporary);
        Error::io("write", path, error)
    })
}
