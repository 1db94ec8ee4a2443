//! What went wrong, and the exit code that says so.

use crate::output::note;
use std::io;
use std::process::ExitCode;

pub(crate) const USAGE: u8 = 2;
pub(crate) const NOT_FOUND: u8 = 3;
pub(crate) const MISSED_ROTATION: u8 = 4;
pub(crate) const INVALID_CURSOR: u8 = 5;
pub(crate) const CORRUPTION: u8 = 6;

/// A verb that could not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    /// `None`: everything has been said, or nothing needs to be.
    message: Option<String>,
}

impl Failure {
    pub(crate) fn new(code: u8, message: impl Into<String>) -> Failure {
        Failure {
            code,
            message: Some(message.into()),
        }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure::new(USAGE, message)
    }

    pub(crate) fn other(message: impl Into<String>) -> Failure {
        Failure::new(1, message)
    }

    /// Whether anything went wrong: a reader that has gone is none.
    pub(crate) fn went_wrong(&self) -> bool {
        self.code != 0
    }

    /// Says on stderr what is to be said.
    pub(crate) fn report(self) -> ExitCode {
        if let Some(message) = &self.message {
            note(message);
        }
        ExitCode::from(self.code)
    }
}

/// An error of standard output. A reader that has closed the pipe has what it
/// wanted.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure {
                code: 0,
                message: None,
            };
        }
        Failure::other(format!("could not write the output: {error}"))
    }
}

impl From<silt_log::Error> for Failure {
    fn from(error: silt_log::Error) -> Failure {
        use silt_log::Error;
        let code = match &error {
            Error::InvalidArgument { option, message } => {
                return Failure::usage(format!("{}: {message}", flag(option)));
            }
            Error::InvalidCursor { .. } => INVALID_CURSOR,
            Error::MissedRotation { .. } => MISSED_ROTATION,
            Error::Corruption { .. } => CORRUPTION,
            Error::NotFound { .. } => NOT_FOUND,
            _ => 1,
        };
        Failure::new(code, error.to_string())
    }
}

impl From<silt_sandbox::Error> for Failure {
    fn from(error: silt_sandbox::Error) -> Failure {
        use silt_sandbox::Error;
        let code = match error {
            Error::Log(error) => return error.into(),
            Error::InvalidArgument { option, message } => {
                return Failure::usage(format!("{}: {message}", flag(&option)));
            }
            Error::SandboxNotFound { .. } => NOT_FOUND,
            Error::LimitUnavailable { .. } => {
                let message = error.to_string();
                return Failure::other(
                    message.replace("set `bestEffort: true`", "give `--best-effort`"),
                );
            }
            _ => 1,
        };
        Failure::new(code, error.to_string())
    }
}

/// An option as it is spelled here.
fn flag(option: &str) -> &str {
    match option {
        "logs.maxBytes" => "--log-max-bytes",
        "logs.segmentBytes" => "--log-segment-bytes",
        "limits.memoryBytes" => "--memory",
        "mounts" => "--mount",
        "fromCursor" => "--cursor",
        "sources" => "--source",
        "since" => "--since",
        "until" => "--until",
        "env" => "--env",
        "workdir" => "--workdir",
        "network" => "--network",
        "timeout" => "--timeout",
        "force" => "--force",
        "cwd" => "--cwd",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_the_engine_broke_ends_with_6() {
        let broken = silt_log::Error::Corruption {
            path: "/logs".into(),
            message: "7 of the log exec came where 6 was due".into(),
        };
        let failure = Failure::from(broken);
        assert_eq!(failure.code, CORRUPTION);
        assert!(
            failure
                .message
                .is_some_and(|said| said.contains("6 was due"))
        );
    }

    #[test]
    fn a_limit_that_can_not_be_held_is_told_with_the_flag_that_goes_on_without() {
        let failure = Failure::from(silt_sandbox::Error::LimitUnavailable {
            limit: "memoryBytes".into(),
            message: "no control group".into(),
            mend: "start it as root, or set `bestEffort: true` to go on without".into(),
        });
        let message = failure.message.unwrap();
        assert!(
            message.contains("give `--best-effort` to go on"),
            "{message}"
        );
    }
}
