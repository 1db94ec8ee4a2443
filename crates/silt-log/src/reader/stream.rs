//! A stream over the logs of a folder: batches of entries, then why it ended.

use super::batch::Batch;
use super::contiguity::Contiguity;
use super::delivered::{Delivered, DeliveredSession};
use super::entry_ref::EntryRef;
use super::filter::Filter;
use super::folder::{Identity, ReaderFolder};
use super::hub::Registration;
use super::log_reader::{LogReader, Peek};
use super::open::Opened;
use super::options::{BatchLimits, EndReason, LogTotals, OnGap, StreamOptions};
use crate::control::LogId;
use crate::cursor::{Cursor, Position};
use crate::lock::Mark;
use crate::mutation::mutation;
use crate::{Error, Gap, Log, sys};
use std::sync::Arc;
use std::time::Duration;

/// Entries looked at before a batch is handed over even if filters left it
/// empty: a caller on an event loop is not held up.
const LOOK_AT: usize = 64 << 10;

/// An entry captured just before `until` may reach the disk this much later.
pub(super) const UNTIL_GRACE: Duration = Duration::from_millis(200);

/// What a stream gives when asked for more.
#[derive(Debug)]
pub enum Next {
    /// Entries and gaps. Empty when filters used up the budget: ask again.
    Batch(Batch),
    /// Nothing now, only with `follow`: the waker will be called.
    Pending,
    End(End),
}

/// The end of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub reason: EndReason,
    /// By [`Log`].
    pub logs: [LogTotals; 3],
    pub position: Cursor,
    /// By session what was delivered, where [`StreamOptions::digest`] asks for it.
    pub sessions: Option<Vec<DeliveredSession>>,
}

/// Reads the logs of a folder forward. Dropping it gives everything back.
pub struct Stream {
    pub(super) folder: Arc<ReaderFolder>,
    log_id: LogId,
    pub(super) readers: Vec<LogReader>,
    pub(super) logs: Vec<Log>,
    pub(super) filter: Filter,
    pub(super) follow: bool,
    pub(super) until: Option<i64>,
    on_gap: OnGap,
    /// By reader: an entry that is not before `until` was met.
    pub(super) passed_until: Vec<bool>,
    position: Position,
    pub(super) totals: [LogTotals; 3],
    contiguity: Contiguity,
    /// Only where digests are asked for.
    pub(super) delivered: Option<Box<Delivered>>,
    truncated: bool,
    /// Without `follow`, of a writer that had ended: what `.lock` said before the ends
    /// were looked up.
    pub(super) ended_at_open: Option<Mark>,
    pub(super) registration: Option<Registration>,
    waker: Option<Box<dyn Fn() + Send + Sync>>,
    /// Found, and to be reported once what precedes it was taken.
    failure: Option<Failure>,
    pub(super) end: Option<End>,
}

enum Failure {
    Gap(Gap),
    /// The system refused something; the next call tries again.
    Error(Error),
}

enum Choice {
    Entry(usize, EntryRef),
    Gap(usize, Gap),
    Pending,
    Done,
}

impl Stream {
    pub(crate) fn new(mut opened: Opened, options: &StreamOptions) -> Stream {
        let mut position = opened.position;
        let mut totals = [LogTotals::default(); 3];
        for (log, reader) in opened.logs.iter().zip(&opened.readers) {
            position[*log as usize] = reader.position();
            totals[*log as usize].selected = true;
        }
        if options.digest {
            opened.readers.iter_mut().for_each(LogReader::keep_exits);
        }
        Stream {
            log_id: opened.log_id,
            passed_until: vec![false; opened.readers.len()],
            readers: opened.readers,
            logs: opened.logs,
            filter: opened.filter,
            folder: opened.folder,
            follow: options.follow,
            until: options.until,
            on_gap: options.on_gap,
            position,
            totals,
            contiguity: Contiguity::new(options.tail.is_some()),
            delivered: options.digest.then(|| Box::new(Delivered::new(options))),
            truncated: opened.truncated,
            ended_at_open: opened.ended,
            registration: None,
            waker: None,
            failure: None,
            end: None,
        }
    }

    /// Called from another thread, at most once after each [`Next::Pending`].
    pub fn set_waker(&mut self, waker: Box<dyn Fn() + Send + Sync>) {
        match &self.registration {
            Some(registration) => registration.set_callback(waker),
            None => self.waker = Some(waker),
        }
    }

    /// Blocks after [`Next::Pending`] until there may be more; `false` when the
    /// time was up first.
    pub fn wait(&self, timeout: Option<Duration>) -> bool {
        match &self.registration {
            Some(registration) => registration.wait(timeout),
            None => true,
        }
    }

