//! What clients and a supervisor say to each other over the control socket.
//!
//! A frame is two little-endian `u32` lengths, a JSON header and a payload of
//! bytes. The first frame of each side is a [`Hello`]; after it the client sends
//! [`RequestFrame`]s and gets one [`ReplyFrame`] for each, in any order.

pub(crate) mod frame;

pub(crate) use frame::{Frames, LARGEST_PAYLOAD, encode};

use crate::error::WireError;
use crate::spec::Environment;
use crate::{Info, SessionEnd};
use serde::{Deserialize, Serialize};

/// The versions that this build speaks, oldest first.
pub(crate) const VERSIONS: (u32, u32) = (1, 1);

/// The first frame of each side.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// Oldest and newest version of the protocol that the sender speaks. Both
    /// sides use the newest that both know.
    pub silt: (u32, u32),
    /// The sender's release, for messages to people.
    pub release: String,
}

impl Hello {
    pub(crate) fn ours() -> Hello {
        Hello {
            silt: VERSIONS,
            release: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The version to use with the other side, if there is one.
    pub(crate) fn agree(&self) -> Option<u32> {
        let newest = self.silt.1.min(VERSIONS.1);
        (newest >= self.silt.0.max(VERSIONS.0)).then_some(newest)
    }
}

/// What a supervisor can be asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    tag = "method",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Request {
    /// Runs a command; answered with [`Reply::Spawned`] once it runs.
    Spawn(Spawn),
    /// Gives the payload to the command's standard input; answered when the
    /// command's pipe has taken it all.
    Write {
        session_id: u64,
    },
    /// Ends the command's standard input, after what was written.
    CloseStdin {
        session_id: u64,
    },
    /// Sends a signal (`SIGTERM`, …) to the command's process group.
    Signal {
        session_id: u64,
        signal: String,
    },
    /// Sets the size of the command's terminal.
    Resize {
        session_id: u64,
        cols: u16,
        rows: u16,
    },
    /// Answered with [`Reply::Ended`] when the session has ended, or one second
    /// after the exit while something still holds its pipes.
    Wait {
        session_id: u64,
    },
    /// As [`Request::Wait`], but never answered before the last byte, whatever
    /// holds the pipes. Of a session that died with its supervisor, or is on
    /// record no more, `last_sequence` is the log's last now and all that is known.
    WaitForLastByte {
        session_id: u64,
    },
    /// Makes a port inside reachable on the host's loopback.
    Expose {
        port: u16,
    },
    /// Ends the sandbox: SIGTERM, SIGKILL after 5 s; answered when all is
    /// written.
    Stop,
    /// Ends the sandbox at once.
    Kill,
    Inspect,
    Ping,
}

/// A command to run.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spawn {
    pub program: String,
    /// Without the program's own name.
    pub args: Vec<String>,
    /// Relative to the workdir, which is also the default.
    pub cwd: Option<String>,
    /// On top of the sandbox's own.
    pub env: Environment,
    /// A terminal instead of pipes; the log's source is then `output`.
    pub pty: Option<PtyOptions>,
    /// Whether there will be standard input; else it is `/dev/null`.
    pub stdin: bool,
    /// SIGTERM after this many milliseconds, SIGKILL 5 s later; default never.
    pub timeout_ms: Option<u64>,
    /// Ends the sandbox at the command's exit.
    pub end_sandbox: bool,
    /// Removes the sandbox with its log once it has ended, however that was.
    pub remove_sandbox: bool,
}

impl std::fmt::Debug for Spawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spawn")
            .field("program", &self.program)
            .field("env", &self.env)
            .finish_non_exhaustive()
    }
}

/// The size of a terminal, in characters.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct PtyOptions {
    pub cols: u16,
    pub rows: u16,
}

impl Default for PtyOptions {
    fn default() -> PtyOptions {
        PtyOptions { cols: 80, rows: 24 }
    }
}

/// What a supervisor answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    tag = "reply",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Reply {
    Done,
    Spawned {
        session_id: u64,
        /// Stands just before the session's first entry, in all three logs.
        cursor: String,
    },
    /// `closed` when the command no longer reads its standard input.
    Written {
        closed: bool,
    },
    Ended(SessionEnd),
    /// The host's port, on 127.0.0.1.
    Exposed {
        port: u16,
    },
    Info(Box<Info>),
    Pong {
        release: String,
        pid: u32,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RequestFrame {
    pub id: u64,
    #[serde(flatten)]
    pub request: Request,
}

/// Exactly one of `ok` and `error` is there. Without an `id` it concerns the
/// whole connection, which then ends.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReplyFrame {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ok: Option<Reply>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<WireError>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_agree_on_the_newest_version_that_both_know() {
        let hello = |silt| Hello {
            silt,
            release: String::new(),
        };
        assert_eq!(hello((1, 1)).agree(), Some(1));
        assert_eq!(hello((1, 9)).agree(), Some(1));
        assert_eq!(hello((2, 9)).agree(), None);
    }

    #[test]
    fn an_unknown_method_of_a_newer_client_is_an_error_that_keeps_the_id() {
        let newer = r#"{"id":7,"method":"teleport","to":"mars"}"#;
        assert!(serde_json::from_str::<RequestFrame>(newer).is_err());
        #[derive(Deserialize)]
        struct OnlyId {
            id: u64,
        }
        assert_eq!(serde_json::from_str::<OnlyId>(newer).unwrap().id, 7);
    }

    #[test]
    fn values_of_env_are_not_printed() {
        let spawn = Spawn {
            env: Environment([("A".to_owned(), "hunter2".to_owned())].into()),
            ..Spawn::default()
        };
        assert!(!format!("{:?}", Request::Spawn(spawn)).contains("hunter2"));
    }
}
