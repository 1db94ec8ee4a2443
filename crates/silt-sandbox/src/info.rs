//! What is told about a sandbox.

use crate::limits::Limits;
use crate::runtime::{Network, Runtime};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Whether a sandbox runs, decided by its log's writer and never by a pid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Running,
    /// Ended in order, or never started.
    Stopped,
    /// The supervisor ended without ending its log.
    Crashed,
}

impl Status {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Status::Running => "running",
            Status::Stopped => "stopped",
            Status::Crashed => "crashed",
        }
    }
}

/// A sandbox, as `inspect --json` shows it. Never holds values of `env`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    pub name: String,
    pub status: Status,
    pub runtime: Runtime,
    /// RFC 3339, UTC, nanoseconds; so are all times here.
    pub created_at: String,
    /// The newest start; none before the first.
    pub started_at: Option<String>,
    /// None while it runs, and after a crash.
    pub ended_at: Option<String>,
    /// From the newest start to the end, or to now while it runs.
    pub duration_ms: Option<u64>,
    /// None unless it runs.
    pub supervisor_pid: Option<u32>,
    /// On the host.
    pub workdir: PathBuf,
    pub network: Network,
    pub limits: Limits,
    /// Bytes that the log takes on the disk.
    pub log_bytes: u64,
    pub log_max_bytes: u64,
    /// Whether the beginning of the log is gone.
    pub truncated: bool,
    /// The newest 1,000, oldest first. Left empty by `list`.
    pub sessions: Vec<SessionInfo>,
    /// Why the sandbox ended, where it was not asked to.
    pub error: Option<String>,
}

/// One command that ran or runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionInfo {
    pub session_id: u64,
    /// The program and its arguments, cut off after 4 KiB.
    pub command: Vec<String>,
    /// None while it runs, after a signal, and after a crash.
    pub exit_code: Option<i32>,
    pub signal: Option<String>,
    pub started_at: String,
    pub ended_at: Option<String>,
    /// It was running when the supervisor died, so how it ended is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub crashed: bool,
}
