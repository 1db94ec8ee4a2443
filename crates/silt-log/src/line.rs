//! One entry as a line of JSON: written in one fixed order of keys, and read
//! back by a scanner that knows that order. Lines written otherwise take the
//! general path through a JSON parser.

use crate::json::{escape_into, unescape_into};
use crate::time::{rfc3339, scan_time, write_time};
use crate::{Level, Part, Source};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::borrow::Cow;

/// Numbers from here on are refused: they are not exact in JavaScript.
pub(crate) const SEQUENCE_LIMIT: u64 = 1 << 53;

/// An entry as it stands in a line, its data not yet decoded.
#[derive(Clone, Debug)]
pub(crate) struct RawEntry<'a> {
    pub(crate) time_ns: i64,
    pub(crate) source: Source,
    /// 0 where there is none.
    pub(crate) session: u64,
    pub(crate) sequence: u64,
    pub(crate) part: Part,
    /// Only on the parts of a line after the first.
    pub(crate) level: Option<Level>,
    pub(crate) utf8: bool,
    pub(crate) data: RawData<'a>,
}

/// The data of an entry as it stands in its line.
#[derive(Clone, Debug)]
pub(crate) enum RawData<'a> {
    /// The inside of a JSON string.
    Escaped(&'a [u8]),
    /// Already decoded by the general path.
    Decoded(Cow<'a, [u8]>),
}

impl RawData<'_> {
    /// Appends the exact bytes; `false`, and nothing appended, when they can
    /// not be decoded.
    pub(crate) fn decode_into(&self, utf8: bool, out: &mut Vec<u8>) -> bool {
        match self {
            RawData::Escaped(raw) if utf8 => unescape_into(raw, out),
            RawData::Escaped(raw) => {
                let start = out.len();
                let decoded = BASE64.decode_vec(raw, out).is_ok();
                if !decoded {
                    out.truncate(start);
                }
                decoded
            }
            RawData::Decoded(bytes) => {
                out.extend_from_slice(bytes);
                true
            }
        }
    }
}

/// Appends what all entries of one read have in common:
/// `{"t":"…","s":"stdout","id":3,"n":`.
pub(crate) fn write_prefix(time_ns: i64, source: Source, session: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"t\":\"");
    write_time(time_ns, out);
    out.extend_from_slice(b"\",\"s\":\"");
    out.extend_from_slice(source.name().as_bytes());
    out.push(b'"');
    if session != 0 {
        out.extend_from_slice(b",\"id\":");
        write_number(session, out);
    }
    out.extend_from_slice(b",\"n\":");
}

/// Appends the rest of an entry after [`write_prefix`], line end included.
pub(crate) fn write_rest(
    sequence: u64,
    part: Part,
    level: Option<Level>,
    data: &[u8],
    out: &mut Vec<u8>,
) {
    write_number(sequence, out);
    if let Some(name) = part.name() {
        out.extend_from_slice(b",\"p\":\"");
        out.extend_from_slice(name.as_bytes());
        out.push(b'"');
    }
    if let Some(level) = level {
        out.extend_from_slice(b",\"l\":\"");
        out.extend_from_slice(level.name().as_bytes());
        out.push(b'"');
    }
    if std::str::from_utf8(data).is_ok() {
        out.extend_from_slice(b",\"d\":\"");
        escape_into(data, out);
    } else {
        out.extend_from_slice(b",\"e\":\"b64\",\"d\":\"");
        let start = out.len();
        out.resize(
            start + base64::encoded_len(data.len(), true).unwrap_or(0),
            0,
        );
        BASE64
            .encode_slice(data, &mut out[start..])
            .expect("the buffer has the encoded length");
    }
    out.extend_from_slice(b"\"}\n");
}

fn write_number(mut number: u64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Reads an entry from a line without its line end. `None` when it is no entry:
/// a control line, or damage. Where the data can not be decoded, the general
/// path may still read the line otherwise.
///
/// It and what it calls for each entry are inlined whatever the compiler thinks:
/// the entry then stays in registers. As a call it was written to memory and read
/// back, which took a tenth of the time of reading a log.
#[inline(always)]
pub(crate) fn parse(line: &[u8]) -> Option<RawEntry<'_>> {
    match scan(line) {
        Some(entry) => Some(entry),
        None => parse_general(line),
    }
}

