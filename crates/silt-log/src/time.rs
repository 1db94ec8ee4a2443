//! Times: nanoseconds since 1970 in UTC, as text in the shape of
//! `2026-05-01T10:00:00.123456789Z`.

use crate::Error;
use std::time::Duration;

const DAY: i64 = 86_400;
const NANOS: i64 = 1_000_000_000;

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

/// `ns` as text; see [`write_time`].
pub fn format_time(ns: i64) -> String {
    let mut out = Vec::with_capacity(30);
    write_time(ns, &mut out);
    out.into_iter().map(char::from).collect()
}

/// Appends `ns`, in nanoseconds since 1970, as RFC 3339 in UTC: always 30
/// bytes, with nine fractional digits and `Z`.
pub fn write_time(ns: i64, out: &mut Vec<u8>) {
    let seconds = ns.div_euclid(NANOS);
    let nanos = ns.rem_euclid(NANOS) as u32;
    let (year, month, day) = civil_from_days(seconds.div_euclid(DAY));
    let second = seconds.rem_euclid(DAY) as u32;

    let mut text = *b"0000-00-00T00:00:00.000000000Z";
    let mut pair = |at: usize, value: u32| {
        text[at..at + 2].copy_from_slice(&PAIRS[value as usize]);
    };
    pair(0, year / 100);
    pair(2, year % 100);
    pair(5, month);
    pair(8, day);
    pair(11, second / 3600);
    pair(14, second / 60 % 60);
    pair(17, second % 60);
    pair(20, nanos / 10_000_000);
    pair(22, nanos / 100_000 % 100);
    pair(24, nanos / 1_000 % 100);
    pair(26, nanos / 10 % 100);
    text[28] = b'0' + (nanos % 10) as u8;
    out.extend_from_slice(&text);
}

/// "00" to "99".
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut value = 0;
    while value < 100 {
        pairs[value] = [b'0' + value as u8 / 10, b'0' + value as u8 % 10];
        value += 1;
    }
    pairs
};

/// The time in `text`, if it has exactly the shape that [`write_time`] gives
/// and every field is in range. The reader's hot path: eight bytes at a time.
#[inline]
pub(crate) fn scan_time(text: &[u8]) -> Option<i64> {
    let text: &[u8; 30] = text.try_into().ok()?;
    let date = fields(text, 0, b"0000-00-")?;
    let hours = fields(text, 8, b"00T00:00")?;
    let seconds = fields(text, 16, b":00.0000")?;
    let nanos = fields(text, 22, b"0000000Z")?;

    let (date, hours, seconds_of) = (pairs(date), pairs(hours), pairs(seconds));
    let byte = |word: u64, index: u32| (word >> (8 * index)) as u8;
    let (year, month, day) = (
        u32::from(byte(date, 0)) * 100 + u32::from(byte(date, 2)),
        byte(date, 5),
        byte(hours, 0),
    );
    let (hour, minute, second) = (byte(hours, 3), byte(hours, 6), byte(seconds_of, 1));
    // `seconds` holds the first two of the nine digits above `nanos`, which
    // starts at the third.
    let fraction = u64::from(byte(seconds_of, 4)) * 10_000_000 + eight_digits(nanos << 8);
    checked(year, month, day, hour, minute, second, fraction as u32, 0)
}

/// The eight bytes at `at` as digit values, least significant byte first, with
/// 0 for each separator; none if a byte does not fit `shape`.
#[inline(always)]
fn fields(text: &[u8; 30], at: usize, shape: &[u8; 8]) -> Option<u64> {
    let word = u64::from_le_bytes(*text[at..].first_chunk::<8>()?);
    let value = word ^ u64::from_le_bytes(*shape);
    // Sets the high bit of each byte above its greatest allowed value: 9 for a
    // digit, 0 for a separator. A carry into the next byte can only start in a
    // byte of 0x80 or more, which is refused by itself.
    let room = u64::from_le_bytes(shape.map(|byte| if byte == b'0' { 0x76 } else { 0x7f }));
    let excess = (value.wrapping_add(room) | value) & 0x8080_8080_8080_8080;
    (excess == 0).then_some(value)
}

/// Each byte becomes the two-digit number that it starts.
#[inline(always)]
fn pairs(digits: u64) -> u64 {
    digits.wrapping_mul(10).wrapping_add(digits >> 8)
}

/// The number that eight digits make, the most significant in the lowest byte.
#[inline(always)]
fn eight_digits(digits: u64) -> u64 {
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours * 10_000 + (fours >> 32)) & 0xffff_ffff
}

