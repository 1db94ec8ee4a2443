//! Checks one segment line by line.

use super::findings::{Findings, Range};
use super::pieces::{Piece, Pieces};
use super::report::{DamageKind, LogReport};
use super::sessions::Sessions;
use crate::control::{Control, PREFIX};
use crate::line::{self, RawEntry};
use crate::segment::Segment;
use crate::{Log, sys};

/// What a check carries from line to line and from segment to segment.
#[derive(Debug)]
pub(crate) struct LogCheck<'a> {
    pub(crate) log: Log,
    /// The last number accounted for; `None` before the first segment.
    pub(crate) last: Option<u64>,
    /// Greatest time of all entries so far.
    pub(crate) greatest: i64,
    pub(crate) report: LogReport,
    pub(crate) sessions: &'a mut Sessions,
    pub(crate) findings: &'a mut Findings,
}

/// What a segment turned out to be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Checked {
    /// Up to its last line end.
    pub(crate) valid: u64,
    /// CRC-32C of these bytes.
    pub(crate) crc: u32,
    /// Its last control line but `sum` is `end`.
    pub(crate) ended: bool,
}

struct Running<'a, 'b> {
    check: &'a mut LogCheck<'b>,
    segment: &'a Segment,
    checked: Checked,
    /// CRC-32C since the last `sum`, and the last number that it covered.
    sum: u32,
    sum_after: u64,
    time: i64,
    /// A line that is none was met: its entries have no number.
    bad_line: bool,
    data: Vec<u8>,
}

impl LogCheck<'_> {
    pub(crate) fn add(
        &mut self,
        segment: u64,
        kind: DamageKind,
        range: Range,
        message: impl Into<String>,
    ) {
        if self.log == Log::Exec {
            self.sessions.damage();
        }
        self.findings.add(self.log, segment, kind, range, message);
    }

    /// Reads `segment` up to `stop`.
    pub(crate) fn read(&mut self, segment: &Segment, stop: u64) -> sys::Result<Checked> {
        let mut running = Running {
            sum_after: self.last.unwrap_or(0),
            check: self,
            segment,
            checked: Checked::default(),
            sum: 0,
            time: i64::MIN,
            bad_line: false,
            data: Vec::new(),
        };
        let mut pieces = Pieces::default();
        let mut at = 0;
        let mut crc = 0;
        while let Some(piece) = pieces.next(segment, stop)? {
            crc = crc32c::crc32c_append(crc, piece.bytes);
            at += piece.bytes.len() as u64;
            running.take(&piece);
            if piece.ends {
                running.checked.valid = at;
                running.checked.crc = crc;
            }
        }
        let checked = running.checked;
        if running.bad_line {
            running.name_bad_line(None);
        }
        self.report.torn_bytes += at - checked.valid;
        self.report.bytes += at;
        Ok(checked)
    }
}

impl Running<'_, '_> {
    fn take(&mut self, piece: &Piece<'_>) {
        if !piece.ends || piece.goes_on {
            // Too long for a line, or the torn end, which counts for nothing.
            self.sum = crc32c::crc32c_append(self.sum, piece.bytes);
            self.bad_line |= piece.ends;
            return;
        }
        let text = &piece.bytes[..piece.bytes.len() - 1];
        // A header that can not be read has been spoken of before.
        let first = self.checked.valid == 0;
        if text.starts_with(PREFIX) {
            let control = Control::parse(text);
            if let Some(Control::Sum(sum)) = &control {
                self.compare(&sum.c);
                return;
            }
            self.sum = crc32c::crc32c_append(self.sum, piece.bytes);
            match control {
                Some(Control::End(_)) => self.checked.ended = true,
                Some(Control::Exit(exit)) => {
                    self.check
                        .sessions
                        .exit(self.segment.number, &exit, self.check.findings);
                }
                Some(_) => {}
                // Later versions may write others; damage shows in the `sum`.
                None if first || Control::is_later(text) => {}
                None => self.bad_line = true,
            }
            return;
        }
        self.sum = crc32c::crc32c_append(self.sum, piece.bytes);
        match line::parse(text) {
            Some(entry) => self.entry(&entry),
            None if first => {}
            None => self.bad_line = true,
        }
    }

    fn entry(&mut self, entry: &RawEntry<'_>) {
        let number = self.segment.number;
        let sequence = entry.sequence;
        if self.bad_line {
            self.name_bad_line(Some(sequence));
        }
        self.checked.ended = false;
        let last = self.check.last.unwrap_or(sequence - 1);
        if sequence <= last {
            self.check.add(
                number,
                DamageKind::Order,
                Some((sequence, sequence)),
                format!("number {sequence} comes after {last}"),
            );
            return;
        }
        if sequence > last + 1 {
            self.check.add(
                number,
                DamageKind::Missing,
                Some((last + 1, sequence - 1)),
                "no header speaks of this gap",
            );
        }
        self.check.last = Some(sequence);
        if entry.time_ns < self.time {
            self.check.add(
                number,
                DamageKind::Order,
                Some((sequence, sequence)),
                "its time is before that of the entry before it",
            );
        }
        self.time = self.time.max(entry.time_ns);
        self.check.greatest = self.check.greatest.max(entry.time_ns);
        if let Some(header) = &self.segment.header
            && sequence > header.limit
        {
            self.check.add(
                number,
                DamageKind::Order,
                Some((sequence, sequence)),
                format!("its segment may give numbers up to {} only", header.limit),
            );
        }
        self.data.clear();
        if !entry.data.decode_into(entry.utf8, &mut self.data) {
            self.check.add(
                number,
                DamageKind::Line,
                Some((sequence, sequence)),
                "its data can not be decoded",
            );
            return;
        }
        let report = &mut self.check.report;
        if report.entries == 0 {
            report.first_sequence = sequence;
        }
        report.entries += 1;
        report.last_sequence = sequence;
        if self.check.log == Log::Exec {
            self.check
                .sessions
                .entry(entry.session, entry.source, sequence, &self.data);
        }
    }

    /// A line that is none belongs to the numbers up to the next entry. Without
    /// a number missing there, a control line was hit.
    fn name_bad_line(&mut self, next: Option<u64>) {
        self.bad_line = false;
        let last = self.check.last.unwrap_or(0);
        let range = match next {
            Some(next) if self.check.last.is_some() && next > last + 1 => {
                Some((last + 1, next - 1))
            }
            _ => None,
        };
        self.check.add(
            self.segment.number,
            DamageKind::Line,
            range,
            "a line there is not a line of a log",
        );
        if let Some((_, to)) = range {
            self.check.last = Some(to);
        }
    }

    fn compare(&mut self, recorded: &str) {
        let found = format!("{:08x}", std::mem::take(&mut self.sum));
        let after = self.check.last.unwrap_or(0);
        let from = std::mem::replace(&mut self.sum_after, after) + 1;
        if found != recorded {
            let range = (from <= after).then_some((from, after));
            self.check.add(
                self.segment.number,
                DamageKind::Checksum,
                range,
                format!("the checksum of these lines is {recorded}, they give {found}"),
            );
        }
    }
}
