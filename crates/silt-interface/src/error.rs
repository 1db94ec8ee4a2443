//! Errors as data: what crosses a language boundary.

use crate::ErrorCode;
use crate::entry_json;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// An error as every client gets it. It is never text to be parsed.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorData {
    /// The name of its [`ErrorCode`].
    pub code: &'static str,
    /// What was tried, on what, why it failed, what to do.
    pub message: String,
    /// Whether the same call can succeed later.
    pub retryable: bool,
    /// The fields of its kind, see [`ErrorCode::fields`].
    pub fields: Map<String, Value>,
}

impl ErrorData {
    /// An error without fields.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> ErrorData {
        ErrorData {
            code: code.name(),
            message: message.into(),
            retryable: code.retryable(),
            fields: Map::new(),
        }
    }

    /// The same error with a field more.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> ErrorData {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// A wrong option: `message` says what was given and what is expected.
    pub fn argument(option: &str, message: impl std::fmt::Display) -> ErrorData {
        ErrorData::new(ErrorCode::InvalidArgument, format!("{option}: {message}"))
            .with("option", option)
    }

    /// A fault of Silt itself.
    pub fn internal(message: impl Into<String>) -> ErrorData {
        ErrorData::new(ErrorCode::Internal, message)
    }

    /// The error as JSON: `{"code","message","retryable","fields"}`.
    pub fn to_json(&self) -> String {
        json!(self).to_string()
    }
}

impl From<silt_log::Error> for ErrorData {
    fn from(error: silt_log::Error) -> ErrorData {
        use silt_log::Error;
        let message = error.to_string();
        match error {
            Error::InvalidArgument { option, .. } => {
                ErrorData::new(ErrorCode::InvalidArgument, message).with("option", option)
            }
            Error::InvalidCursor { reason, .. } => {
                ErrorData::new(ErrorCode::InvalidCursor, message).with("reason", reason.name())
            }
            Error::MissedRotation {
                gaps,
                resume_cursor,
            } => ErrorData::new(ErrorCode::MissedRotation, message)
                .with(
                    "gaps",
                    gaps.iter().map(entry_json::gap_value).collect::<Vec<_>>(),
                )
                .with("resumeCursor", resume_cursor),
            Error::Corruption { path, .. } => {
                ErrorData::new(ErrorCode::Corruption, message).with("path", path.to_string_lossy())
            }
            Error::NotFound { path } => {
                ErrorData::new(ErrorCode::NotFound, message).with("path", path.to_string_lossy())
            }
            Error::Locked { path } => {
                ErrorData::new(ErrorCode::Locked, message).with("path", path.to_string_lossy())
            }
            Error::Io { path, .. } => {
                ErrorData::new(ErrorCode::Io, message).with("path", path.to_string_lossy())
            }
            // The engine's list is open to other crates of this workspace only.
            other => ErrorData::internal(other.to_string()),
        }
    }
}

impl From<silt_sandbox::Error> for ErrorData {
    fn from(error: silt_sandbox::Error) -> ErrorData {
        use silt_sandbox::Error;
        let message = error.to_string();
        let new = |code| ErrorData::new(code, message.clone());
        match error {
            Error::Log(error) => error.into(),
            Error::InvalidArgument { option, .. } => {
                new(ErrorCode::InvalidArgument).with("option", option)
            }
            Error::SandboxNotFound { name } => {
                new(ErrorCode::SandboxNotFound).with("sandbox", name)
            }
            Error::SandboxExists { name } => new(ErrorCode::SandboxExists).with("sandbox", name),
            Error::SandboxNotRunning { name, .. } => {
                new(ErrorCode::SandboxNotRunning).with("sandbox", name)
            }
            Error::RuntimeUnavailable { runtime, .. } => {
                new(ErrorCode::RuntimeUnavailable).with("runtime", runtime)
            }
            Error::LimitUnavailable { limit, .. } => {
                new(ErrorCode::LimitUnavailable).with("limit", limit)
            }
            Error::Protocol { .. } => new(ErrorCode::Protocol),
            Error::Io { path, source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                new(ErrorCode::NotFound).with("path", path.to_string_lossy())
            }
            Error::Io { path, .. } => new(ErrorCode::Io).with("path", path.to_string_lossy()),
        }
    }
}
