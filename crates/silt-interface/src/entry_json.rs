//! An entry and a gap as JSON, the same on the command line, over HTTP and in
//! every language.

use serde_json::{Value, json};
use silt_log::{Gap, Level, Log, Part, Source};
use std::io::Write;

/// What is known of an entry, whoever holds its bytes.
#[derive(Clone, Copy, Debug)]
pub struct EntryFields<'a> {
    /// Capture time, in nanoseconds since 1970.
    pub time_ns: i64,
    pub log: Log,
    pub source: Source,
    /// The exec session; 0 for `system`.
    pub session: u64,
    pub sequence: u64,
    pub level: Level,
    pub part: Part,
    pub data: &'a [u8],
}

/// Appends the entry as one JSON object, without a line end.
pub fn write_entry(entry: &EntryFields<'_>, cursor: Option<&str>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"timestamp\":\"");
    silt_log::write_time(entry.time_ns, out);
    out.extend_from_slice(b"\",\"log\":\"");
    out.extend_from_slice(entry.log.name().as_bytes());
    out.extend_from_slice(b"\",\"source\":\"");
    out.extend_from_slice(entry.source.name().as_bytes());
    out.extend_from_slice(b"\",\"sessionId\":");
    match entry.session {
        0 => out.extend_from_slice(b"null"),
        id => write_number(id, out),
    }
    out.extend_from_slice(b",\"sequence\":");
    write_number(entry.sequence, out);
    out.extend_from_slice(b",\"level\":\"");
    out.extend_from_slice(entry.level.name().as_bytes());
    out.extend_from_slice(b"\",\"data\":");
    match std::str::from_utf8(entry.data) {
        Ok(text) => write_text(text, out),
        Err(_) => {
            out.push(b'"');
            write_base64(entry.data, out);
            out.extend_from_slice(b"\",\"encoding\":\"base64\"");
        }
    }
    if let Some(part) = entry.part.name() {
        out.extend_from_slice(b",\"part\":\"");
        out.extend_from_slice(part.as_bytes());
        out.push(b'"');
    }
    if let Some(cursor) = cursor {
        out.extend_from_slice(b",\"cursor\":");
        write_text(cursor, out);
    }
    out.push(b'}');
}

/// Appends the gap as one JSON object, without a line end. A reader that
/// resumes from `resume_cursor` goes on after the gap.
pub fn write_gap(gap: &Gap, resume_cursor: &str, out: &mut Vec<u8>) {
    let lost = gap.lost.map_or("null".to_owned(), |lost| lost.to_string());
    let _ = write!(
        out,
        "{{\"type\":\"gap\",\"log\":\"{}\",\"from\":{},\"to\":{},\"lost\":{lost},\"reason\":\"{}\",\"resumeCursor\":\"{resume_cursor}\"}}",
        gap.log.name(),
        gap.from,
        gap.to,
        gap.reason.name(),
    );
}

/// The gap as a field of an error, without type and cursor.
pub(crate) fn gap_value(gap: &Gap) -> Value {
    json!({
        "log": gap.log.name(),
        "from": gap.from,
        "to": gap.to,
        "lost": gap.lost,
        "reason": gap.reason.name(),
    })
}

fn write_number(mut value: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    silt_log::escape_json(text, out);
    out.push(b'"');
}

fn write_base64(data: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + data.len().div_ceil(3) * 4, 0);
    let _ = base64::Engine::encode_slice(
        &base64::engine::general_purpose::STANDARD,
        data,
        &mut out[start..],
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(data: &[u8]) -> EntryFields<'_> {
        EntryFields {
            time_ns: 1_777_629_600_123_456_789,
            log: Log::Exec,
            source: Source::Stdout,
            session: 3,
            sequence: 1041,
            level: Level::Info,
            part: Part::Whole,
            data,
        }
    }

    fn json_of(entry: &EntryFields<'_>, cursor: Option<&str>) -> String {
        let mut out = Vec::new();
        write_entry(entry, cursor, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_entry_has_the_fields_of_the_contract_in_their_order() {
        assert_eq!(
            json_of(&entry(b"compiled\n"), None),
            r#"{"timestamp":"2026-05-01T10:00:00.123456789Z","log":"exec","source":"stdout","sessionId":3,"sequence":1041,"level":"INFO","data":"compiled\n"}"#
        );
    }

    #[test]
    fn bytes_that_are_not_text_are_base64_and_said_to_be() {
        let json = json_of(&entry(b"\xff\xfe\n"), Some("abc"));
        assert!(
            json.ends_with(r#""data":"//4K","encoding":"base64","cursor":"abc"}"#),
            "{json}"
        );
    }

    #[test]
    fn system_has_no_session_and_a_part_is_named() {
        let mut system = entry(b"x");
        system.session = 0;
        system.source = Source::System;
        system.part = Part::First;
        let json = json_of(&system, None);
        assert!(json.contains(r#""sessionId":null"#), "{json}");
        assert!(json.ends_with(r#""part":"first"}"#), "{json}");
    }
}
