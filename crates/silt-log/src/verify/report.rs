//! What a check found, as plain data.

use crate::{Gap, Log, WriterState};
use serde::{Serialize, Serializer};

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub log: Log,
    /// The segment that was checked just now.
    pub segment: u64,
    pub segments_checked: u64,
    /// Of all logs, as they were listed at the start.
    pub segments: u64,
}

/// What [`LogDirectory::verify`](crate::LogDirectory::verify) found. In JSON in
/// camel case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifyReport {
    /// All that is held is as it was written. An evicted beginning, recorded
    /// gaps and a torn tail do not speak against it.
    pub whole: bool,
    /// Of the folder, in hexadecimal digits.
    pub log_id: String,
    #[serde(serialize_with = "writer_state")]
    pub writer: WriterState,
    /// `exec`, `runtime`, `kernel`.
    pub logs: [LogReport; 3],
    pub sessions: SessionsReport,
    /// The first 1,000, in the order in which they were met.
    pub damage: Vec<Damage>,
    /// How many more there are.
    pub damage_left_out: u64,
}

/// One log. Numbers are 0 where there are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogReport {
    #[serde(serialize_with = "log_name")]
    pub log: Log,
    /// Segments read.
    pub segments: u64,
    /// Bytes read, of plain or decompressed segments.
    pub bytes: u64,
    pub entries: u64,
    pub first_sequence: u64,
    pub last_sequence: u64,
    /// Retention has taken the beginning.
    pub truncated: bool,
    /// Gaps that a writer has recorded, the first 1,000.
    #[serde(serialize_with = "gap_list")]
    pub gaps: Vec<Gap>,
    /// Bytes after the last whole line, which count for nothing.
    pub torn_bytes: u64,
}

impl LogReport {
    pub(crate) fn new(log: Log) -> LogReport {
        LogReport {
            log,
            segments: 0,
            bytes: 0,
            entries: 0,
            first_sequence: 0,
            last_sequence: 0,
            truncated: false,
            gaps: Vec::new(),
            torn_bytes: 0,
        }
    }
}

/// Exec sessions with an exit record in what is held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionsReport {
    /// Held as a whole, and as long and of the same SHA-256 as recorded.
    pub checked: u64,
    /// Not held as a whole: their beginning is gone, or a gap lies in them.
    pub not_held: u64,
}

/// What kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DamageKind {
    /// A checksum does not match.
    Checksum,
    /// A line is no line of a log.
    Line,
    /// Entries are missing and no header says so.
    Missing,
    /// A segment is shorter than it was.
    Cut,
    /// A segment is not there, or its header can not be read.
    Segment,
    /// A segment does not follow the one before it.
    Chain,
    /// Numbers or times go backwards.
    Order,
    /// What is held of a session is not what its exit record says.
    Session,
}

/// Damage, named by the entries that it touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Damage {
    #[serde(serialize_with = "log_name")]
    pub log: Log,
    /// Where it was found.
    pub segment: u64,
    pub kind: DamageKind,
    /// First and last sequence number that may be wrong or gone; `None` where
    /// no entry is touched.
    pub from: Option<u64>,
    pub to: Option<u64>,
    pub message: String,
}

fn log_name<S: Serializer>(log: &Log, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(log.name())
}

fn writer_state<S: Serializer>(state: &WriterState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match state {
        WriterState::Running => "running",
        WriterState::Stopped => "stopped",
        WriterState::Crashed => "crashed",
    })
}

fn gap_list<S: Serializer>(gaps: &[Gap], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Shown {
        from: u64,
        to: u64,
        lost: Option<u64>,
        reason: &'static str,
    }
    serializer.collect_seq(gaps.iter().map(|gap| Shown {
        from: gap.from,
        to: gap.to,
        lost: gap.lost,
        reason: gap.reason.name(),
    }))
}
