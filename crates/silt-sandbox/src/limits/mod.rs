//! Limits on memory, processes, files and processor time.
//!
//! `memoryBytes` and `processes` hold for the whole sandbox, `openFiles` and
//! `cpuSeconds` for each process in it.

use serde::{Deserialize, Serialize};

/// What a sandbox may use at most. Absent means no limit of Silt's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Limits {
    /// Bytes of memory of the whole sandbox, its `/tmp` included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Processes and threads of the whole sandbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processes: Option<u64>,
    /// Open descriptors of each process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_files: Option<u64>,
    /// Seconds of processor time of each process; SIGXCPU, then SIGKILL a second later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_seconds: Option<u64>,
    /// Go on without the limits that this machine cannot hold. Default false.
    pub best_effort: bool,
}

/// A limit that was asked for with `bestEffort` and does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnheldLimit {
    /// The option's name, such as `memoryBytes`.
    pub name: &'static str,
    /// Why it does not hold, and what to do.
    pub reason: String,
}
