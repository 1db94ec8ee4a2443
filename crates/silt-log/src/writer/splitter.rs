//! Cuts a stream of bytes into entries: lines, or parts of lines that are too
//! long or wait too long for their end.

use crate::{Level, Part, level_of};
use std::time::{Duration, Instant};

/// The most bytes of one entry; a longer line is split.
pub(crate) const ENTRY_BYTES: usize = 16 << 10;

/// How long an unfinished line waits for its end.
pub(crate) const UNFINISHED_WAIT: Duration = Duration::from_millis(50);

/// What is handed on: the data of one entry.
pub(crate) struct Piece<'a> {
    pub(crate) data: &'a [u8],
    pub(crate) part: Part,
    pub(crate) level: Option<Level>,
}

/// The unfinished line of one session and source.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    pending: Vec<u8>,
    /// The level of the line whose first part has already been handed on.
    split: Option<Level>,
    /// When the oldest pending byte came.
    since: Option<Instant>,
    /// The wait was found to be over once, and nothing has come since.
    overdue: bool,
}

impl Splitter {
    /// Takes bytes as they were read, hands on what is complete.
    pub(crate) fn push(
        &mut self,
        mut bytes: &[u8],
        now: Instant,
        mut hand_on: impl FnMut(Piece<'_>),
    ) {
        self.overdue = false;
        while !bytes.is_empty() {
            let room = ENTRY_BYTES - self.pending.len();
            let window = &bytes[..bytes.len().min(room)];
            match memchr::memchr(b'\n', window) {
                Some(end) if self.pending.is_empty() => {
                    self.finish_line(&bytes[..=end], &mut hand_on);
                    bytes = &bytes[end + 1..];
                    self.since = None;
                }
                Some(end) => {
                    let mut line = std::mem::take(&mut self.pending);
                    line.extend_from_slice(&bytes[..=end]);
                    self.finish_line(&line, &mut hand_on);
                    line.clear();
                    self.pending = line;
                    bytes = &bytes[end + 1..];
                    self.since = None;
                }
                None => {
                    self.pending.extend_from_slice(window);
                    bytes = &bytes[window.len()..];
                    if self.pending.len() == ENTRY_BYTES {
                        self.hand_on_pending(&mut hand_on);
                        self.since = None;
                    }
                }
            }
        }
        if !self.pending.is_empty() {
            self.since.get_or_insert(now);
        }
    }

    /// When the unfinished line has waited long enough.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.since.map(|since| since + UNFINISHED_WAIT)
    }

