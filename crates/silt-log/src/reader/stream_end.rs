//! When a stream ends, and why.

use super::log_reader::LogReader;
use super::options::EndReason;
use super::stream::{End, Stream, UNTIL_GRACE};
use crate::lock::LogMark;
use crate::{Error, Gap, GapReason, Log, sys};

impl Stream {
    /// Ends the stream now, for the given reason.
    pub fn close(&mut self, reason: EndReason) -> End {
        self.registration = None;
        let sessions = self.delivered(None);
        self.readers.clear();
        let end = End {
            reason,
            logs: self.totals,
            position: self.position(),
            sessions,
        };
        self.end.get_or_insert(end).clone()
    }

    /// For who reads on to a number that was given: entries of a log up to `last`
    /// that the disk has no room for come as a gap, though no segment says so yet, and
    /// so does one whose number was hit.
    /// `false` when there are none, or others before them.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder can not be read.
    pub fn report_unkept(&mut self, log: Log, last: u64) -> Result<bool, Error> {
        let mut logs = self.logs.iter().zip(&mut self.readers);
        // One that has ended has no readers.
        let Some((_, reader)) = logs.find(|(of, _)| **of == log) else {
            return Ok(false);
        };
        if last > reader.last() && reader.tell_held() {
            return Ok(true);
        }
        let Some(mark) = self.folder.mark()? else {
            return Ok(false);
        };
        let read = reader.last();
        let unkept = mark.logs[log as usize].losing;
        if last <= read || unkept.is_none_or(|from| from > read + 1) {
            return Ok(false);
        }
        reader.queue_gap(Gap {
            log,
            from: read + 1,
            to: last,
            lost: Some(last - read),
            reason: GapReason::DiskFull,
        });
        Ok(true)
    }

    /// Whether more may come before `until`.
    #[cold]
    pub(super) fn is_yet_to_come(&self) -> Result<bool, Error> {
        let now = sys::now_ns();
        Ok(self.follow
            && self.until.is_some_and(|until| now < until)
            && self.folder.is_written()?)
    }

    pub(super) fn is_past_until(&self) -> bool {
        let grace = UNTIL_GRACE.as_nanos() as i64;
        self.until
            .is_some_and(|until| sys::now_ns() >= until.saturating_add(grace))
    }

    /// Reports what no reader waits for any more; `false` where there is nothing.
    pub(super) fn tell_held(&mut self) -> bool {
        let mut any = false;
        for (reader, passed) in self.readers.iter_mut().zip(&self.passed_until) {
            any |= !passed && reader.tell_held();
        }
        any
    }

    pub(super) fn done_reason(&self) -> EndReason {
        if self.follow || self.passed_until.iter().any(|passed| *passed) {
            EndReason::Until
        } else {
            EndReason::Drained
        }
    }

    /// Whether a writer came and went since the newest segments were read.
    pub(super) fn is_succeeded(&self) -> Result<bool, Error> {
        for (reader, passed) in self.readers.iter().zip(&self.passed_until) {
            // What comes after `until` is nothing to wait for.
            if !passed && reader.is_succeeded()? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Why there is no writer. The `exec` log speaks for all three.
    pub(super) fn end_reason(&self) -> Result<EndReason, Error> {
        if self.folder.is_removed()? {
            return Ok(EndReason::Removed);
        }
        let exec = self.logs.iter().position(|log| *log == Log::Exec);
        let ended = match exec {
            Some(exec) if !self.passed_until[exec] && self.readers[exec].is_in_place()? => {
                self.readers[exec].ended()
            }
            // Its end was not read, or a later writer came and what it wrote is
            // gone: a full disk can take it.
            Some(_) => self.folder.mark()?.is_some_and(|mark| mark.ended),
            None => false,
        };
        Ok(if ended {
            EndReason::Stopped
        } else if self.folder.hides_its_writer() {
            EndReason::Unknown
        } else {
            EndReason::Crashed
        })
    }

    /// Entries that may have been removed before they were read, with all segments
    /// after them: the lock file, held open here, says how far the numbers went.
    pub(super) fn missing_at_end(&self, reason: EndReason) -> Result<Missing, Error> {
        Ok(match self.folder.mark()? {
            None => Missing::default(),
            Some(mark) => Missing {
                gaps: self.missing(&mark.logs, reason),
                ended: mark.ended,
            },
        })
    }

    /// For who reads to the end that there was at the beginning: entries of a
    /// writer that had ended in order, and that did not come.
    pub(super) fn missing_at_stop(&mut self) -> Missing {
        match self.ended_at_open.take() {
            None => Missing::default(),
            Some(marked) => Missing {
                gaps: self.missing(&marked, EndReason::Drained),
                ended: true,
            },
        }
    }

    /// Reports what is missing of what was there. Segments go oldest first: while
    /// the one that was read is there, none after it was rotated away, and what a
    /// writer that ended in order had put there can not be read. Who reads to
    /// the end that there is, and begins where no segment is left, has missed none.
    pub(super) fn queue_what_is_gone(&mut self, missing: Missing) -> Result<bool, Error> {
        let mut any = false;
        for gap in missing.gaps {
            let index = self.index_of(gap.log);
            let gap = if self.readers[index].is_in_place()? {
                damage(gap).filter(|_| missing.ended)
            } else {
                let has_begun = self.readers[index].segment().is_some() || gap.from > 1;
                Some(gap).filter(|_| self.follow || has_begun)
            };
            if let Some(gap) = gap {
                self.readers[index].queue_gap(gap);
                any = true;
            }
        }
        Ok(any)
    }

    fn missing(&self, marked: &[LogMark; 3], reason: EndReason) -> Vec<Gap> {
        let all = self.logs.iter().zip(&self.readers).zip(&self.passed_until);
        all.filter(|(_, passed)| !**passed)
            .filter_map(|((log, reader), _)| missing(reader, *log, &marked[*log as usize], reason))
            .collect()
    }
}

/// What may be missing at the end.
#[derive(Default)]
pub(super) struct Missing {
    pub(super) gaps: Vec<Gap>,
    /// The last writer has ended in order.
    ended: bool,
}

/// What is missing in a segment that is there; `None` for what was never kept.
fn damage(gap: Gap) -> Option<Gap> {
    (gap.reason == GapReason::Rotated && gap.lost.is_some()).then_some(Gap {
        reason: GapReason::Damage,
        ..gap
    })
}

fn missing(reader: &LogReader, log: Log, marked: &LogMark, reason: EndReason) -> Option<Gap> {
    let read = reader.last();
    let segment = reader.segment().map(|segment| segment.number);
    let (to, exact) = match marked.last {
        // What could not be kept is stated by the next header, and by none here.
        Some(_) if marked.losing.is_some_and(|from| from > read) => return None,
        Some(last) => (last, true),
        None if reason != EndReason::Removed || segment == Some(marked.segment) => return None,
        None => (marked.limit, false),
    };
    (to > read).then(|| Gap {
        log,
        from: read + 1,
        to,
        lost: exact.then_some(to - read),
        reason: match marked.losing {
            Some(_) => GapReason::DiskFull,
            None => GapReason::Rotated,
        },
    })
}