/// Reads an entry and appends its data; `None`, and nothing appended, when it is
/// no entry or its data can not be decoded.
pub(crate) fn parse_with_data<'a>(line: &'a [u8], out: &mut Vec<u8>) -> Option<RawEntry<'a>> {
    if let Some(entry) = scan(line)
        && entry.data.decode_into(entry.utf8, out)
    {
        return Some(entry);
    }
    let entry = parse_general(line)?;
    entry.data.decode_into(entry.utf8, out).then_some(entry)
}

/// The fast path: exactly the shape that the writer gives.
#[inline(always)]
fn scan(line: &[u8]) -> Option<RawEntry<'_>> {
    let rest = line.strip_prefix(b"{\"t\":\"")?;
    let (time, rest) = rest.split_at_checked(30)?;
    let time_ns = scan_time(time)?;
    let rest = rest.strip_prefix(b"\",\"s\":\"")?;
    let (source, rest) = scan_source(rest)?;
    let (session, rest) = match rest.strip_prefix(b",\"id\":") {
        Some(rest) => scan_number(rest)?,
        None => (0, rest),
    };
    let (sequence, mut rest) = scan_number(rest.strip_prefix(b",\"n\":")?)?;
    if sequence == 0 {
        return None;
    }
    let mut part = Part::Whole;
    let mut level = None;
    let mut utf8 = true;
    if let Some(after) = rest.strip_prefix(b",\"p\":\"") {
        let (name, after) = scan_name(after)?;
        part = part_named(name)?;
        rest = after;
    }
    if let Some(after) = rest.strip_prefix(b",\"l\":\"") {
        let (name, after) = scan_name(after)?;
        level = Some(Level::parse(std::str::from_utf8(name).ok()?)?);
        rest = after;
    }
    if let Some(after) = rest.strip_prefix(b",\"e\":\"b64\"") {
        utf8 = false;
        rest = after;
    }
    let data = rest.strip_prefix(b",\"d\":\"")?.strip_suffix(b"\"}")?;
    Some(RawEntry {
        time_ns,
        source,
        session,
        sequence,
        part,
        level,
        utf8,
        data: RawData::Escaped(data),
    })
}

#[inline(always)]
fn scan_source(text: &[u8]) -> Option<(Source, &[u8])> {
    let (source, name): (Source, &[u8]) = match (text.first()?, text.get(3)?) {
        (b's', b'o') => (Source::Stdout, b"stdout\""),
        (b's', b'e') => (Source::Stderr, b"stderr\""),
        (b's', b't') => (Source::System, b"system\""),
        _ => (Source::Output, b"output\""),
    };
    Some((source, text.strip_prefix(name)?))
}

#[inline(always)]
fn scan_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    let mut digits = 0;
    while let Some(digit) = text.get(digits).map(|b| b.wrapping_sub(b'0')) {
        if digit > 9 {
            break;
        }
        number = number * 10 + u64::from(digit);
        digits += 1;
        if digits > 16 {
            return None;
        }
    }
    // JSON has no leading zeros.
    if digits > 1 && text[0] == b'0' {
        return None;
    }
    (digits > 0 && number < SEQUENCE_LIMIT).then(|| (number, &text[digits..]))
}

fn scan_name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b'"', text.get(..16.min(text.len()))?)?;
    Some((&text[..end], &text[end + 1..]))
}

fn part_named(name: &[u8]) -> Option<Part> {
    match name {
        b"first" => Some(Part::First),
        b"middle" => Some(Part::Middle),
        b"last" => Some(Part::Last),
        _ => None,
    }
}

