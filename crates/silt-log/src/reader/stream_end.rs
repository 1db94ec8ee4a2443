//! When a stream ends, and why.

use super::log_reader::{LogReader, Peek};
use super::options::EndReason;
use super::stream::{End, Stream, UNTIL_GRACE};
use crate::lock::{LogMark, Mark};
use crate::mutation::mutation;
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

    /// For who reads on to entry `last` of a log, which was given and flushed: what
    /// there is to tell of those up to it though [`Stream::next`] had nothing. Entries
    /// that went with their segments and those that the disk has no room for come as
    /// gaps, though no segment says so yet, and so does one whose number was hit.
    /// `false` when there is nothing to tell; otherwise the next call has more, but for
    /// what `until` holds back.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder can not be read.
    pub fn report_missing(&mut self, log: Log, last: u64) -> Result<bool, Error> {
        let index = self.logs.iter().position(|of| *of == log);
        // One that has ended has no readers.
        let Some(index) = index.filter(|index| *index < self.readers.len()) else {
            return Ok(false);
        };
        if self.passed_until[index] || last <= self.readers[index].last() {
            return Ok(false);
        }
        if self.readers[index].tell_held() {
            return Ok(true);
        }
        let mark = self.folder.mark()?;
        let losing = mark.and_then(|mark| mark.logs[log as usize].losing);
        let reader = &mut self.readers[index];
        // Room may have come meanwhile: then the next segment has it.
        if matches!(reader.peek()?, Peek::Entry(_) | Peek::Gap(_)) {
            return Ok(true);
        }
        let in_place = reader.is_in_place()?;
        if mutation!("read-on-past-what-went") && losing.is_none_or(|from| from > reader.last() + 1)
        {
            return Ok(false);
        }
        let gaps = untold(log, reader.last(), Given::upto(last), losing);
        Ok(queue(reader, gaps, |gap| !in_place || was_not_kept(gap)))
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
    pub(super) fn end_reason(&self, mark: Option<&Mark>) -> Result<EndReason, Error> {
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
            Some(_) => mark.is_some_and(|mark| mark.ended),
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

    /// The mark, without what a writer that lives changes again and again and that says
    /// nothing of what is still to be read.
    pub(super) fn mark_of_what_is_read(&self, lives: bool) -> Result<Option<Mark>, Error> {
        let mut mark = self.folder.mark()?;
        if let Some(mark) = mark.as_mut().filter(|_| lives) {
            (mark.generation, mark.session) = (0, 0);
            for log in Log::ALL {
                let index = self.logs.iter().position(|of| *of == log);
                if index.is_none_or(|index| self.passed_until[index]) {
                    mark.logs[log as usize] = LogMark::default();
                }
            }
        }
        Ok(mark)
    }

    /// Tells what may have been removed before it was read, with all segments after it:
    /// the lock file, held open here, says how far the numbers went. `false` where there
    /// is nothing to tell.
    pub(super) fn tell_missing_at_end(
        &mut self,
        mark: Option<&Mark>,
        reason: EndReason,
    ) -> Result<bool, Error> {
        let Some(mark) = mark else {
            return Ok(false);
        };
        let gaps = self.missing(&mark.logs, reason);
        let ended = mark.ended;
        self.queue_what_is_gone(Missing { gaps, ended })
    }

    /// For who reads to the end that there was at the beginning: tells what a writer
    /// that had ended by then had written and that did not come. `false` where there
    /// is nothing to tell.
    pub(super) fn tell_missing_at_open(&mut self) -> Result<bool, Error> {
        let Some(mark) = self.ended_at_open.take() else {
            return Ok(false);
        };
        let gaps = self.missing(&mark.logs, EndReason::Drained);
        let ended = mark.ended;
        self.queue_what_is_gone(Missing { gaps, ended })
    }

    /// The same of what went with all segments that were still to be read. `true` also
    /// where there is more to read after all.
    pub(super) fn tell_missing_at_stop(&mut self) -> Result<bool, Error> {
        let passed = &self.passed_until;
        let is_short = |index: usize| !passed[index] && self.readers[index].is_before_its_stop();
        let short: Vec<usize> = (0..self.readers.len()).filter(|at| is_short(*at)).collect();
        let mark = match short.is_empty() {
            true => None,
            false => self.folder.mark()?,
        };
        let Some(mark) = mark else {
            return Ok(false);
        };
        // Numbers up to the limit are still given where a writer lives on.
        let lives = self.folder.is_written()? || self.folder.hides_its_writer();
        let reason = match self.folder.is_removed()? && !lives {
            true => EndReason::Removed,
            false => EndReason::Drained,
        };
        let mut gaps = self.missing(&mark.logs, reason);
        gaps.retain(|(index, _)| short.contains(index));
        for index in short {
            // Room has come since it was looked.
            if self.readers[index].is_succeeded()? {
                return Ok(true);
            }
        }
        // They were there.
        let ended = true;
        self.queue_what_is_gone(Missing { gaps, ended })
    }

    /// Reports what is missing of what was there. Segments go oldest first: while
    /// the one that was read is there, none after it was rotated away, and what a
    /// writer that ended in order had put there can not be read. Who reads to
    /// the end that there is, and begins where no segment is left, has missed none.
    fn queue_what_is_gone(&mut self, missing: Missing) -> Result<bool, Error> {
        let mut any = false;
        for (index, gaps) in missing.gaps {
            let reader = &mut self.readers[index];
            any |= if reader.is_in_place()? {
                let gaps = gaps.into_iter().map(blame_damage);
                queue(reader, gaps, |gap| {
                    gap.lost.is_some() && (missing.ended || was_not_kept(gap))
                })
            } else {
                let has_begun = reader.segment().is_some() || reader.is_resumed();
                let tells = self.follow || has_begun;
                queue(reader, gaps, |_| tells)
            };
        }
        Ok(any)
    }

    fn missing(&self, marked: &[LogMark; 3], reason: EndReason) -> Vec<(usize, Vec<Gap>)> {
        let all = self.logs.iter().zip(&self.readers).zip(&self.passed_until);
        all.enumerate()
            .filter(|(_, (_, passed))| !**passed)
            .map(|(index, ((log, reader), _))| {
                (index, missing(reader, *log, &marked[*log as usize], reason))
            })
            .collect()
    }
}

/// What may be missing at the end.
struct Missing {
    /// By reader, those of one in order and without a hole.
    gaps: Vec<(usize, Vec<Gap>)>,
    /// The last writer has ended in order.
    ended: bool,
}

/// Queues `gaps` up to the first that is not told of: what follows that one is not
/// what comes next.
fn queue(
    reader: &mut LogReader,
    gaps: impl IntoIterator<Item = Gap>,
    tells: impl Fn(&Gap) -> bool,
) -> bool {
    let mut any = false;
    for gap in gaps.into_iter().take_while(tells) {
        reader.queue_gap(gap);
        any = true;
    }
    any
}

/// What is missing in a segment that is there can not be read.
fn blame_damage(gap: Gap) -> Gap {
    match gap.reason {
        GapReason::Rotated => Gap {
            reason: GapReason::Damage,
            ..gap
        },
        _ => gap,
    }
}

fn was_not_kept(gap: &Gap) -> bool {
    gap.reason == GapReason::DiskFull
}

fn missing(reader: &LogReader, log: Log, marked: &LogMark, reason: EndReason) -> Vec<Gap> {
    let segment = reader.segment().map(|segment| segment.number);
    let given = match marked.last {
        Some(last) => Given::upto(last),
        None if reason == EndReason::Removed && segment != Some(marked.segment) => Given {
            to: marked.limit,
            exact: false,
        },
        None if matches!(reason, EndReason::Removed | EndReason::Unknown) => return Vec::new(),
        // A writer that was killed. What its last segment had, and what it had no
        // room for, is for the next header to say.
        None => Given::upto(marked.losing.or(marked.next).unwrap_or(0).saturating_sub(1)),
    };
    if mutation!("end-before-what-went") && marked.losing.is_some_and(|from| from > reader.last()) {
        return Vec::new();
    }
    untold(log, reader.last(), given, marked.losing)
}

/// How far the numbers of a log went.
struct Given {
    to: u64,
    /// Or `to` is only a bound.
    exact: bool,
}

impl Given {
    fn upto(to: u64) -> Given {
        Given { to, exact: true }
    }
}

/// What was given after entry `read` and is not there: those that were kept went
/// with their segments; those from `losing` on never were.
fn untold(log: Log, read: u64, given: Given, losing: Option<u64>) -> Vec<Gap> {
    let kept = losing.map_or(given.to, |from| given.to.min(from.saturating_sub(1)));
    let rotated = (
        read + 1,
        kept,
        given.exact || losing.is_some(),
        GapReason::Rotated,
    );
    let unkept = (
        read.max(kept) + 1,
        given.to,
        given.exact,
        GapReason::DiskFull,
    );
    [rotated, unkept]
        .into_iter()
        .filter(|(from, to, ..)| from <= to)
        .map(|(from, to, exact, reason)| Gap {
            log,
            from,
            to,
            lost: exact.then_some(to - from + 1),
            reason,
        })
        .collect()
}