    /// Just after the last entry handed over, and after what filters skipped
    /// since.
    pub fn position(&self) -> Cursor {
        Cursor {
            log_id: self.log_id,
            position: self.position,
        }
    }

    /// Whether entries before the first one were left out or are gone, where no
    /// cursor says what was read before.
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// What comes next; never blocks for the writer.
    ///
    /// # Errors
    /// [`Error::MissedRotation`] where entries are missing, unless gaps are to
    /// be reported; [`Error::Io`] for what the system refused.
    pub fn next(&mut self, limits: BatchLimits) -> Result<Next, Error> {
        match self.failure.take() {
            Some(Failure::Gap(gap)) => return Err(self.missed(gap)),
            Some(Failure::Error(error)) => return Err(error),
            None => {}
        }
        if let Some(end) = &self.end {
            return Ok(Next::End(end.clone()));
        }
        self.settle();
        let mut batch = Batch::new(self.log_id, self.position);
        match self.fill(&mut batch, limits.clamped()) {
            Ok(None) => {}
            Ok(Some(quiet)) => return Ok(quiet),
            // What was taken until then is handed over first.
            Err(error) if !batch.items.is_empty() => self.failure = Some(Failure::Error(error)),
            Err(error) => return Err(error),
        }
        if let Some(registration) = &self.registration {
            registration.disarm();
        }
        batch.end = self.position;
        batch.log_id = self.log_id;
        self.hand_out(&batch);
        Ok(Next::Batch(batch))
    }

    /// Takes what there is into `batch`, up to `limits`; or says why there is
    /// nothing.
    fn fill(&mut self, batch: &mut Batch, limits: BatchLimits) -> Result<Option<Next>, Error> {
        let mut looked_at = 0;
        let mut armed = false;
        // Who wrote, and the mark, before it was last read to the end.
        let mut seen: Option<(bool, Option<Mark>)> = None;
        // A log that had nothing is not asked again before each entry of another:
        // that is a listing of the folder each time.
        let mut quiet = [false; 3];
        loop {
            match self.choose(&mut quiet)? {
                Choice::Entry(index, entry) => {
                    self.prove(index, entry.sequence)?;
                    self.reads(self.logs[index], entry.sequence);
                    self.take_entry(index, &entry, batch)?;
                    // Otherwise it turned out to be damaged, and a gap follows.
                    if self.readers[index].last() == entry.sequence {
                        self.contiguity.entry(self.logs[index], entry.sequence);
                    }
                    looked_at += 1;
                }
                Choice::Gap(index, gap) => {
                    self.prove(index, gap.from)?;
                    self.readers[index].take();
                    self.contiguity.gap(&gap);
                    self.reads_over(&gap);
                    if self.on_gap == OnGap::Error {
                        if batch.items.is_empty() {
                            return Err(self.missed(gap));
                        }
                        self.failure = Some(Failure::Gap(gap));
                        return Ok(None);
                    }
                    self.add_gap(index, gap, batch);
                    self.moved(index);
                }
                Choice::Done if batch.items.is_empty() => {
                    if self.tell_missing_at_open()? || self.tell_missing_at_stop()? {
                        continue;
                    }
                    return Ok(Some(Next::End(self.close(self.done_reason()))));
                }
                Choice::Done => return Ok(None),
                Choice::Pending if !batch.items.is_empty() => return Ok(None),
                Choice::Pending => {
                    quiet = [false; 3];
                    // Armed before looking a last time, so that nothing that
                    // comes in between is slept through.
                    if !armed {
                        self.arm()?;
                        armed = true;
                        continue;
                    }
                    let is_past_until = self.is_past_until();
                    if is_past_until && self.tell_held() {
                        continue;
                    }
                    let is_written = self.folder.is_written()?;
                    if is_written && !is_past_until {
                        for reader in &mut self.readers {
                            reader.release();
                        }
                        return Ok(Some(Next::Pending));
                    }
                    // Nobody waits any more. What the mark speaks of is there to be read
                    // by now or is gone: read to the end once more, then make sure that
                    // no writer has come or gone meanwhile.
                    let now = (is_written, self.mark_of_what_is_read(is_written)?);
                    if seen.as_ref() != Some(&now) && !mutation!("end-before-final-drain") {
                        seen = Some(now);
                        continue;
                    }
                    let (_, mark) = now;
                    let reason = match is_written {
                        true => EndReason::Until,
                        false => self.end_reason(mark.as_ref())?,
                    };
                    if self.tell_missing_at_end(mark.as_ref(), reason)? || self.is_succeeded()? {
                        continue;
                    }
                    // Last of all and by one call, for who came while the end was looked
                    // for: nobody writes without a mark.
                    if self.mark_of_what_is_read(is_written)? != mark {
                        continue;
                    }
                    let reason = match is_past_until {
                        true => EndReason::Until,
                        false => reason,
                    };
                    return Ok(Some(Next::End(self.close(reason))));
                }
            }
            if batch.items.len() >= limits.entries
                || batch.data.len() >= limits.bytes
                || looked_at >= LOOK_AT
            {
                if mutation!("drop-at-batch-boundary") {
                    self.readers[0].peek()?;
                    self.readers[0].take();
                }
                return Ok(None);
            }
        }
    }

