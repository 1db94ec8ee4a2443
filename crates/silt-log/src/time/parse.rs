//! Times and durations as people give them.

use super::calendar::checked;
use crate::Error;
use std::time::Duration;

/// The time that `text` names, in nanoseconds since 1970.
///
/// Accepted are RFC 3339 with a zone (`2026-05-01T10:00:00Z`,
/// `2026-05-01 12:00:00.5+02:00`; digits after the ninth are dropped) and a
/// duration back from `now_ns`, as [`parse_duration`] takes it.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for anything else, a bare number and a time
/// without a zone among it, and for times outside 1677 to 2262.
pub fn parse_time(text: &str, now_ns: i64) -> Result<i64, Error> {
    if let Some(back) = duration(text) {
        return i128::try_from(back.as_nanos())
            .ok()
            .and_then(|back| i64::try_from(i128::from(now_ns) - back).ok())
            .ok_or_else(|| {
                refused_time(text, "lies before 1677, the earliest time Silt can hold")
            });
    }
    match rfc3339(text.as_bytes()) {
        Ok(time) => Ok(time),
        Err(reason) => Err(refused_time(text, reason)),
    }
}

/// The duration that `text` names: a whole number and a unit, `ms`, `s`, `m`,
/// `h` or `d`.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for anything else, a bare number among it.
pub fn parse_duration(text: &str) -> Result<Duration, Error> {
    duration(text).ok_or_else(|| Error::InvalidArgument {
        option: "duration",
        message: format!(
            "{text:?} is not a duration: give a whole number and a unit (ms, s, m, h or d), such as \"90s\" or \"5m\""
        ),
    })
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    // An empty number fails to parse, and so does one beyond 64 bits.
    let number: u64 = number.parse().ok()?;
    let seconds = match unit {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

const NOT_A_TIME: &str = "is not a time";
const OUT_OF_RANGE: &str = "has a field that is out of range, or lies outside 1677 to 2262";

/// RFC 3339, with `T`, `t` or a space between date and time. A leap second is
/// the second before it.
pub(crate) fn rfc3339(text: &[u8]) -> Result<i64, &'static str> {
    if !text.is_empty() && text.iter().all(u8::is_ascii_digit) {
        return Err("is a bare number, whose unit can not be known");
    }
    let (date_time, rest) = text.split_at_checked(19).ok_or(NOT_A_TIME)?;
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        _ => byte == shape,
    };
    if !date_time.iter().zip(b"0000-00-00T00:00:00").all(fits) {
        return Err(NOT_A_TIME);
    }
    let (nanos, rest) = fraction(rest)?;
    let offset = zone(rest)?;
    let two = |at: usize| (date_time[at] - b'0') * 10 + (date_time[at + 1] - b'0');
    let year = u32::from(two(0)) * 100 + u32::from(two(2));
    let second = if two(17) == 60 { 59 } else { two(17) };
    checked(
        year,
        two(5),
        two(8),
        two(11),
        two(14),
        second,
        nanos,
        offset,
    )
    .ok_or(OUT_OF_RANGE)
}

/// The fraction at the start of `text` in nanoseconds, and what follows it.
fn fraction(text: &[u8]) -> Result<(u32, &[u8]), &'static str> {
    let Some(digits) = text.strip_prefix(b".") else {
        return Ok((0, text));
    };
    let count = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if count == 0 {
        return Err(NOT_A_TIME);
    }
    let (digits, rest) = digits.split_at(count);
    let nanos = (0..9).fold(0, |nanos, at| {
        nanos * 10 + digits.get(at).map_or(0, |digit| u32::from(digit - b'0'))
    });
    Ok((nanos, rest))
}

/// The zone in seconds east of UTC.
fn zone(text: &[u8]) -> Result<i64, &'static str> {
    match *text {
        [] => Err("has no zone"),
        [b'Z' | b'z'] => Ok(0),
        [sign @ (b'+' | b'-'), h, i, b':', m, n] if [h, i, m, n].iter().all(u8::is_ascii_digit) => {
            let two = |high: u8, low: u8| i64::from(high - b'0') * 10 + i64::from(low - b'0');
            let (hours, minutes) = (two(h, i), two(m, n));
            if hours > 23 || minutes > 59 {
                return Err(OUT_OF_RANGE);
            }
            let east = hours * 3600 + minutes * 60;
            Ok(if sign == b'-' { -east } else { east })
        }
        _ => Err(NOT_A_TIME),
    }
}

