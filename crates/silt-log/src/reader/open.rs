//! Where a stream begins and ends.

use super::filter::Filter;
use super::folder::ReaderFolder;
use super::locate::{check_log, first_not_before, resume};
use super::log_reader::{LogReader, Stop};
use super::options::StreamOptions;
use super::tail::{LogTail, ReadBack, keep_newest};
use crate::control::LogId;
use crate::cursor::{Cursor, LogPosition, Position};
use crate::{Error, Log};
use std::sync::Arc;

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
}

/// Finds where each log that is asked for begins. A cursor that can not be used
/// is refused here, before the first entry.
pub(crate) fn open(folder: &Arc<ReaderFolder>, options: &StreamOptions) -> Result<Opened, Error> {
    options.validate()?;
    let cursor = options
        .from_cursor
        .as_deref()
        .map(Cursor::decode)
        .transpose()?;
    let identity = folder.identity()?;
    if let Some(cursor) = &cursor {
        check_log(cursor, &identity)?;
    }
    let position = cursor.map(|cursor| cursor.position).unwrap_or_default();
    let logs: Vec<Log> = Log::ALL
        .into_iter()
        .filter(|log| options.sources.reads(*log))
        .collect();
    let mut filter = Filter::new(
        options.sources,
        options.sessions.clone(),
        options.level,
        options.grep.clone(),
        options.since,
    );
    // A cursor in a log that is not read now is checked all the same.
    for log in Log::ALL {
        if position[log as usize] != LogPosition::Unread && !logs.contains(&log) {
            resume(folder, log, position[log as usize])?;
        }
    }

    let mut stops = [None; 3];
    if !options.follow || options.tail.is_some() {
        for log in &logs {
            stops[*log as usize] = Some(end_of(folder, *log)?);
        }
    }
    let mut truncated = false;
    let mut readers = Vec::with_capacity(logs.len());
    for log in &logs {
        let start = position[*log as usize];
        let reader = match (start, options.since) {
            (LogPosition::Unread, Some(since)) => {
                let place = first_not_before(folder, *log, since)?;
                truncated |= since_was_evicted(folder, *log, since)?;
                match place {
                    Some(place) => place.reader(folder, *log),
                    None => LogReader::at_beginning(folder, *log)?,
                }
            }
            (LogPosition::Unread, None) => {
                let reader = LogReader::at_beginning(folder, *log)?;
                truncated |= reader.segment().is_some_and(|oldest| oldest.number > 1);
                reader
            }
            (after, _) => resume(folder, *log, after)?,
        };
        readers.push(reader);
    }
    if let Some(count) = options.tail {
        let mut tails: [Option<LogTail>; 3] = [None, None, None];
        for (log, reader) in logs.iter().zip(&readers) {
            let mut stop = stops[*log as usize].unwrap_or(Stop {
                segment: 0,
                offset: 0,
            });
            if let Some(until) = options.until
                && let Some(place) = first_not_before(folder, *log, until)?
            {
                let place = Stop {
                    segment: place.segment.number,
                    offset: place.offset,
                };
                if (place.segment, place.offset) < (stop.segment, stop.offset) {
                    stop = place;
                }
            }
            let back = ReadBack {
                folder,
                log: *log,
                filter: &filter,
                count,
                after: reader.last(),
            };
            let tail = back.read(stop)?;
            tails[*log as usize] = Some(tail);
        }
        truncated |= keep_newest(&mut tails, count);
        for (log, reader) in logs.iter().zip(&mut readers) {
            if let Some(tail) = &tails[*log as usize]
                && let Some(mut later) = tail.reader(folder, *log)?
            {
                if position[*log as usize] != LogPosition::Unread {
                    later.put_gaps_first(reader.take_gaps());
                }
                *reader = later;
            }
        }
    }
    for (log, reader) in logs.iter().zip(&mut readers) {
        if !options.follow
            && let Some(stop) = stops[*log as usize]
        {
            reader.stop_at(stop);
        }
        if let (Some(segment), LogPosition::After { offset, .. }) =
            (reader.segment(), reader.position())
        {
            filter.look_at_parts_before(folder, *log, segment, offset)?;
        }
    }
    Ok(Opened {
        folder: Arc::clone(folder),
        log_id: identity.log_id,
        logs,
        readers,
        filter,
        position,
        truncated,
    })
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
