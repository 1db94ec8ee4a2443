//! Finds the place in a log that a cursor stands for, without reading what lies
//! before it.

use super::branch::{Origin, another_branch, is_given_again};
use super::folder::ReaderFolder;
use super::lines::Lines;
use super::log_reader::LogReader;
use super::search::{Sought, bisect, has_entry_from, last_starting_by};
use crate::control::{Control, log_id_text};
use crate::cursor::LogPosition;
use crate::line;
use crate::lock::Mark;
use crate::mutation::mutation;
use crate::segment::Segment;
use crate::{CursorReason, Error, Gap, GapReason, Log, sys};
use std::sync::Arc;

/// A place in a log.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) segment: Segment,
    pub(crate) offset: u64,
    /// The last number before it, where that is known.
    pub(super) last: Option<u64>,
}

impl Place {
    pub(crate) fn reader(self, folder: &Arc<ReaderFolder>, log: Log) -> LogReader {
        match self.last {
            Some(last) => LogReader::at(folder, log, self.segment, self.offset, last),
            None => LogReader::at_first(folder, log, self.segment, self.offset),
        }
    }
}

/// A reader that goes on strictly after the entry `sequence`.
pub(crate) fn resume(
    folder: &Arc<ReaderFolder>,
    log: Log,
    position: LogPosition,
    origin: Origin,
) -> Result<LogReader, Error> {
    let LogPosition::After {
        sequence,
        segment: number,
        offset,
        tag,
    } = position
    else {
        return LogReader::at_beginning(folder, log);
    };
    let own = origin == Origin::Own;
    let hinted = folder.segment(log, number)?;
    if let Some(segment) = &hinted {
        // The original may have gone on to a segment of that number by itself.
        let is_another = segment.header.is_some() && segment.tag() != tag;
        if is_another && own {
            return Err(another_branch(log, number, "was written again"));
        }
        if !is_another && hint_holds(folder, segment, sequence, offset)? {
            let segment = hinted.expect("it was found");
            return Ok(LogReader::at(folder, log, segment, offset, sequence));
        }
    }
    if own
        && let Some(next) = folder.segment(log, number + 1)?
        && is_given_again(folder, log, position, &next)?
    {
        return Err(another_branch(log, number, "was cut off and gone on from"));
    }
    let Some(segment) = last_starting_by(folder, log, sequence + 1)? else {
        return match folder.oldest_above(log, 0)? {
            // What lies between is gone.
            Some(oldest) => Ok(LogReader::entering(folder, log, oldest, sequence)),
            None if may_have_been_given(folder, log, sequence)? => {
                Ok(LogReader::before_any_segment(folder, log, sequence))
            }
            None => Err(past_end(log, sequence, 0)),
        };
    };
    let edge = bisect(folder, log, &segment, Sought::Number(sequence))?;
    let offset = edge.offset;
    let last = edge.last.or(segment.before_first_entry()).unwrap_or(0);
    // Entries whose number was hit may have had those up to it.
    if last + edge.passed < sequence
        && !is_followed(folder, log, &segment, offset)?
        && !was_given(folder, log, last, sequence)?
    {
        let gap = crashed(folder, log, segment.number, sequence)?
            .ok_or_else(|| past_end(log, sequence, last))?;
        let mut reader = LogReader::at(folder, log, segment, offset, sequence);
        reader.queue_gap(gap);
        return Ok(reader);
    }
    Ok(LogReader::at(folder, log, segment, offset, sequence))
}

/// Whether a number may have been given though no segment is there: a full disk
/// can take them all.
fn may_have_been_given(folder: &ReaderFolder, log: Log, sequence: u64) -> Result<bool, Error> {
    let Some(mark) = folder.mark()? else {
        return Ok(sequence == 0);
    };
    let marked = &mark.logs[log as usize];
    let limit = if is_of_this_log(folder, &mark)? {
        marked.limit
    } else {
        // A writer has begun in a copy and made no segment yet: what comes next
        // there is not what came next in the original.
        let next = marked.next.unwrap_or(1);
        marked.losing.unwrap_or(next).min(next).saturating_sub(1)
    };
    Ok(sequence <= limit)
}

