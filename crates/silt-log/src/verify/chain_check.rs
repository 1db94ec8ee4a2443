//! Checks the segments of one log, oldest first.

use super::findings::Findings;
use super::report::{DamageKind, LogReport};
use super::segment_check::LogCheck;
use super::sessions::Sessions;
use super::succession::{Before, Known, Marked, compare_end, enter};
use crate::reader::ReaderFolder;
use crate::segment::Segment;
use crate::{Error, Log, segment_name};

/// The segments of one log as they were at the start of a check.
#[derive(Debug)]
pub(crate) struct Chain {
    log: Log,
    pub(crate) numbers: Vec<u64>,
    /// The newest, held open, and its size at the start.
    newest: Option<(Segment, u64)>,
}

impl Chain {
    pub(crate) fn list(folder: &ReaderFolder, log: Log) -> Result<Chain, Error> {
        let numbers = folder.numbers(log)?;
        let mut newest = None;
        if let Some(number) = numbers.last()
            && let Ok(Some(segment)) = folder.segment(log, *number)
        {
            let size = segment
                .size()
                .map_err(|error| Error::io("measure", &folder.path, error))?;
            newest = Some((segment, size));
        }
        Ok(Chain {
            log,
            numbers,
            newest,
        })
    }

    /// Reads all segments; `on_segment` is called after each.
    pub(crate) fn check(
        self,
        folder: &ReaderFolder,
        known: Known<'_>,
        marked: Option<Marked<'_>>,
        sessions: &mut Sessions,
        findings: &mut Findings,
        on_segment: &mut dyn FnMut(u64),
    ) -> Result<LogReport, Error> {
        let log = self.log;
        let mut check = LogCheck {
            log,
            last: None,
            greatest: i64::MIN,
            report: LogReport::new(log),
            sessions,
            findings,
        };
        let (mut newest, newest_size) = self.newest.unzip();
        let newest_number = newest.as_ref().map(|segment| segment.number);
        let mut before: Option<Before> = None;
        let mut next = None;
        for (index, number) in self.numbers.iter().copied().enumerate() {
            let damage_before = check.findings.count();
            let mut open = |number| match newest.take_if(|newest| newest.number == number) {
                Some(segment) => Ok(Opened::There(Box::new(segment))),
                None => open(folder, log, number),
            };
            let opened = match next.take() {
                Some(segment) => Opened::There(segment),
                None => open(number)?,
            };
            let segment = match opened {
                Opened::There(segment) => segment,
                Opened::Evicted => {
                    // Retention took it meanwhile, and all before it.
                    before = None;
                    check.last = None;
                    check.report.truncated = true;
                    continue;
                }
                Opened::Damaged(message) => {
                    check.add(number, DamageKind::Segment, None, message);
                    before = Some(Before {
                        number,
                        checked: None,
                        damage_before,
                    });
                    continue;
                }
            };
            enter(&mut check, &segment, before.take(), known);
            // The successor's header says how much of this one counts.
            if let Some(number) = self.numbers.get(index + 1)
                && let Opened::There(segment) = open(*number)?
            {
                next = Some(segment);
            }
            let size = match newest_size {
                Some(size) if newest_number == Some(number) => size,
                _ => segment
                    .size()
                    .map_err(|error| Error::io("measure", &folder.path, error))?,
            };
            let previous = next
                .as_ref()
                .filter(|next| next.number == number + 1)
                .and_then(|next| next.header.as_ref()?.previous.as_ref());
            let stop = previous.map_or(size, |previous| previous.length.min(size));
            let checked = check.read(&segment, stop).map_err(|error| {
                Error::io(
                    "read",
                    folder.path.join(segment_name::plain(log, number)),
                    error,
                )
            })?;
            check.report.torn_bytes += size - stop;
            check.report.segments += 1;
            before = Some(Before {
                number,
                checked: Some(checked),
                damage_before,
            });
            on_segment(number);
        }
        if let Some(marked) = marked {
            compare_end(&mut check, before.as_ref(), marked);
        }
        Ok(check.report)
    }
}

/// Opens a segment that was listed.
fn open(folder: &ReaderFolder, log: Log, number: u64) -> Result<Opened, Error> {
    match folder.segment(log, number) {
        Ok(Some(segment)) => {
            let undecodable = segment
                .undecodable()
                .map_err(|error| Error::io("read", &folder.path, error))?;
            Ok(match undecodable {
                Some(why) => Opened::Damaged(format!("it can not be decompressed: {why}")),
                None => Opened::There(Box::new(segment)),
            })
        }
        Ok(None) => {
            let oldest = folder.numbers(log)?.first().copied();
            Ok(if oldest.is_none_or(|oldest| oldest > number) {
                Opened::Evicted
            } else {
                Opened::Damaged("the segment went while it was checked".into())
            })
        }
        Err(error) => Err(error),
    }
}

enum Opened {
    There(Box<Segment>),
    Evicted,
    Damaged(String),
}
