//! Control lines: what a log says of itself. They carry no sequence number and
//! are never delivered as entries.

use crate::line::SEQUENCE_LIMIT;
use crate::mutation::mutation;
use crate::time::scan_time;
use crate::{Gap, GapReason, Log};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the on-disk format that this build writes.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// How every control line starts; entries start with `{"t":`.
pub(crate) const PREFIX: &[u8] = b"{\"s\":\"";

/// How a header starts.
const HEADER: &[u8] = b"{\"s\":\"seg\"";

/// How the checksum of a header begins, its last key.
const CHECKSUM: &[u8] = b",\"c\":\"";

/// Its length with its eight digits and the end of the line's object, in bytes.
const CHECKSUM_BYTES: usize = CHECKSUM.len() + 8 + 2;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "s", rename_all = "lowercase")]
pub(crate) enum Control {
    /// The first line of a segment.
    Seg(Header),
    /// The end of an exec session, after its last byte.
    Exit(ExitRecord),
    /// CRC-32C of the bytes since the last `sum` line's end.
    Sum(Sum),
    /// The writer stopped in order; all before it was synced.
    End(EndRecord),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Header {
    /// Format version.
    pub(crate) v: u32,
    pub(crate) log: String,
    /// 128 random bits in hexadecimal digits.
    pub(crate) log_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ancestors: Vec<Ancestor>,
    pub(crate) segment: u64,
    /// 32 random bits in hexadecimal digits, to tell branches of one log apart.
    pub(crate) tag: String,
    pub(crate) inode: u64,
    /// Birth time of the file in nanoseconds since 1970; 0 if unknown.
    pub(crate) born: i64,
    /// The lowest number that this segment accounts for.
    pub(crate) first: u64,
    /// The highest number that it may give.
    pub(crate) limit: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gap: Option<StatedGap>,
    pub(crate) boot: String,
    /// Greatest time of all earlier entries, nanoseconds since 1970.
    pub(crate) greatest: i64,
    /// The highest session number that may have been given.
    pub(crate) session: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) previous: Option<Previous>,
}

/// A log that this one is a copy of, with the last numbers that they share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ancestor {
    pub(crate) log_id: String,
    pub(crate) exec: u64,
    pub(crate) runtime: u64,
    pub(crate) kernel: u64,
}

impl Ancestor {
    pub(crate) fn last(&self, log: Log) -> u64 {
        match log {
            Log::Exec => self.exec,
            Log::Runtime => self.runtime,
            Log::Kernel => self.kernel,
        }
    }
}

/// A gap that stands before the first entry of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StatedGap {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) lost: Option<u64>,
    pub(crate) reason: String,
}

impl StatedGap {
    pub(crate) fn of(gap: Gap) -> StatedGap {
        StatedGap {
            from: gap.from,
            to: gap.to,
            lost: gap.lost,
            reason: gap.reason.name().to_owned(),
        }
    }

    pub(crate) fn gap(&self, log: Log) -> Gap {
        Gap {
            log,
            from: self.from,
            to: self.to,
            lost: self.lost,
            reason: GapReason::parse(&self.reason).unwrap_or(GapReason::Damage),
        }
    }
}

