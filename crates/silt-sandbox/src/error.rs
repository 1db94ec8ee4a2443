//! Everything that can go wrong with a sandbox, as data.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;
use std::path::PathBuf;

/// An error of a sandbox, its supervisor or its files.
#[derive(Debug)]
pub enum Error {
    /// The log engine refused.
    Log(silt_log::Error),
    /// An option was wrong; nothing was changed.
    InvalidArgument { option: String, message: String },
    /// There is no sandbox of this name in this home.
    SandboxNotFound { name: String },
    /// The name is taken.
    SandboxExists { name: String },
    /// The sandbox has no supervisor that answers, or lost it just now.
    SandboxNotRunning { name: String, message: String },
    /// This machine can not give what the runtime needs; `mend` says what to do.
    RuntimeUnavailable {
        runtime: String,
        message: String,
        mend: String,
    },
    /// A limit that was asked for does not hold here; `mend` says what to do.
    LimitUnavailable {
        limit: String,
        message: String,
        mend: String,
    },
    /// The other side of a control socket speaks otherwise.
    Protocol { message: String },
    /// The system refused a call.
    Io {
        action: String,
        path: PathBuf,
        source: io::Error,
    },
}

impl Error {
    /// The stable name of the error's kind.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Log(_) => "Log",
            Error::InvalidArgument { .. } => "InvalidArgument",
            Error::SandboxNotFound { .. } => "SandboxNotFound",
            Error::SandboxExists { .. } => "SandboxExists",
            Error::SandboxNotRunning { .. } => "SandboxNotRunning",
            Error::RuntimeUnavailable { .. } => "RuntimeUnavailable",
            Error::LimitUnavailable { .. } => "LimitUnavailable",
            Error::Protocol { .. } => "Protocol",
            Error::Io { .. } => "Io",
        }
    }

    pub(crate) fn argument(option: &str, message: impl Into<String>) -> Error {
        Error::InvalidArgument {
            option: option.to_owned(),
            message: message.into(),
        }
    }

    pub(crate) fn protocol(message: impl Into<String>) -> Error {
        Error::Protocol {
            message: message.into(),
        }
    }

    pub(crate) fn not_running(name: &str, message: impl Into<String>) -> Error {
        Error::SandboxNotRunning {
            name: name.to_owned(),
            message: message.into(),
        }
    }

    /// Whether this process or the machine has run out of something: it says
    /// nothing of what was looked at.
    pub(crate) fn is_shortage(&self) -> bool {
        let (Error::Io { source, .. } | Error::Log(silt_log::Error::Io { source, .. })) = self
        else {
            return false;
        };
        let shortages = [libc::EMFILE, libc::ENFILE, libc::ENOMEM, libc::ENOBUFS];
        source
            .raw_os_error()
            .is_some_and(|errno| shortages.contains(&errno))
    }

    /// Whether the disk has no room for what was to be written.
    pub(crate) fn is_no_room(&self) -> bool {
        let Error::Io { source, .. } = self else {
            return false;
        };
        let full = [libc::ENOSPC, libc::EDQUOT];
        source
            .raw_os_error()
            .is_some_and(|errno| full.contains(&errno))
    }

    pub(crate) fn io(
        action: &str,
        path: impl Into<PathBuf>,
        source: impl Into<io::Error>,
    ) -> Error {
        Error::Io {
            action: action.to_owned(),
            path: path.into(),
            source: source.into(),
        }
    }
}

