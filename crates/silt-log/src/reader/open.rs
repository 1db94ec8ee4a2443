//! Where a stream begins and ends.

use super::branch::{Origin, check_log};
use super::by_time::{end_before, first_since};
use super::filter::Filter;
use super::folder::ReaderFolder;
use super::locate::resume;
use super::log_reader::{LogReader, Stop};
use super::options::StreamOptions;
use super::tail::{LogTail, ReadBack, TailStart, keep_newest};
use crate::control::LogId;
use crate::cursor::{Cursor, LogPosition, Position};
use crate::lock::Mark;
use crate::{CursorReason, Error, Log};
use std::sync::Arc;

/// How often to begin anew when retention was faster.
const ATTEMPTS: usize = 100;

/// A stream's beginning.
pub(crate) struct Opened {
    pub(crate) folder: Arc<ReaderFolder>,
    pub(crate) log_id: LogId,
    /// The logs that are read, with a reader each.
    pub(crate) logs: Vec<Log>,
    pub(crate) readers: Vec<LogReader>,
    pub(crate) filter: Filter,
    /// Of the logs that are not read: carried through unchanged.
    pub(crate) position: Position,
    pub(crate) truncated: bool,
    /// Without `follow`, of a writer that had ended: what `.lock` said before the ends
    /// were looked up.
    pub(crate) ended: Option<Mark>,
}

/// Finds where each log that is asked for begins. A cursor that can not be used
/// is refused here, before the first entry.
pub(crate) fn open(folder: &Arc<ReaderFolder>, options: &StreamOptions) -> Result<Opened, Error> {
    options.validate()?;
    find_beginnings(folder, options).or_else(|error| {
        let of_the_log = matches!(
            error,
            Error::InvalidCursor {
                reason: CursorReason::OtherLog | CursorReason::PastEnd,
                ..
            }
        );
        // A folder that is being removed does not hold what a cursor stands
        // after, and that says nothing of the cursor.
        if of_the_log && folder.is_removed()? {
            return Err(Error::NotFound {
                path: folder.path.clone(),
            });
        }
        Err(error)
    })
}

fn find_beginnings(folder: &Arc<ReaderFolder>, options: &StreamOptions) -> Result<Opened, Error> {
    let cursor = options
        .from_cursor
        .as_deref()
        .map(Cursor::decode)
        .transpose()?;
    let identity = folder.identity()?;
    let origin = match &cursor {
        Some(cursor) => check_log(cursor, &identity)?,
        None => Origin::Own,
    };
    let position = cursor.map(|cursor| cursor.position).unwrap_or_default();
    let logs: Vec<Log> = Log::ALL
        .into_iter()
        .filter(|log| options.sources.reads(*log))
        .collect();
    // A cursor in a log that is not read now is checked all the same.
    for log in Log::ALL {
        if position[log as usize] != LogPosition::Unread && !logs.contains(&log) {
            resume(folder, log, position[log as usize], origin)?;
        }
    }

    let opening = Opening {
        folder,
        options,
        logs: &logs,
        position,
        origin,
    };
    // Before the ends are looked up: what it tells of lies before them.
    let ended = match options.follow {
        true => None,
        false => folder.mark()?.filter(Mark::has_ended),
    };
    let mut attempts = 0..ATTEMPTS;
    loop {
        let patient = attempts.next().is_some();
        if let Some((readers, filter, truncated)) = opening.begin(patient)? {
            return Ok(Opened {
                folder: Arc::clone(folder),
                log_id: identity.log_id,
                logs,
                readers,
                filter,
                position,
                truncated,
                ended,
            });
        }
    }
}

struct Opening<'a> {
    folder: &'a Arc<ReaderFolder>,
    options: &'a StreamOptions,
    logs: &'a [Log],
    position: Position,
    origin: Origin,
}

