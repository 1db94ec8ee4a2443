//! How the files of a log folder are named.

use crate::Log;
use crate::line::SEQUENCE_LIMIT;

pub(crate) const LOCK: &str = ".lock";

/// The form in which a segment is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    Plain,
    Zstd,
}

/// `exec.log.000019`, at least six digits.
pub(crate) fn plain(log: Log, number: u64) -> String {
    format!("{}.log.{number:06}", log.name())
}

/// `exec.log.000017.zst`.
pub(crate) fn compressed(log: Log, number: u64) -> String {
    format!("{}.zst", plain(log, number))
}

/// The name under which a segment is prepared before readers may see it.
pub(crate) fn temporary(log: Log) -> String {
    format!(".{}.log.next", log.name())
}

/// The link to the newest segment, for people.
pub(crate) fn link(log: Log) -> String {
    format!("{}.log", log.name())
}

/// The log, number and form that a file name says, if it is a segment's.
pub(crate) fn parse(name: &str) -> Option<(Log, u64, Form)> {
    let (log, rest) = name.split_once(".log.")?;
    let log = Log::parse(log)?;
    let (digits, form) = match rest.strip_suffix(".zst") {
        Some(digits) => (digits, Form::Zstd),
        None => (rest, Form::Plain),
    };
    if digits.len() < 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // No writer gets this far, and a cursor has no room for more.
    let number = digits
        .parse()
        .ok()
        .filter(|number| (1..SEQUENCE_LIMIT).contains(number))?;
    // With more zeros it is not the name under which that segment is opened.
    (digits.len() == 6 || !digits.starts_with('0')).then_some((log, number, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        assert_eq!(
            parse(&plain(Log::Exec, 19)),
            Some((Log::Exec, 19, Form::Plain))
        );
        assert_eq!(
            parse(&compressed(Log::Kernel, 12_345_678)),
            Some((Log::Kernel, 12_345_678, Form::Zstd))
        );
        for other in [
            "exec.log",
            "exec.log.1",
            "exec.log.00001x",
            ".exec.log.next",
            "other.log.000001",
            "exec.log.000000",
            "exec.log.0000009",
            "exec.log.0000009.zst",
            "exec.log.9007199254740992",
            "exec.log.18446744073709551615",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
