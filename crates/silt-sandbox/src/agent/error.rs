//! Why an agent could not be had.

use std::fmt;
use std::io;

/// Why an agent could not be started or told something.
#[derive(Debug)]
pub enum AgentError {
    /// An option is wrong, whatever the machine: `option` is its name in the contract.
    InvalidArgument {
        option: &'static str,
        message: String,
    },
    /// This machine does not allow the runtime; `mend` says what to change.
    RuntimeUnavailable {
        runtime: &'static str,
        message: String,
        mend: String,
    },
    /// This machine cannot hold the limit; `mend` says what to change.
    LimitUnavailable {
        limit: &'static str,
        message: String,
        mend: String,
    },
    /// `action` is what was tried, on what.
    Io { action: String, source: io::Error },
}

impl AgentError {
    pub(crate) fn io(action: impl Into<String>, source: impl Into<io::Error>) -> Self {
        Self::Io {
            action: action.into(),
            source: source.into(),
        }
    }
}

impl fmt::Display for AgentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidArgument { option, message } => write!(f, "{option}: {message}"),
            Self::RuntimeUnavailable {
                runtime,
                message,
                mend,
            } => {
                write!(
                    f,
                    "the runtime `{runtime}` is not available here: {message}; {mend}"
                )
            }
            Self::LimitUnavailable {
                limit,
                message,
                mend,
            } => {
                write!(
                    f,
                    "the limit `{limit}` cannot be held here: {message}; {mend}"
                )
            }
            Self::Io { action, source } => write!(f, "{action}: {source}"),
        }
    }
}

impl std::error::Error for AgentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
