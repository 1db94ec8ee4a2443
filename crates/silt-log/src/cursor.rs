//! The cursor: where a reader stands in the three logs of a folder, as short
//! text that nobody needs to look into.
//!
//! Bytes, then URL-safe base64 without padding: version (1), log id (16), for
//! each log one state (LEB128 numbers), CRC-32C of all before (4, little
//! endian). A state is 0 for "unread", or `n + 1`, segment, offset, tag (4).

use crate::control::LogId;
use crate::line::SEQUENCE_LIMIT;
use crate::{CursorReason, Error, Log};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

const VERSION: u8 = 1;

/// Where a reader stands in one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LogPosition {
    /// Not read yet: a reader begins at the oldest entry there is.
    #[default]
    Unread,
    /// Just after the entry `sequence`; the rest is a hint where that is, which
    /// is verified by reading.
    After {
        sequence: u64,
        segment: u64,
        offset: u64,
        tag: u32,
    },
}

/// Where a reader stands in each log.
pub type Position = [LogPosition; 3];

/// Where a reader stands in which log folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// 128 random bits that name the log folder.
    pub log_id: LogId,
    /// By [`Log`].
    pub position: Position,
}

impl Cursor {
    /// The text form: URL-safe, under 64 characters in the usual case.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(64);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.log_id);
        for position in &self.position {
            match *position {
                LogPosition::Unread => bytes.push(0),
                LogPosition::After {
                    sequence,
                    segment,
                    offset,
                    tag,
                } => {
                    write_number(sequence + 1, &mut bytes);
                    write_number(segment, &mut bytes);
                    write_number(offset, &mut bytes);
                    bytes.extend_from_slice(&tag.to_le_bytes());
                }
            }
        }
        let sum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        BASE64.encode(bytes)
    }

    /// Reads the text form. Looks for `malformed`, `checksum`, `newer-version`
    /// in this order; the other reasons need the log.
    pub fn decode(text: &str) -> Result<Cursor, Error> {
        let malformed = || {
            Error::cursor(
                CursorReason::Malformed,
                "this is not a cursor; pass one back exactly as it was given",
            )
        };
        let bytes = BASE64.decode(text).map_err(|_| malformed())?;
        if bytes.len() < 6 {
            return Err(malformed());
        }
        let (body, sum) = bytes.split_at(bytes.len() - 4);
        if crc32c::crc32c(body).to_le_bytes() != sum {
            return Err(Error::cursor(
                CursorReason::Checksum,
                "its checksum does not match: it was changed or cut on its way",
            ));
        }
        if body[0] != VERSION {
            return Err(Error::cursor(
                CursorReason::NewerVersion,
                format!(
                    "it is of version {}, this build reads version {VERSION}; update Silt here",
                    body[0]
                ),
            ));
        }
        let mut rest = &body[1..];
        let log_id = take(&mut rest).ok_or_else(malformed)?;
        let mut position = Position::default();
        for log in Log::ALL {
            position[log as usize] = read_position(&mut rest).ok_or_else(malformed)?;
        }
        if !rest.is_empty() {
            return Err(malformed());
        }
        Ok(Cursor { log_id, position })
    }
}

fn read_position(rest: &mut &[u8]) -> Option<LogPosition> {
    let sequence = read_number(rest)?;
    if sequence == 0 {
        return Some(LogPosition::Unread);
    }
    if sequence > SEQUENCE_LIMIT {
        return None;
    }
    Some(LogPosition::After {
        sequence: sequence - 1,
        segment: read_number(rest)?,
        offset: read_number(rest)?,
        tag: u32::from_le_bytes(take(rest)?),
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*bytes)
}

fn write_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn read_number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..63).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Cursor {
        Cursor {
            log_id: [0xab; 16],
            position: [
                LogPosition::After {
                    sequence: 5_000_000,
                    segment: 300,
                    offset: 14_000_000,
                    tag: 0xdead_beef,
                },
                LogPosition::Unread,
                LogPosition::Unread,
            ],
        }
    }

    fn reason(text: &str) -> CursorReason {
        match Cursor::decode(text) {
            Err(Error::InvalidCursor { reason, .. }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_is_short_and_read_back() {
        let text = example().encode();
        assert!(text.len() < 64, "{} characters", text.len());
        assert_eq!(Cursor::decode(&text).unwrap(), example());
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let text = example().encode();
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(matches!(
                reason(&changed),
                CursorReason::Checksum | CursorReason::Malformed
            ));
        }
    }

    #[test]
    fn what_is_no_cursor_is_malformed() {
        for text in ["", "abc", "not a cursor", "////////", "%"] {
            assert_eq!(reason(text), CursorReason::Malformed, "{text}");
        }
    }

    #[test]
    fn a_later_version_is_named() {
        let mut bytes = BASE64.decode(example().encode()).unwrap();
        bytes.truncate(bytes.len() - 4);
        bytes[0] = 2;
        bytes.push(99);
        let sum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        assert_eq!(reason(&BASE64.encode(bytes)), CursorReason::NewerVersion);
    }
}
