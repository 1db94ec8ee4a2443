//! Whether a place that was read before still belongs to the log that is there:
//! logs are copied, put back, cut off, and then gone on with.

use super::folder::{Identity, ReaderFolder};
use crate::control::log_id_text;
use crate::cursor::{Cursor, LogPosition};
use crate::segment::Segment;
use crate::{CursorReason, Error, Log};

/// Whose cursor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// This log's own.
    Own,
    /// Of the log that this one is a copy of, at numbers that both share.
    Original,
}

/// Refuses a cursor that was made from another log than this one.
pub(crate) fn check_log(cursor: &Cursor, identity: &Identity) -> Result<Origin, Error> {
    if cursor.log_id == identity.log_id {
        return Ok(Origin::Own);
    }
    let id = log_id_text(&cursor.log_id);
    let shared = identity.ancestors.iter().any(|ancestor| {
        ancestor.log_id == id
            && Log::ALL
                .into_iter()
                .all(|log| match cursor.position[log as usize] {
                    LogPosition::Unread => true,
                    LogPosition::After { sequence, .. } => sequence <= ancestor.last(log),
                })
    });
    if shared {
        return Ok(Origin::Original);
    }
    Err(other_log(format!(
        "it was made from log {id}, this is log {}; read this one from its beginning",
        log_id_text(&identity.log_id)
    )))
}

fn other_log(message: String) -> Error {
    Error::cursor(CursorReason::OtherLog, message)
}

pub(super) fn another_branch(log: Log, number: u64, what: &str) -> Error {
    other_log(format!(
        "segment {number} of log {} {what} since; this is another branch of the log",
        log.name()
    ))
}

/// Whether the entry that `position` stands after was cut off, and the writer that
/// went on from there with `next` gave its number to another.
pub(super) fn is_given_again(
    folder: &ReaderFolder,
    log: Log,
    position: LogPosition,
    next: &Segment,
) -> Result<bool, Error> {
    let (
        Some(header),
        LogPosition::After {
            sequence,
            segment: number,
            offset,
            tag,
        },
    ) = (&next.header, position)
    else {
        return Ok(false);
    };
    if next.number != number + 1 || !header.gives_again(sequence, offset) {
        return Ok(false);
    }
    let there = folder.segment(log, number)?;
    let Some(there) = there.filter(|there| there.tag() == tag) else {
        return Ok(true);
    };
    let whole = there.ends_line_at(offset);
    whole
        .map(|whole| !whole)
        .map_err(|error| Error::io("read", &folder.path, error))
}