/// What is valid of the segment before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Previous {
    /// Valid length in bytes; what follows is void.
    pub(crate) length: u64,
    /// CRC-32C of the valid bytes, in hexadecimal digits.
    pub(crate) crc32c: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sum {
    pub(crate) c: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EndRecord {
    pub(crate) t: String,
}

/// The end of an exec session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExitRecord {
    pub(crate) t: String,
    /// The session.
    pub(crate) id: u64,
    /// Exit code; absent after a signal.
    pub(crate) code: Option<i32>,
    /// Name of the signal, `SIGKILL`.
    pub(crate) signal: Option<String>,
    pub(crate) started: String,
    pub(crate) ended: String,
    /// A time limit ended it.
    #[serde(
        default,
        rename = "timedOut",
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub(crate) timed_out: bool,
    /// By source: what the session wrote, counted where the bytes came in.
    pub(crate) sources: BTreeMap<String, SourceRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SourceRecord {
    /// The number of its first entry; 0 where it had none, or an earlier version
    /// wrote the record.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) first: u64,
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Control {
    /// Appends the line with its line end.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        serde_json::to_writer(&mut *out, self).expect("control lines are plain data");
        if let Control::Seg(_) = self {
            out.pop();
            let checksum = checksum(&out[start..]);
            out.extend_from_slice(&checksum);
        }
        out.push(b'\n');
    }

    /// Reads a line without its line end; `None` for what this version does not
    /// know, for a header that was changed, and for what is no control line at all.
    pub(crate) fn parse(line: &[u8]) -> Option<Control> {
        // A list that begins with the kind would be taken as well.
        if !line.trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let control = serde_json::from_slice(line).ok()?;
        let was_changed = matches!(control, Control::Seg(_))
            && was_changed(line)
            && !mutation!("believe-a-changed-header");
        (!was_changed).then_some(control)
    }

    /// When it was written, in nanoseconds since 1970; `None` where it does not say so.
    pub(crate) fn time_ns(&self) -> Option<i64> {
        match self {
            Control::Exit(ExitRecord { t, .. }) | Control::End(EndRecord { t }) => {
                scan_time(t.as_bytes())
            }
            Control::Seg(_) | Control::Sum(_) => None,
        }
    }

    /// Whether a line is a checksum: the control line that comes often, and speaks of
    /// its own segment only.
    #[inline]
    pub(crate) fn is_sum(line: &[u8]) -> bool {
        line.starts_with(b"{\"s\":\"sum\"")
    }

    /// Whether a line that this version does not know may be one of a later version.
    pub(crate) fn is_later(line: &[u8]) -> bool {
        line.starts_with(PREFIX)
            && serde_json::from_slice::<IgnoredAny>(line).is_ok()
            && !(line.starts_with(HEADER) && was_changed(line))
    }
}

/// Ends a header: the CRC-32C of its line up to here.
fn checksum(header: &[u8]) -> Vec<u8> {
    let digits = format!("{:08x}\"}}", crc32c::crc32c(header));
    [CHECKSUM, digits.as_bytes()].concat()
}

/// A header's line as writers made it that gave it no checksum.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn without_checksum(header: &[u8]) -> Vec<u8> {
    let (line, _) = header
        .split_last_chunk::<CHECKSUM_BYTES>()
        .expect("one is there");
    [line, b"}"].concat()
}

/// Whether a header is not as it was written. One without a checksum is taken as it is.
fn was_changed(line: &[u8]) -> bool {
    line.split_last_chunk::<CHECKSUM_BYTES>()
        .is_some_and(|(header, end)| end.starts_with(CHECKSUM) && *end != *checksum(header))
}

/// Whether a header that can be read has a checksum, which then holds.
pub(crate) fn has_checksum(line: &[u8]) -> bool {
    line.split_last_chunk::<CHECKSUM_BYTES>()
        .is_some_and(|(_, end)| end.starts_with(CHECKSUM))
}

impl Header {
    pub(crate) fn tag_bits(&self) -> u32 {
        u32::from_str_radix(&self.tag, 16).unwrap_or(0)
    }

    /// Whether a writer can have written this into the segment of that number.
    /// What can not be is damage, and as good as no header.
    pub(crate) fn is_plausible(&self, log: Log, segment: u64) -> bool {
        let number = |n: u64| (1..SEQUENCE_LIMIT).contains(&n);
        let gap = self.gap.as_ref().is_none_or(|gap| {
            gap.from == self.first
                && gap.to >= gap.from
                && number(gap.to)
                && gap.to <= self.limit
                && gap.lost.is_none_or(|lost| lost <= gap.to - gap.from + 1)
        });
        self.log == log.name()
            && self.segment == segment
            && number(self.first)
            && number(self.limit)
            && self.first <= self.limit
            && self.session < SEQUENCE_LIMIT
            && gap
    }

    /// The last number that is accounted for before the first entry.
    pub(crate) fn before_first_entry(&self) -> u64 {
        match &self.gap {
            Some(gap) => gap.to,
            None => self.first - 1,
        }
    }