fn refused_time(text: &str, reason: &str) -> Error {
    Error::InvalidArgument {
        option: "time",
        message: format!(
            "{text:?} {reason}: give RFC 3339 with a zone, such as \"2026-05-01T10:00:00Z\", or a duration back from now with its unit (ms, s, m, h or d), such as \"5m\""
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{DAY, NANOS};
    use proptest::prelude::*;

    const NOW: i64 = 1_777_629_600_123_456_789; // 2026-05-01T10:00:00.123456789Z

    fn message(result: Result<i64, Error>) -> String {
        match result {
            Err(Error::InvalidArgument {
                option: "time",
                message,
            }) => message,
            other => panic!("refused as an argument expected, got {other:?}"),
        }
    }

    #[test]
    fn rfc_3339_with_a_zone_is_read() {
        for (text, expected) in [
            ("2026-05-01T10:00:00.123456789Z", NOW),
            ("2026-05-01t12:00:00.123456789123+02:00", NOW),
            ("2026-05-01 04:30:00.123456789-05:30", NOW),
            ("2026-05-01T10:00:00z", NOW - 123_456_789),
            (
                "2026-05-01T10:00:00.5-00:00",
                NOW - 123_456_789 + 500_000_000,
            ),
            ("1969-12-31T23:59:59.999999999Z", -1),
            ("2016-12-31T23:59:60Z", 1_483_228_799 * NANOS),
        ] {
            assert_eq!(parse_time(text, 0).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn durations_go_back_from_now() {
        for (text, back) in [
            ("250ms", 250_000_000),
            ("90s", 90 * NANOS),
            ("5m", 300 * NANOS),
            ("2h", 7200 * NANOS),
            ("1d", DAY * NANOS),
            ("0s", 0),
        ] {
            assert_eq!(parse_time(text, NOW).unwrap(), NOW - back, "{text}");
            assert_eq!(parse_duration(text).unwrap().as_nanos(), back as u128);
        }
        assert!(message(parse_time("200000d", NOW)).contains("1677"));
        assert!(message(parse_time("18446744073709551615ms", NOW)).contains("1677"));
    }

    #[test]
    fn what_is_refused_is_told_what_is_accepted() {
        for text in [
            "",
            " ",
            "5",
            "1777629600",
            "-5m",
            "+5m",
            "5 m",
            "m",
            "5M",
            "5w",
            "1.5h",
            "1h30m",
            "99999999999999999999s",
            "now",
            "yesterday",
            "2026-05-01",
            "2026-05-01T10:00Z",
            "2026-05-01T10:00:00",
            "2026-05-01T10:00:00.5",
            "2026-05-01T10:00:00.Z",
            "2026-05-01T10:00:00,5Z",
            "2026-05-01T10:00:00+0200",
            "2026-05-01T10:00:00+02",
            "2026-05-01T10:00:00+24:00",
            "2026-05-01T10:00:00 Z",
            "2026-05-01T10:00:00Z ",
            "2026-05-01T10:00:00Z[UTC]",
            "2026-02-30T10:00:00Z",
            "2026-05-01T25:00:00Z",
            "0000-01-01T00:00:00Z",
            "1600-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "２026-05-01T10:00:00Z",
            "2026-05-01T10:00:0é",
        ] {
            let message = message(parse_time(text, NOW));
            assert!(message.contains("RFC 3339"), "{message}");
            assert!(message.contains("(ms, s, m, h or d)"), "{message}");
        }
        assert!(message(parse_time("1777629600", NOW)).contains("bare number"));
        assert!(message(parse_time("2026-05-01T10:00:00", NOW)).contains("no zone"));
        for text in ["", "5", "5x", "s", "1.5s", "-1s"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), shaped in "[0-9TtZ:.+ -]{18,34}") {
            let _ = parse_time(&text, 0);
            let _ = parse_time(&shaped, 0);
        }
    }
}
