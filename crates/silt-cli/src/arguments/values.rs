//! Sizes, times, names of things.

use crate::failure::Failure;
use silt_log::{Level, Source, SourceSet};
use silt_sandbox::{Network, Runtime};
use std::ffi::OsString;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Bytes, or a number with `k`, `m` or `g`, of 1,024.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let shape =
        || "give a number of bytes, or one with k, m or g (of 1024), such as 512m".to_owned();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return Err(shape()),
    };
    let number: u64 = number.parse().map_err(|_| shape())?;
    number.checked_mul(factor).ok_or_else(shape)
}

/// How many.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| "give a whole number, 0 or more".to_owned())
}

/// The number of an exec session.
pub(crate) fn session_id(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(0) | Err(_) => {
            Err("sessions are numbered 1, 2, …; `silt inspect` lists them".to_owned())
        }
        Ok(id) => Ok(id),
    }
}

/// A number with its unit.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    match silt_log::parse_duration(text) {
        Ok(duration) if duration.is_zero() => Err("it has to be more than nothing".to_owned()),
        Ok(duration) => Ok(duration),
        Err(error) => Err(message(error)),
    }
}

/// RFC 3339, or a duration back from now; in nanoseconds since 1970.
pub(crate) fn time(text: &str) -> Result<i64, String> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as i64);
    silt_log::parse_time(text, now).map_err(message)
}

/// The option is named by whoever asked.
fn message(error: silt_log::Error) -> String {
    match error {
        silt_log::Error::InvalidArgument { message, .. } => message,
        other => other.to_string(),
    }
}

pub(crate) fn level(text: &str) -> Result<Level, String> {
    let long = match text.to_ascii_lowercase().as_str() {
        "warn" => "warning",
        _ => text,
    };
    Level::parse(long).ok_or_else(|| {
        format!(
            "the levels are {}",
            Level::ALL
                .map(|level| level.name().to_ascii_lowercase())
                .join(", ")
        )
    })
}

/// One source, or all of them.
pub(crate) fn source(text: &str) -> Result<SourceSet, String> {
    if text == "all" {
        return Ok(SourceSet::ALL);
    }
    Source::parse(text)
        .map(|source| SourceSet::of([source]))
        .ok_or_else(|| {
            format!(
                "the sources are {} and all",
                Source::ALL.map(Source::name).join(", ")
            )
        })
}

pub(crate) fn runtime(text: &str) -> Result<Runtime, String> {
    match text {
        "namespace" => Ok(Runtime::Namespace),
        "process" => Ok(Runtime::Process),
        "docker" => Err("this release has no runtime \"docker\" yet; use namespace, or process, which isolates nothing".to_owned()),
        _ => Err("the runtimes are namespace (the default) and process, which isolates nothing".to_owned()),
    }
}

pub(crate) fn network(text: &str) -> Result<Network, String> {
    match text {
        "none" => Ok(Network::None),
        "host" => Ok(Network::Host),
        "outbound" => Err("this release has no network \"outbound\" yet; use none, or host, which shares the host's network".to_owned()),
        _ => Err("the networks are none (the default) and host".to_owned()),
    }
}

/// A command's words, which travel as text.
pub(crate) fn texts(words: Vec<OsString>) -> Result<Vec<String>, Failure> {
    words
        .into_iter()
        .map(|word| {
            word.into_string().map_err(|word| {
                let word = word.to_string_lossy();
                Failure::usage(format!(
                    "{word:?} is not UTF-8; the words of a command have to be"
                ))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_of_1024() {
        for (text, bytes) in [
            ("0", 0),
            ("10", 10),
            ("2k", 2048),
            ("3M", 3 << 20),
            ("1g", 1 << 30),
        ] {
            assert_eq!(size(text), Ok(bytes));
        }
        for text in [
            "",
            "k",
            "1.5m",
            "-1",
            "1mb",
            "1 m",
            "99999999999999999999",
            "99999999999g",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        for text in ["90", "", "s", "0s", "1.5s", "-1s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_need_a_zone_or_a_unit() {
        assert_eq!(time("1970-01-01T00:00:01Z"), Ok(1_000_000_000));
        assert!(time("5m").is_ok());
        for text in ["1700000000", "2026-05-01T10:00:00", "yesterday", ""] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