    /// A time that no entry of the segment before is above. Where a full disk had
    /// taken all of them, their writer did not know their times.
    pub(crate) fn bound_of_times(&self) -> Option<i64> {
        self.previous.as_ref().map(|_| self.greatest)
    }

    /// Whether the number of an entry, whose line ended at `offset` in the segment
    /// before, is given to another one here: that line was gone when this segment
    /// was begun, and its number is accounted for by no gap.
    pub(crate) fn gives_again(&self, sequence: u64, offset: u64) -> bool {
        let found = self.previous.as_ref();
        found.is_some_and(|found| found.length < offset) && sequence > self.before_first_entry()
    }
}

/// 128 random bits that name a log.
pub type LogId = [u8; 16];

pub(crate) fn log_id_text(id: &LogId) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn parse_log_id(text: &str) -> Option<LogId> {
    u128::from_str_radix(text, 16)
        .ok()
        // A sign would be taken as well.
        .filter(|_| text.len() == 32 && !text.starts_with('+'))
        .map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_lines_start_with_their_kind() {
        let mut line = Vec::new();
        Control::Sum(Sum {
            c: "00ff00ff".into(),
        })
        .write(&mut line);
        assert_eq!(line, b"{\"s\":\"sum\",\"c\":\"00ff00ff\"}\n");
        assert!(line.starts_with(PREFIX));
        assert!(Control::parse(&line).is_some());
        assert!(Control::parse(b"{\"s\":\"later\",\"x\":1}").is_none());
    }

    #[test]
    fn a_header_of_which_a_byte_was_changed_is_none() {
        let before = r#"{"s":"seg","v":1,"log":"exec","logId":"00","segment":7,"tag":"00","inode":1,"born":0,"first":12,"limit":99,"boot":"","greatest":5,"session":0"#;
        // By another implementation.
        let line = format!("{before},\"c\":\"f4c680ae\"}}");
        let header = Control::parse(line.as_bytes()).expect("it is as it was written");
        let mut written = Vec::new();
        header.write(&mut written);
        assert_eq!(written, [line.as_bytes(), b"\n"].concat());
        for (at, byte) in line.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()) {
            let mut hit = line.clone().into_bytes();
            hit[at] = if byte == b'9' { b'0' } else { byte + 1 };
            assert_eq!(Control::parse(&hit), None, "{at}");
        }
        assert_eq!(
            Control::parse(format!("{before}}}").as_bytes()),
            Some(header)
        );
    }

    #[test]
    fn a_list_is_no_control_line() {
        assert_eq!(Control::parse(br#"["end","2026-05-01T10:00:00Z"]"#), None);
    }

    #[test]
    fn numbers_that_no_writer_gives_make_no_header() {
        let header = |numbers: &str| {
            let text = format!(
                r#"{{"s":"seg","v":1,"log":"exec","logId":"00","segment":1,"tag":"00","inode":1,"born":0,"boot":"","greatest":0,{numbers}}}"#
            );
            match Control::parse(text.as_bytes()) {
                Some(Control::Seg(header)) => header.is_plausible(Log::Exec, 1),
                other => panic!("{other:?}"),
            }
        };
        let gap = |lost| format!(r#""gap":{{"from":1,"to":4,"lost":{lost},"reason":"crash"}}"#);
        assert!(header(r#""first":1,"limit":9,"session":0"#));
        assert!(header(&format!(
            r#""first":1,"limit":9,"session":0,{}"#,
            gap(4)
        )));
        assert!(!header(
            r#""first":1,"limit":9,"session":18446744073709551615"#
        ));
        assert!(!header(&format!(
            r#""first":1,"limit":9,"session":0,{}"#,
            gap(5)
        )));
    }

    #[test]
    fn log_ids_are_read_back() {
        let id = [7; 16];
        assert_eq!(parse_log_id(&log_id_text(&id)), Some(id));
        assert_eq!(parse_log_id("zz"), None);
    }

    #[test]
    fn a_log_id_has_no_sign() {
        let id = log_id_text(&[7; 16]);
        assert_eq!(parse_log_id(&format!("+{}", &id[1..])), None);
    }
}