    /// Hands on an unfinished line that has waited long enough, when asked a
    /// second time: a writer that was held up has not seen yet what came
    /// meanwhile, and looks between the two.
    pub(crate) fn hand_on_waiting(&mut self, now: Instant, mut hand_on: impl FnMut(Piece<'_>)) {
        let over = self.deadline().is_some_and(|deadline| deadline <= now);
        if over && std::mem::replace(&mut self.overdue, over) {
            self.hand_on(&mut hand_on);
        }
    }

    /// Hands on an unfinished line at once.
    pub(crate) fn hand_on(&mut self, mut hand_on: impl FnMut(Piece<'_>)) {
        self.overdue = false;
        self.hand_on_pending(&mut hand_on);
        // What is left is the start of a character: it waits for its rest.
        self.since = None;
    }

    /// The end of the stream: hands on what is left, as it is.
    pub(crate) fn finish(&mut self, mut hand_on: impl FnMut(Piece<'_>)) {
        let rest = std::mem::take(&mut self.pending);
        self.since = None;
        if !rest.is_empty() {
            self.finish_line(&rest, &mut hand_on);
        }
        self.split = None;
    }

    fn finish_line(&mut self, data: &[u8], hand_on: &mut impl FnMut(Piece<'_>)) {
        let level = self.split.take();
        hand_on(Piece {
            data,
            part: if level.is_some() {
                Part::Last
            } else {
                Part::Whole
            },
            level,
        });
    }

    /// Hands on all that is pending but the start of a character.
    fn hand_on_pending(&mut self, hand_on: &mut impl FnMut(Piece<'_>)) {
        let length = self.pending.len() - unfinished_character(&self.pending);
        if length == 0 {
            return;
        }
        let data = &self.pending[..length];
        match self.split {
            Some(level) => hand_on(Piece {
                data,
                part: Part::Middle,
                level: Some(level),
            }),
            None => {
                self.split = Some(level_of(data));
                hand_on(Piece {
                    data,
                    part: Part::First,
                    level: None,
                });
            }
        }
        self.pending.drain(..length);
    }
}

/// How many bytes at the end are the start of a UTF-8 character whose rest has
/// not come: 0 to 3.
fn unfinished_character(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let byte = bytes[bytes.len() - back];
        let length = match byte {
            0x00..=0x7f => return 0,
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return 0,
        };
        return if length > back { back } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(splitter: &mut Splitter, bytes: &[u8]) -> Vec<(Vec<u8>, Part)> {
        let mut pieces = Vec::new();
        splitter.push(bytes, Instant::now(), |piece| {
            pieces.push((piece.data.to_vec(), piece.part));
        });
        pieces
    }

    fn finish(splitter: &mut Splitter) -> Vec<(Vec<u8>, Part)> {
        let mut pieces = Vec::new();
        splitter.finish(|piece| pieces.push((piece.data.to_vec(), piece.part)));
        pieces
    }

    #[test]
    fn lines_are_entries_however_they_arrive() {
        let mut splitter = Splitter::default();
        assert_eq!(
            collect(&mut splitter, b"one\ntw"),
            [(b"one\n".to_vec(), Part::Whole)]
        );
        assert_eq!(
            collect(&mut splitter, b"o\n\n"),
            [
                (b"two\n".to_vec(), Part::Whole),
                (b"\n".to_vec(), Part::Whole)
            ]
        );
        assert_eq!(collect(&mut splitter, b"rest"), []);
        assert_eq!(finish(&mut splitter), [(b"rest".to_vec(), Part::Whole)]);
        assert_eq!(finish(&mut splitter), []);
    }

    #[test]
    fn a_long_line_comes_in_parts_that_join_to_it() {
        let mut line = vec![b'x'; 3 * ENTRY_BYTES + 5];
        line.push(b'\n');
        let mut splitter = Splitter::default();
        let pieces = collect(&mut splitter, &line);
        assert_eq!(
            pieces.iter().map(|(_, part)| *part).collect::<Vec<_>>(),
            [Part::First, Part::Middle, Part::Middle, Part::Last]
        );
        assert_eq!(pieces.concat_data(), line);
    }

    #[test]
    fn a_line_of_exactly_the_limit_is_whole() {
        let mut line = vec![b'x'; ENTRY_BYTES - 1];
        line.push(b'\n');
        assert_eq!(
            collect(&mut Splitter::default(), &line),
            [(line.clone(), Part::Whole)]
        );
    }

    #[test]
    fn a_character_is_never_cut_in_two() {
        let text = "€".repeat(ENTRY_BYTES);
        let mut splitter = Splitter::default();
        let mut pieces = collect(&mut splitter, text.as_bytes());
        pieces.extend(finish(&mut splitter));
        assert_eq!(pieces.concat_data(), text.as_bytes());
        for (data, _) in pieces {
            assert!(std::str::from_utf8(&data).is_ok());
        }
    }

    #[test]
    fn an_unfinished_line_is_handed_on_after_its_wait_but_no_half_character() {
        let mut splitter = Splitter::default();
        let start = Instant::now();
        let mut pieces = Vec::new();
        splitter.push(b"prompt \xe2\x82", start, |_| unreachable!());
        assert_eq!(splitter.deadline(), Some(start + UNFINISHED_WAIT));
        splitter.hand_on_waiting(start, |_| unreachable!("too early"));
        splitter.hand_on_waiting(start + UNFINISHED_WAIT, |_| {
            unreachable!("look again first")
        });
        splitter.hand_on_waiting(start + UNFINISHED_WAIT, |piece| {
            pieces.push((piece.data.to_vec(), piece.part));
        });
        assert_eq!(pieces, [(b"prompt ".to_vec(), Part::First)]);
        assert_eq!(splitter.deadline(), None);
        assert_eq!(
            collect(&mut splitter, b"\xac\n"),
            [("€\n".as_bytes().to_vec(), Part::Last)]
        );
    }

    #[test]
    fn parts_carry_the_level_of_their_line() {
        let mut splitter = Splitter::default();
        let mut line = b"ERROR ".to_vec();
        line.resize(ENTRY_BYTES + 10, b'x');
        let mut levels = Vec::new();
        splitter.push(&line, Instant::now(), |piece| levels.push(piece.level));
        splitter.finish(|piece| levels.push(piece.level));
        assert_eq!(levels, [None, Some(Level::Error)]);
    }

    trait ConcatData {
        fn concat_data(&self) -> Vec<u8>;
    }

    impl ConcatData for Vec<(Vec<u8>, Part)> {
        fn concat_data(&self) -> Vec<u8> {
            self.iter().flat_map(|(data, _)| data.clone()).collect()
        }
    }
}