    /// The stream ends where what comes next is not what is due.
    #[inline]
    fn prove(&mut self, index: usize, number: u64) -> Result<(), Error> {
        let checked = self.contiguity.check(self.logs[index], number);
        checked.map_err(|message| {
            self.close(EndReason::Closed);
            Error::Corruption {
                path: self.folder.path.clone(),
                message,
            }
        })
    }

    /// The log whose turn it is. Each log keeps its own order; between logs the
    /// earlier time goes first, of those that have something now. Those in
    /// `quiet` had nothing, and are not looked at.
    #[inline]
    fn choose(&mut self, quiet: &mut [bool; 3]) -> Result<Choice, Error> {
        let mut best: Option<(usize, EntryRef)> = None;
        let mut pending = false;
        for (index, quiet) in quiet.iter_mut().enumerate().take(self.readers.len()) {
            if self.passed_until[index] {
                continue;
            }
            if *quiet {
                pending = true;
                continue;
            }
            match self.readers[index].peek()? {
                Peek::Gap(gap) => return Ok(Choice::Gap(index, gap)),
                Peek::Entry(entry) => {
                    let is_past = self.until.is_some_and(|until| entry.time_ns >= until);
                    if is_past && self.is_yet_to_come()? && self.readers[index].is_newest(&entry)? {
                        // What comes next tells whether its time was hit.
                        *quiet = true;
                        pending = true;
                    } else if is_past && !self.readers[index].is_time_contradicted(&entry)? {
                        self.passed_until[index] = true;
                    } else if best.is_none_or(|(_, best)| entry.time_ns < best.time_ns) {
                        best = Some((index, entry));
                    }
                }
                Peek::Pending => {
                    *quiet = true;
                    pending = true;
                }
                Peek::End => {}
            }
        }
        Ok(match best {
            Some((index, entry)) => Choice::Entry(index, entry),
            None if pending => Choice::Pending,
            None => Choice::Done,
        })
    }

    #[inline]
    pub(super) fn moved(&mut self, index: usize) {
        self.position[self.logs[index] as usize] = self.readers[index].position();
        if std::mem::take(&mut self.readers[index].entered) {
            self.adopt_log_id(index);
        }
    }

    /// A folder that was copied gets a log id of its own when its first writer
    /// comes; cursors from there on belong to that.
    #[cold]
    fn adopt_log_id(&mut self, index: usize) {
        let header = self.readers[index]
            .segment()
            .and_then(|s| s.header.as_ref());
        if let Some(found) = header.and_then(Identity::of)
            && found.log_id != self.log_id
            && found.descends_from(&self.log_id)
        {
            self.log_id = found.log_id;
        }
    }

    /// The stream ends with a gap; its cursor goes on after it.
    fn missed(&mut self, gap: Gap) -> Error {
        let index = self.index_of(gap.log);
        self.totals[gap.log as usize].gaps += 1;
        let before = self.position;
        self.moved(index);
        let resume_cursor = self.position().encode();
        self.position = before;
        self.close(EndReason::Closed);
        Error::MissedRotation {
            gaps: vec![gap],
            resume_cursor,
        }
    }

    pub(super) fn index_of(&self, log: Log) -> usize {
        self.logs
            .iter()
            .position(|other| *other == log)
            .expect("gaps come from logs that are read")
    }

    fn arm(&mut self) -> Result<(), Error> {
        if self.registration.is_none() {
            let registration = Registration::new(self.folder.fd())
                .map_err(|error| Error::io("wait for changes in", &self.folder.path, error))?;
            if let Some(waker) = self.waker.take() {
                registration.set_callback(waker);
            }
            self.registration = Some(registration);
        }
        let deadline = self.until.map(|until| {
            let left = until.saturating_sub(sys::now_ns()).max(0) as u64;
            sys::moment() + Duration::from_nanos(left) + UNTIL_GRACE
        });
        if let Some(registration) = &self.registration {
            registration.arm(deadline);
        }
        Ok(())
    }
}