/// Puts the fields together; none if one is out of range or the whole is
/// outside 64 bits of nanoseconds. `offset` is in seconds east of UTC.
#[inline]
#[allow(clippy::too_many_arguments, reason = "the fields of a time, in order")]
fn checked(
    year: u32,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanos: u32,
    offset: i64,
) -> Option<i64> {
    if hour > 23 || minute > 59 || second > 59 || day == 0 || day > days_in(year, month) {
        return None;
    }
    let days = days_from_civil(year, u32::from(month), u32::from(day));
    let clock = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    let seconds = days * DAY + clock - offset;
    i64::try_from(i128::from(seconds) * i128::from(NANOS) + i128::from(nanos)).ok()
}

/// 0 where there is no such month.
#[inline(always)]
fn days_in(year: u32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

/// Days since 1970 of a date of the Gregorian calendar. Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`, for years
/// from 0 on.
#[inline]
fn days_from_civil(year: u32, month: u32, day: u32) -> i64 {
    // One era is counted on top, so that January of year 0 stays positive.
    let year = year + 400 - u32::from(month <= 2);
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i64::from(era * 146_097 + day_of_era) - 719_468 - 146_097
}

/// The inverse of [`days_from_civil`], from the same source.
#[inline]
fn civil_from_days(days: i64) -> (u32, u32, u32) {
    // 64 bits of nanoseconds stay within 1677 to 2262: positive, and 32 bits.
    let days = (days + 719_468) as u32;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + u32::from(month <= 2);
    (year, month, day)
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
    fn times_are_written_with_nine_digits_and_z() {
        assert_eq!(format_time(NOW), "2026-05-01T10:00:00.123456789Z");
        assert_eq!(format_time(0), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(format_time(-1), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(format_time(i64::MIN), "1677-09-21T00:12:43.145224192Z");
        assert_eq!(format_time(i64::MAX), "2262-04-11T23:47:16.854775807Z");
        assert_eq!(scan_time(format_time(i64::MIN).as_bytes()), Some(i64::MIN));
        assert_eq!(scan_time(format_time(i64::MAX).as_bytes()), Some(i64::MAX));
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let (mut year, mut month, mut day) = (1678, 1, 1);
        for days in days_from_civil(1678, 1, 1)..days_from_civil(2262, 1, 1) {
            assert_eq!(civil_from_days(days), (year, month, day));
            assert_eq!(days_from_civil(year, month, day), days);
            day += 1;
            if day > u32::from(days_in(year, month as u8)) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!(days_from_civil(0, 1, 1), -719_528);
        assert_eq!(days_from_civil(9999, 12, 31), 2_932_896);
    }

    #[test]
    fn scan_takes_no_other_shape() {
        let good = *b"2024-02-29T23:59:59.123456789Z";
        assert!(scan_time(&good).is_some());
        for at in 0..good.len() {
            for byte in [0, b'/', b':', b'a', b' ', 0x80, 0xff, good[at] ^ 0x80] {
                let mut changed = good;
                changed[at] = byte;
                if byte != good[at] {
                    assert_eq!(scan_time(&changed), None, "{}", changed.escape_ascii());
                }
            }
        }
        for text in [
            "2023-02-29T00:00:00.000000000Z",
            "1900-02-29T00:00:00.000000000Z",
            "2026-00-01T00:00:00.000000000Z",
            "2026-13-01T00:00:00.000000000Z",
            "2026-04-31T00:00:00.000000000Z",
            "2026-04-00T00:00:00.000000000Z",
            "2026-04-01T24:00:00.000000000Z",
            "2026-04-01T00:60:00.000000000Z",
            "2026-04-01T00:00:60.000000000Z",
            "1677-09-21T00:12:43.145224191Z",
            "2262-04-11T23:47:16.854775808Z",
            "0000-01-01T00:00:00.000000000Z",
            "9999-12-31T23:59:59.999999999Z",
            "2026-05-01T10:00:00.123456789",
            "2026-05-01T10:00:00.123456789ZZ",
            "",
        ] {
            assert_eq!(scan_time(text.as_bytes()), None, "{text}");
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
        fn what_is_written_is_read(ns in any::<i64>()) {
            let text = format_time(ns);
            prop_assert_eq!(text.len(), 30);
            prop_assert_eq!(scan_time(text.as_bytes()), Some(ns));
            prop_assert_eq!(parse_time(&text, 0).unwrap(), ns);
            let other: jiff::Timestamp = text.parse().unwrap();
            prop_assert_eq!(other.as_nanosecond(), i128::from(ns));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), shaped in "[0-9TtZ:.+ -]{18,34}") {
            let _ = parse_time(&text, 0);
            let _ = parse_time(&shaped, 0);
            let _ = scan_time(shaped.as_bytes());
        }
    }
}
