//! Sandboxes of this machine.
//!
//! A sandbox is a folder below the [`Home`] and, while it runs, a supervisor: a
//! small process of its own that owns the commands and their log, and outlives
//! whoever started it. [`create`] starts one and returns when it is ready,
//! [`Connection`] talks to it, [`get`] and [`list`] only read files, and
//! `silt_log::LogDirectory` reads what the commands wrote, at [`logs_dir`].
//!
//! The executable that is started as the supervisor, which may be the program
//! itself, calls [`hidden_verb`] first thing in its `main`.
//!
//! ```standalone_crate
//! use silt_log::{BatchLimits, LogDirectory, Next, StreamOptions};
//! use silt_sandbox::{
//!     Connection, Home, Reply, Request, Runtime, SandboxSpec, Spawn, create, hidden_verb,
//!     logs_dir, stop,
//! };
//! use std::error::Error;
//! use std::process::ExitCode;
//!
//! fn main() -> Result<ExitCode, Box<dyn Error>> {
//!     if let Some(code) = hidden_verb(std::env::args_os().skip(1)) {
//!         return Ok(code);
//!     }
//! #   let temporary = tempfile::tempdir()?;
//! #   let folder = temporary.path().join("home");
//!     let home = Home::at(folder);
//!     let sandbox = create(
//!         &home,
//!         SandboxSpec {
//!             runtime: Runtime::Process,
//!             executable: Some(std::env::current_exe()?),
//!             ..SandboxSpec::default()
//!         },
//!     )?;
//!     let connection = Connection::open(&home, &sandbox.name)?;
//!     let spawn = Request::Spawn(Spawn {
//!         program: "echo".into(),
//!         args: vec!["hello".into()],
//!         ..Spawn::default()
//!     });
//!     let (Reply::Spawned { session_id, .. }, _) = connection.call(spawn, Vec::new())? else {
//!         unreachable!("a command that was started is answered so")
//!     };
//!     connection.call(Request::Wait { session_id }, Vec::new())?;
//!
//!     let logs = LogDirectory::open(logs_dir(&home, &sandbox.name)?)?;
//!     let of_the_command = StreamOptions {
//!         sessions: vec![session_id],
//!         ..StreamOptions::default()
//!     };
//!     let mut stream = logs.stream(&of_the_command)?;
//!     let Next::Batch(batch) = stream.next(BatchLimits::default())? else {
//!         panic!("all that it wrote is there once it has ended")
//!     };
//!     assert_eq!(batch.data(&batch.items[0]), b"hello\n");
//!     stop(&home, &sandbox.name)?;
//!     Ok(ExitCode::SUCCESS)
//! }
//! ```

mod agent;
mod client;
mod create;
mod descriptors;
mod end;
mod error;
mod expose;
pub mod files;
mod folder;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod hang_up;
mod home;
mod info;
mod journal;
mod launch;
mod limits;
mod millis;
mod name;
mod protocol;
mod record;
mod remove;
mod runtime;
mod session_end;
mod spec;
mod state;
mod status;
mod supervisor;
mod sys;
mod tree;
#[cfg(test)]
mod trouble;

pub use agent::{
    AGENT_VERB, AgentConfig, AgentError, AgentEvent, AgentProcess, CommandSpec, PtySize,
    SpawnFailure, Stdio, agent_main,
};
pub use client::{Connection, OnReply};
pub use create::{StartOptions, create, start};
pub use end::{kill, stop};
pub use error::Error;
pub use home::Home;
pub use info::{Info, SessionInfo, Status};
pub use limits::{Limits, UnheldLimit};
pub use millis::Millis;
pub use protocol::{PtyOptions, Reply, Request, Spawn};
pub use remove::{PruneOptions, Removed, prune, remove};
pub use runtime::{Mount, Network, Runtime};
pub use session_end::{SessionEnd, SourceTotals, recorded_end};
pub use spec::{CompressKind, Environment, LogsSpec, SandboxSpec, SyncKind};
pub use status::{get, list};

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// The hidden verb under which the executable becomes a supervisor.
pub(crate) const SUPERVISE_VERB: &str = "__supervise";

/// Where the log of a sandbox lies, there or not. Refuses what is not a name.
pub fn logs_dir(home: &Home, name: &str) -> Result<PathBuf, Error> {
    Ok(folder::Folder::at(home.sandbox(name)?).logs())
}

/// The number of a signal by its name: 9 for `SIGKILL`.
pub fn signal_number(name: &str) -> Option<i32> {
    supervisor::signal_number(name)
}

/// Becomes a supervisor or an agent when `args`, without the program's own
/// name, say so. To be called first in `main`, before any other thread exists.
pub fn hidden_verb(args: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let verb = args.into_iter().next()?;
    if verb == SUPERVISE_VERB {
        return Some(supervisor::main());
    }
    (verb == agent::AGENT_VERB).then(agent::agent_main)
}