/// Whether a mark speaks of the numbers of the log that the headers name.
fn is_of_this_log(folder: &ReaderFolder, mark: &Mark) -> Result<bool, Error> {
    Ok(mark.log_id == log_id_text(&folder.identity()?.log_id))
}

/// Whether `sequence` was given after the entry `last`, though it is not there:
/// while nothing can be kept, as the next header will say, or by a writer that ended
/// by itself, and the end of its newest segment is gone or can not be read.
fn was_given(folder: &ReaderFolder, log: Log, last: u64, sequence: u64) -> Result<bool, Error> {
    let Some(mark) = folder.mark()? else {
        return Ok(false);
    };
    let marked = &mark.logs[log as usize];
    // A mark may be older than the header that states the gap.
    let losing = marked
        .losing
        .is_some_and(|from| from > last && from <= sequence);
    let given = marked.last.or(losing.then_some(marked.limit));
    Ok(given.is_some_and(|given| sequence <= given) && is_of_this_log(folder, &mark)?)
}

/// A cursor that stands after all there is: after a machine crash that no
/// writer has mended yet this is a gap, up to what may have been given.
fn crashed(
    folder: &ReaderFolder,
    log: Log,
    number: u64,
    sequence: u64,
) -> Result<Option<Gap>, Error> {
    let Some(segment) = folder.segment(log, number)? else {
        return Ok(None);
    };
    let Some(header) = &segment.header else {
        return Ok(None);
    };
    // The mark outlives a segment that went, and speaks of its numbers. If a
    // writer is there already it has begun no segment in this log, and the mark
    // says where it will go on.
    let limit = match folder.mark()? {
        Some(mark) if mark.boot == header.boot => mark.logs[log as usize].limit,
        Some(mark) => mark.logs[log as usize]
            .next
            .map_or(0, |next| next.saturating_sub(1)),
        None => 0,
    };
    let limit = limit.max(header.limit);
    if header.boot == sys::boot_id() || sequence > limit {
        return Ok(None);
    }
    let mut lines = Lines::at(segment.header_bytes);
    while let Some(line) = lines
        .next(&segment, u64::MAX)
        .map_err(|error| Error::io("read", &folder.path, error))?
    {
        let text = lines.bytes(line.from, line.to);
        if matches!(Control::parse(text), Some(Control::End(_))) {
            return Ok(None);
        }
    }
    Ok(Some(Gap {
        log,
        from: sequence + 1,
        to: limit,
        lost: None,
        reason: GapReason::Crash,
    }))
}

fn past_end(log: Log, sequence: u64, last: u64) -> Error {
    Error::cursor(
        CursorReason::PastEnd,
        format!(
            "it stands after entry {sequence} of log {}, whose newest entry is {last}",
            log.name()
        ),
    )
}

/// Whether anything comes after `offset`: an entry, or another segment.
fn is_followed(
    folder: &ReaderFolder,
    log: Log,
    segment: &Segment,
    offset: u64,
) -> Result<bool, Error> {
    if has_entry_from(folder, segment, offset)? {
        return Ok(true);
    }
    Ok(folder
        .numbers(log)?
        .iter()
        .any(|number| *number > segment.number))
}

/// Whether the line that ends at `offset` accounts for `sequence`: the hint of
/// a cursor is never trusted unread.
fn hint_holds(
    folder: &ReaderFolder,
    segment: &Segment,
    sequence: u64,
    offset: u64,
) -> Result<bool, Error> {
    if mutation!("trust-offset") {
        return Ok(true);
    }
    if offset == segment.header_bytes
        && let Some(header) = &segment.header
    {
        return Ok(header.first - 1 == sequence || header.before_first_entry() == sequence);
    }
    for window in [4 << 10, 128 << 10] {
        let from = offset.saturating_sub(window);
        let mut bytes = vec![0; (offset - from) as usize];
        let count = segment
            .read_at(&mut bytes, from)
            .map_err(|error| Error::io("read", &folder.path, error))?;
        if count < bytes.len() || bytes.last() != Some(&b'\n') {
            return Ok(false);
        }
        let text = &bytes[..bytes.len() - 1];
        if let Some(end) = memchr::memrchr(b'\n', text) {
            return Ok(
                line::parse(&text[end + 1..]).is_some_and(|entry| entry.sequence == sequence)
            );
        }
    }
    Ok(false)
}
