//! `--env`. Its values are never shown, in errors neither.

use crate::failure::Failure;
use silt_sandbox::Environment;
use std::ffi::OsString;

/// `K=V`, or `K` alone for the value that the caller has; a variable that the
/// caller does not have is left out.
pub(crate) fn environment(given: &[OsString]) -> Result<Environment, Failure> {
    let mut environment = Environment::default();
    for (index, variable) in given.iter().enumerate() {
        let place = index + 1;
        let Some(text) = variable.to_str() else {
            return Err(Failure::usage(format!(
                "--env: number {place} is not UTF-8; names and values have to be"
            )));
        };
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => match std::env::var_os(text).map(OsString::into_string) {
                Some(Ok(value)) => (text, Some(value)),
                Some(Err(_)) => {
                    return Err(Failure::usage(format!(
                        "--env: the value of {text} is not UTF-8; give another as {text}=…"
                    )));
                }
                None => (text, None),
            },
        };
        if name.is_empty() {
            return Err(Failure::usage(format!(
                "--env: number {place} has no name; give NAME=VALUE, or NAME for the value it has here"
            )));
        }
        if let Some(value) = value {
            environment.0.insert(name.to_owned(), value);
        }
    }
    Ok(environment)
}