/// The general path: any order of keys, any white space, unknown keys.
#[cold]
pub(crate) fn parse_general(line: &[u8]) -> Option<RawEntry<'_>> {
    #[derive(serde::Deserialize)]
    struct Line<'a> {
        #[serde(borrow)]
        t: Cow<'a, str>,
        s: Cow<'a, str>,
        #[serde(default)]
        id: u64,
        n: u64,
        #[serde(default)]
        p: Option<Cow<'a, str>>,
        #[serde(default)]
        l: Option<Cow<'a, str>>,
        #[serde(default)]
        e: Option<Cow<'a, str>>,
        d: Cow<'a, str>,
    }
    // A list of the values, without their keys, would be taken as well.
    if !line.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    let utf8 = match line.e.as_deref() {
        None => true,
        Some("b64") => false,
        Some(_) => return None,
    };
    let data = if utf8 {
        match line.d {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    } else {
        Cow::Owned(BASE64.decode(line.d.as_bytes()).ok()?)
    };
    Some(RawEntry {
        time_ns: rfc3339(line.t.as_bytes()).ok()?,
        source: Source::parse(&line.s)?,
        session: Some(line.id).filter(|id| *id < SEQUENCE_LIMIT)?,
        sequence: Some(line.n).filter(|n| (1..SEQUENCE_LIMIT).contains(n))?,
        part: match &line.p {
            None => Part::Whole,
            Some(name) => part_named(name.as_bytes())?,
        },
        level: match &line.l {
            None => None,
            Some(name) => Some(Level::parse(name)?),
        },
        utf8,
        data: RawData::Decoded(data),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(part: Part, level: Option<Level>, session: u64, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write_prefix(1_777_629_600_123_456_789, Source::Stderr, session, &mut out);
        write_rest(1041, part, level, data, &mut out);
        out
    }

    #[test]
    fn a_line_has_the_documented_shape() {
        assert_eq!(
            String::from_utf8(line(Part::Whole, None, 3, b"compiled in 1.2s\n")).unwrap(),
            "{\"t\":\"2026-05-01T10:00:00.123456789Z\",\"s\":\"stderr\",\"id\":3,\"n\":1041,\"d\":\"compiled in 1.2s\\n\"}\n"
        );
    }

    #[test]
    fn both_paths_read_the_same_entry() {
        for (part, level, session, data) in [
            (Part::Whole, None, 3, b"plain\n".as_slice()),
            (Part::First, None, 1, b"tab\t quote\" \x1b[0m".as_slice()),
            (Part::Last, Some(Level::Error), 0, b"\xff\xfe\n".as_slice()),
            (Part::Whole, None, 9, b"".as_slice()),
        ] {
            let text = line(part, level, session, data);
            let text = text.strip_suffix(b"\n").unwrap();
            for entry in [scan(text).unwrap(), parse_general(text).unwrap()] {
                let mut out = b"before".to_vec();
                assert!(entry.data.decode_into(entry.utf8, &mut out));
                assert_eq!(out.strip_prefix(b"before".as_slice()), Some(data));
                assert_eq!(
                    (entry.time_ns, entry.source, entry.session, entry.sequence),
                    (1_777_629_600_123_456_789, Source::Stderr, session, 1041)
                );
                assert_eq!((entry.part, entry.level), (part, level));
            }
        }
    }

    #[test]
    fn a_number_with_leading_zeros_is_refused_by_both_paths() {
        for numbers in ["\"n\":01", "\"id\":007,\"n\":1", "\"n\":00"] {
            let text = format!(
                "{{\"t\":\"2026-05-01T10:00:00.000000000Z\",\"s\":\"stdout\",{numbers},\"d\":\"\"}}"
            );
            assert!(parse(text.as_bytes()).is_none(), "{text}");
            assert!(parse_general(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn a_list_is_no_entry() {
        let list = br#"["2026-05-01T10:00:00Z","stdout",0,5,null,null,null,"x"]"#;
        assert!(parse(list).is_none());
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        for bad in [
            "",
            "{}",
            "{\"s\":\"sum\",\"c\":\"00\"}",
            "{\"t\":\"2026-05-01T10:00:00Z\",\"s\":\"stdout\",\"n\":0,\"d\":\"\"}",
            "{\"t\":\"2026-05-01T10:00:00Z\",\"s\":\"stdout\",\"n\":9007199254740992,\"d\":\"\"}",
            "{\"t\":\"2026-05-01T10:00:00Z\",\"s\":\"elsewhere\",\"n\":1,\"d\":\"\"}",
        ] {
            assert!(parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
