//! The one shape that is written, read fast.

use super::calendar::checked;

/// The time in `text`, if it has exactly the shape that [`write_time`](super::write_time) gives
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