impl Opening<'_> {
    /// The readers of the logs, with what they filter by and whether earlier
    /// entries were left out. `None` when retention took what was to be begun
    /// with, and `patient`.
    fn begin(&self, patient: bool) -> Result<Option<(Vec<LogReader>, Filter, bool)>, Error> {
        let (folder, options) = (self.folder, self.options);
        let mut filter = Filter::new(
            options.sources,
            options.sessions.clone(),
            options.level,
            options.grep.clone(),
            options.since,
        );
        let mut truncated = false;
        let mut readers = Vec::with_capacity(self.logs.len());
        for log in self.logs {
            readers.push(self.beginning(*log, &mut truncated)?);
        }
        let mut stops = Vec::with_capacity(self.logs.len());
        for log in self.logs {
            stops.push(end_of(folder, *log)?);
        }
        // After the beginnings: an end is before only where all went in between.
        let is_behind = |(reader, stop): (&LogReader, &Stop)| {
            let segment = reader.segment();
            segment.is_some_and(|segment| segment.number > stop.segment)
        };
        if patient && !options.follow && readers.iter().zip(&stops).any(is_behind) {
            return Ok(None);
        }
        if let Some(count) = options.tail {
            match self.begin_at_tail(count, &filter, &stops, &mut readers, patient)? {
                Some(left_out) => truncated |= left_out,
                None => return Ok(None),
            }
        }
        for ((log, stop), reader) in self.logs.iter().zip(stops).zip(&mut readers) {
            if !options.follow {
                reader.stop_at(stop);
            }
            if let Some(segment) = reader.segment() {
                let offset = reader.offset;
                filter.look_at_parts_before(folder, *log, segment, offset)?;
            }
        }
        Ok(Some((readers, filter, truncated)))
    }

    fn beginning(&self, log: Log, truncated: &mut bool) -> Result<LogReader, Error> {
        let folder = self.folder;
        match (self.position[log as usize], self.options.since) {
            (LogPosition::Unread, Some(since)) => {
                *truncated |= since_was_evicted(folder, log, since)?;
                match first_since(folder, log, since)? {
                    Some(place) => Ok(place.reader(folder, log)),
                    None => LogReader::at_beginning(folder, log),
                }
            }
            (LogPosition::Unread, None) => {
                let reader = LogReader::at_beginning(folder, log)?;
                *truncated |= reader.segment().is_some_and(|oldest| oldest.number > 1);
                Ok(reader)
            }
            (after, _) => resume(folder, log, after, self.origin),
        }
    }

    /// Moves the readers to where the newest `count` entries begin. Returns
    /// whether wanted entries were left out.
    fn begin_at_tail(
        &self,
        count: u64,
        filter: &Filter,
        stops: &[Stop],
        readers: &mut [LogReader],
        patient: bool,
    ) -> Result<Option<bool>, Error> {
        let folder = self.folder;
        let mut tails: [Option<LogTail>; 3] = [None, None, None];
        for ((log, stop), reader) in self.logs.iter().zip(stops).zip(&*readers) {
            let beginning = reader.segment().map(|segment| Stop {
                segment: segment.number,
                offset: reader.offset,
            });
            let mut stop = *stop;
            if let Some(until) = self.options.until
                && let Some(end) = end_before(folder, *log, until, beginning)?
            {
                stop = stop.min(end);
            }
            let back = ReadBack {
                folder,
                log: *log,
                filter,
                count,
                beginning,
                after: reader.last(),
            };
            let mut tail = back.read(stop)?;
            if tail.vanished {
                let resumed = self.position[*log as usize] != LogPosition::Unread;
                if patient && (resumed || tail.is_empty()) {
                    return Ok(None);
                }
                tail.left_out = true;
            }
            tails[*log as usize] = Some(tail);
        }
        let left_out = keep_newest(&mut tails, count);
        for (log, reader) in self.logs.iter().zip(readers) {
            let Some(tail) = &tails[*log as usize] else {
                continue;
            };
            match tail.start(folder, *log, patient)? {
                TailStart::Unchanged => {}
                TailStart::Vanished => return Ok(None),
                TailStart::At(mut later) => {
                    if self.position[*log as usize] != LogPosition::Unread {
                        later.put_gaps_first(reader.take_gaps());
                    }
                    *reader = *later;
                }
            }
        }
        Ok(Some(left_out))
    }
}

/// Where a log ends now.
fn end_of(folder: &ReaderFolder, log: Log) -> Result<Stop, Error> {
    let Some(newest) = folder.newest(log, |_| true)? else {
        return Ok(Stop {
            segment: 0,
            offset: 0,
        });
    };
    Ok(Stop {
        segment: newest.number,
        offset: newest
            .size()
            .map_err(|error| Error::io("measure", &folder.path, error))?,
    })
}

/// Whether entries that are gone may have been in the time asked for.
fn since_was_evicted(folder: &ReaderFolder, log: Log, since: i64) -> Result<bool, Error> {
    Ok(folder
        .oldest_above(log, 0)?
        .filter(|oldest| oldest.number > 1)
        .is_some_and(|oldest| oldest.header.is_none_or(|header| header.greatest >= since)))
}
