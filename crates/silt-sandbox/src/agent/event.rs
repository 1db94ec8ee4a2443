//! What an agent reports.

use std::os::fd::OwnedFd;

use serde::{Deserialize, Serialize};

/// Something that happened in the sandbox. For one id the order is
/// `PtyMaster` (with a terminal only), `Spawned`, `Exited`; or `SpawnFailed` alone
/// (a `PtyMaster` may precede it).
#[derive(Debug)]
pub enum AgentEvent {
    /// The program runs: `exec` has succeeded. `pid` is the number inside.
    Spawned { id: u64, pid: i32 },
    /// The supervisor's end of the command's terminal; none where this process
    /// has no descriptor left for it.
    PtyMaster { id: u64, fd: Option<OwnedFd> },
    SpawnFailed {
        id: u64,
        errno: i32,
        what: SpawnFailure,
        message: String,
    },
    /// The command's own process ended; its pipes may still be held by others.
    /// Exactly one of `code` and `signal` (a number) is set.
    Exited {
        id: u64,
        code: Option<i32>,
        signal: Option<i32>,
    },
    /// A TCP connection inside the sandbox, non-blocking and close-on-exec.
    Connected { token: u64, fd: OwnedFd },
    /// Nothing accepted on 127.0.0.1 or ::1 within 10 s, or this process has no
    /// descriptor left for it.
    ConnectFailed { token: u64 },
    /// The agent is gone and with it every process of the sandbox. Comes once, last.
    Ended,
}

/// Why a command did not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpawnFailure {
    /// Exit code 127.
    NotFound,
    /// Exit code 126.
    NotExecutable,
    /// The caller's mistake: `InvalidArgument`.
    BadCwd,
    /// Out of processes, memory or descriptors.
    Other,
}
