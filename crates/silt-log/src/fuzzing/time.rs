use crate::time::{rfc3339, scan_time};
use crate::{format_time, parse_duration, parse_time};

/// Times and durations: the fast path and the general one agree, and what is
/// read is written, and read, as the same.
pub fn time(bytes: &[u8]) {
    if let Some(ns) = bytes.first_chunk() {
        round(i64::from_le_bytes(*ns));
    }
    let general = rfc3339(bytes).ok();
    if let Some(ns) = general {
        round(ns);
    }
    match scan_time(bytes) {
        Some(ns) => assert_eq!(general, Some(ns)),
        None => {
            let shape = bytes.len() == 30 && bytes[10] == b'T' && bytes.ends_with(b"Z");
            let leap_second = bytes.get(17..19) == Some(b"60");
            assert!(!shape || leap_second || general.is_none());
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let time = parse_time(text, 0).ok();
    match parse_duration(text) {
        Ok(back) => {
            let back = i128::try_from(back.as_nanos()).ok();
            let expected = back.and_then(|back| i64::try_from(-back).ok());
            assert_eq!(time, expected);
        }
        Err(_) => assert_eq!(time, general),
    }
}

fn round(ns: i64) {
    let text = format_time(ns);
    assert_eq!(scan_time(text.as_bytes()), Some(ns));
    assert_eq!(rfc3339(text.as_bytes()), Ok(ns));
}
