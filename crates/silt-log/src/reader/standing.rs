//! Whether an entry's number and time are those that its writer gave it.

use super::ahead::{next_entry, next_time};
use super::folder::ReaderFolder;
use crate::control::Control;
use crate::mutation::mutation;
use crate::segment::Segment;
use crate::{Error, Log};

/// What an entry's number is to those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It comes next, or what stands after it agrees that some are missing.
    Given,
    /// It was hit: the entry is missing, under a number that nobody can tell.
    Changed,
    /// Either: what stands before is not known and what stands after does not follow
    /// it, or some are missing for no reason, and its writer has yet to say what
    /// stands after.
    Unknown,
}

/// What stands before an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before {
    /// The number accounted for before it, where that is known.
    pub(crate) last: Option<u64>,
    /// After the entry of that number there is a line that is none, or whose number
    /// was hit: it accounts for what is missing.
    pub(crate) spoiled: bool,
}

/// Whether a line that is no entry should have been one.
pub(crate) fn is_spoiled(line: &[u8]) -> bool {
    Control::parse(line).is_none() && !Control::is_later(line)
}

impl ReaderFolder {
    /// How an entry of `segment` stands whose line ends at `end_offset`, with a number
    /// above what is accounted for before it.
    pub(crate) fn standing(
        &self,
        log: Log,
        segment: &Segment,
        before: Before,
        sequence: u64,
        end_offset: u64,
    ) -> Result<Standing, Error> {
        let Before { last, spoiled } = before;
        if sequence > segment.limit() {
            return Ok(Standing::Changed);
        }
        if last.is_some_and(|last| sequence == last + 1) {
            return Ok(Standing::Given);
        }
        let first_after = self.first_after(log, segment)?;
        if first_after.is_some_and(|first| first <= sequence) {
            return Ok(Standing::Changed);
        }
        if mutation!("believe-a-changed-number") {
            return Ok(Standing::Given);
        }
        let next = next_entry(segment, end_offset, |entry| entry.sequence)
            .map_err(|error| Error::io("read", &self.path, error))?;
        Ok(match (last, next) {
            (_, Some(next)) if next <= sequence => Standing::Changed,
            (Some(_), Some(_)) => Standing::Given,
            (Some(_), None) if mutation!("believe-a-newest-number") => Standing::Given,
            (Some(_), None) if spoiled || !self.is_newest(log, segment)? => Standing::Given,
            (Some(_), None) if self.is_written()? => Standing::Unknown,
            (Some(_), None) => Standing::Given,
            // Two in a row vouch for each other.
            (None, _) if next.or(first_after) == Some(sequence + 1) => Standing::Given,
            (None, _) => Standing::Unknown,
        })
    }

    pub(super) fn is_newest(&self, log: Log, segment: &Segment) -> Result<bool, Error> {
        let newest = self.numbers(log)?.last().copied();
        Ok(newest.is_none_or(|newest| newest <= segment.number))
    }

    /// Whether the time of an entry of `segment`, whose line ends at `end_offset`, is
    /// above that of what stands after it, where times never decrease: one of them
    /// was hit.
    pub(crate) fn is_time_contradicted(
        &self,
        log: Log,
        segment: &Segment,
        time_ns: i64,
        end_offset: u64,
    ) -> Result<bool, Error> {
        if mutation!("believe-a-changed-time") {
            return Ok(false);
        }
        let next =
            next_time(segment, end_offset).map_err(|error| Error::io("read", &self.path, error))?;
        let bound = match next {
            Some(next) => Some(next),
            None => self
                .segment(log, segment.number + 1)?
                .and_then(|next| next.header?.bound_of_times()),
        };
        Ok(bound.is_some_and(|bound| bound < time_ns))
    }
}
