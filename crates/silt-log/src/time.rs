//! Times: nanoseconds since 1970 in UTC, as text in the shape of
//! `2026-05-01T10:00:00.123456789Z`.

mod calendar;
mod parse;
mod scan;

pub(crate) use parse::rfc3339;
pub use parse::{parse_duration, parse_time};
pub(crate) use scan::scan_time;

use calendar::civil_from_days;

const DAY: i64 = 86_400;
const NANOS: i64 = 1_000_000_000;

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_written_with_nine_digits_and_z() {
        assert_eq!(
            format_time(1_777_629_600_123_456_789),
            "2026-05-01T10:00:00.123456789Z"
        );
        assert_eq!(format_time(0), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(format_time(-1), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(format_time(i64::MIN), "1677-09-21T00:12:43.145224192Z");
        assert_eq!(format_time(i64::MAX), "2262-04-11T23:47:16.854775807Z");
        assert_eq!(scan_time(format_time(i64::MIN).as_bytes()), Some(i64::MIN));
        assert_eq!(scan_time(format_time(i64::MAX).as_bytes()), Some(i64::MAX));
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
    }
}