impl From<silt_log::Error> for Error {
    fn from(error: silt_log::Error) -> Error {
        match error {
            silt_log::Error::InvalidArgument { option, message } => {
                Error::argument(option, message)
            }
            other => Error::Log(other),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Log(error) => error.fmt(f),
            Error::InvalidArgument { option, message } => write!(f, "{option}: {message}"),
            Error::SandboxNotFound { name } => write!(
                f,
                "there is no sandbox named \"{name}\"; `silt ls` lists those there are"
            ),
            Error::SandboxExists { name } => write!(
                f,
                "a sandbox named \"{name}\" exists already; choose another name or remove it"
            ),
            Error::SandboxNotRunning { name, message } => {
                write!(f, "sandbox \"{name}\" is not running: {message}")
            }
            Error::RuntimeUnavailable {
                runtime,
                message,
                mend,
            } => write!(
                f,
                "the runtime \"{runtime}\" is not available here: {message}; {mend}"
            ),
            Error::LimitUnavailable {
                limit,
                message,
                mend,
            } => write!(f, "the limit {limit} can not be held: {message}; {mend}"),
            Error::Protocol { message } => f.write_str(message),
            Error::Io {
                action,
                path,
                source,
            } if path.as_os_str().is_empty() => write!(f, "{action}: {source}"),
            Error::Io {
                action,
                path,
                source,
            } => write!(f, "could not {action} {}: {source}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Log(error) => Some(error),
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// An error on its way over a socket.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WireError {
    code: String,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    errno: Option<i32>,
}

impl From<&Error> for WireError {
    fn from(error: &Error) -> WireError {
        let plain = |message: &str, subject: Option<&str>| WireError {
            code: error.code().to_owned(),
            message: message.to_owned(),
            subject: subject.map(str::to_owned),
            mend: None,
            path: None,
            errno: None,
        };
        match error {
            Error::InvalidArgument { option, message } => plain(message, Some(option)),
            Error::SandboxNotFound { name } | Error::SandboxExists { name } => {
                plain("", Some(name))
            }
            Error::SandboxNotRunning { name, message } => plain(message, Some(name)),
            Error::RuntimeUnavailable {
                runtime: subject,
                message,
                mend,
            }
            | Error::LimitUnavailable {
                limit: subject,
                message,
                mend,
            } => WireError {
                mend: Some(mend.clone()),
                ..plain(message, Some(subject))
            },
            Error::Io {
                action,
                path,
                source,
            } => WireError {
                path: Some(path.clone()),
                errno: source.raw_os_error(),
                ..plain(&source.to_string(), Some(action))
            },
            Error::Protocol { message } => plain(message, None),
            Error::Log(error) => plain(&error.to_string(), None),
        }
    }
}

impl From<WireError> for Error {
    fn from(wire: WireError) -> Error {
        let subject = wire.subject.unwrap_or_default();
        let message = wire.message;
        let mend = wire.mend.unwrap_or_default();
        match wire.code.as_str() {
            "InvalidArgument" => Error::InvalidArgument {
                option: subject,
                message,
            },
            "SandboxNotFound" => Error::SandboxNotFound { name: subject },
            "SandboxExists" => Error::SandboxExists { name: subject },
            "SandboxNotRunning" => Error::SandboxNotRunning {
                name: subject,
                message,
            },
            "RuntimeUnavailable" => Error::RuntimeUnavailable {
                runtime: subject,
                message,
                mend,
            },
            "LimitUnavailable" => Error::LimitUnavailable {
                limit: subject,
                message,
                mend,
            },
            "Io" => Error::Io {
                action: subject,
                path: wire.path.unwrap_or_default(),
                source: match wire.errno {
                    Some(errno) => io::Error::from_raw_os_error(errno),
                    None => io::Error::other(message),
                },
            },
            _ => Error::Protocol { message },
        }
    }
}

impl From<crate::agent::AgentError> for Error {
    fn from(error: crate::agent::AgentError) -> Error {
        use crate::agent::AgentError;
        match error {
            AgentError::InvalidArgument { option, message } => Error::argument(option, message),
            AgentError::RuntimeUnavailable {
                runtime,
                message,
                mend,
            } => Error::RuntimeUnavailable {
                runtime: runtime.to_owned(),
                message,
                mend,
            },
            AgentError::LimitUnavailable {
                limit,
                message,
                mend,
            } => Error::LimitUnavailable {
                limit: limit.to_owned(),
                message,
                mend,
            },
            AgentError::Io { action, source } => Error::io(&action, "", source),
        }
    }
}
