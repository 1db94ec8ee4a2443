//! Frames: lengths, a JSON header, bytes.

use crate::Error;
use serde::Serialize;

/// The largest payload of one frame.
pub(crate) const LARGEST_PAYLOAD: usize = 16 << 20;
/// Arguments and environment of a command are limited by the kernel to less.
const LARGEST_HEADER: usize = 8 << 20;
const LENGTHS: usize = 8;

/// Header and payload.
pub(crate) type Frame<'a> = (&'a [u8], &'a [u8]);

/// One frame as bytes. Panics on a header that JSON can not hold, which none of
/// the protocol's types is.
pub(crate) fn encode(header: &impl Serialize, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0; LENGTHS];
    serde_json::to_writer(&mut frame, header).expect("headers are plain data");
    let header_len = (frame.len() - LENGTHS) as u32;
    frame[..4].copy_from_slice(&header_len.to_le_bytes());
    frame[4..8].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// Whether the other side takes this frame. One that it does not take would end
/// the connection for all who use it.
pub(crate) fn is_taken(frame: &[u8]) -> bool {
    frame
        .first_chunk()
        .is_some_and(|length| u32::from_le_bytes(*length) as usize <= LARGEST_HEADER)
}

/// Cuts a stream of bytes into frames.
#[derive(Default)]
pub(crate) struct Frames {
    bytes: Vec<u8>,
    taken: usize,
}

impl Frames {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.taken > 0 {
            self.bytes.drain(..self.taken);
            self.taken = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame, header and payload. An error means that what comes
    /// is not this protocol; the connection is of no use then.
    pub(crate) fn next(&mut self) -> Result<Option<Frame<'_>>, Error> {
        let rest = &self.bytes[self.taken..];
        let Some((lengths, rest)) = rest.split_at_checked(LENGTHS) else {
            return Ok(None);
        };
        let length = |at: usize| {
            u32::from_le_bytes(lengths[at..at + 4].try_into().expect("four bytes")) as usize
        };
        let (header_len, payload_len) = (length(0), length(4));
        if !(2..=LARGEST_HEADER).contains(&header_len)
            || payload_len > LARGEST_PAYLOAD
            || rest.first().is_some_and(|&byte| byte != b'{')
        {
            return Err(Error::protocol(
                "what came over the control socket is not Silt's protocol",
            ));
        }
        if rest.len() < header_len + payload_len {
            return Ok(None);
        }
        self.taken += LENGTHS + header_len + payload_len;
        let (header, rest) = rest.split_at(header_len);
        Ok(Some((header, &rest[..payload_len])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_however_they_are_cut() {
        let mut bytes = encode(&serde_json::json!({"a": 1}), b"xyz");
        bytes.extend(encode(&serde_json::json!({"b": 2}), b""));
        for step in 1..bytes.len() {
            let mut frames = Frames::default();
            let mut seen = Vec::new();
            for chunk in bytes.chunks(step) {
                frames.push(chunk);
                while let Some((header, payload)) = frames.next().unwrap() {
                    seen.push((header.to_vec(), payload.to_vec()));
                }
            }
            assert_eq!(
                seen,
                [
                    (br#"{"a":1}"#.to_vec(), b"xyz".to_vec()),
                    (br#"{"b":2}"#.to_vec(), b"".to_vec()),
                ]
            );
        }
    }

    #[test]
    fn garbage_is_refused_before_it_takes_memory() {
        for garbage in [
            &b"GET / HTTP/1.1\r\n\r\n"[..],
            &[0xff; 64],
            &[0; 8],
            b"\x10\0\0\0\0\0\0\0not json",
        ] {
            let mut frames = Frames::default();
            frames.push(garbage);
            assert!(frames.next().is_err(), "{garbage:?}");
        }
    }
}
