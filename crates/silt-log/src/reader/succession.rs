//! How a reader goes from one segment to the next, and what it finds missing
//! in between.

use super::branch::is_given_again;
use super::lines::Lines;
use super::log_reader::{LogReader, Peek};
use crate::mutation::mutation;
use crate::segment::Segment;
use crate::{Error, Gap, GapReason, segment_name};
use std::collections::VecDeque;

impl LogReader {
    /// Reports `gap` before anything else, as far as it is not accounted for.
    pub(crate) fn queue_gap(&mut self, mut gap: Gap) {
        let last = self.gaps.back().map_or(self.last, |gap| gap.to);
        if gap.to <= last {
            return;
        }
        if gap.from <= last {
            gap.from = last + 1;
            gap.lost = gap.lost.map(|_| gap.to - gap.from + 1);
        }
        self.gaps.push_back(gap);
    }

    /// The gaps that come before the next entry.
    pub(crate) fn take_gaps(&mut self) -> VecDeque<Gap> {
        std::mem::take(&mut self.gaps)
    }

    /// Reports `gaps` first, though what follows begins later.
    pub(crate) fn put_gaps_first(&mut self, mut gaps: VecDeque<Gap>) {
        gaps.append(&mut self.gaps);
        self.gaps = gaps;
    }

    /// Whether another segment is there already, or was.
    pub(crate) fn is_succeeded(&self) -> Result<bool, Error> {
        let number = self.current.as_ref().map_or(0, |current| current.number);
        Ok(self
            .folder
            .numbers(self.log)?
            .last()
            .is_some_and(|newest| *newest > number))
    }

    /// Whether the segment that is read is still in the folder.
    pub(crate) fn is_in_place(&self) -> Result<bool, Error> {
        match &self.current {
            Some(current) => {
                let there = self.folder.segment(self.log, current.number)?;
                Ok(there.is_some_and(|there| there.tag() == current.tag()))
            }
            None => Ok(false),
        }
    }

    pub(super) fn first_segment(&mut self) -> Result<Option<Peek>, Error> {
        match self.folder.oldest_above(self.log, 0)? {
            // Or told already of what went before.
            Some(oldest) if self.resumed || self.last > 0 => {
                self.switch(oldest);
                Ok(None)
            }
            Some(oldest) => {
                self.begin(oldest);
                Ok(None)
            }
            None => Ok(Some(self.quiet())),
        }
    }

    pub(super) fn begin(&mut self, oldest: Segment) {
        match &oldest.header {
            Some(header) => {
                self.last = header.first - 1;
                if let Some(gap) = &header.gap {
                    let gap = gap.gap(self.log);
                    self.queue_gap(gap);
                }
            }
            // A log begins with 1; what else was evicted can not be told.
            None if oldest.number > 1 => self.jump = None,
            None => {}
        }
        self.stand_in(oldest);
    }

    /// The current segment has nothing more right now.
    #[cold]
    pub(super) fn at_end_of_segment(&mut self) -> Result<Option<Peek>, Error> {
        // The current one was read to its end again after the next was there.
        if let Some(next) = self.next.take() {
            self.check_branch(&next)?;
            self.switch(next);
            return Ok(None);
        }
        let number = self.current.as_ref().map_or(0, |current| current.number);
        if let Some(next) = self.folder.segment(self.log, number + 1)? {
            if mutation!("no-second-read") {
                self.switch(next);
                return Ok(None);
            }
            self.next = Some(next);
            return Ok(None);
        }
        let later = self.folder.numbers(self.log)?;
        if !later.iter().any(|later| *later > number) {
            return Ok(Some(self.quiet()));
        }
        // Listed later ones do not say that the next was evicted: it may have
        // appeared since it was not there.
        self.next = match self.folder.segment(self.log, number + 1)? {
            Some(_) if mutation!("evicted-without-second-open") => {
                self.folder.oldest_above(self.log, number + 1)?
            }
            Some(next) => Some(next),
            None => self.folder.oldest_above(self.log, number)?,
        };
        Ok(None)
    }

    /// Refuses what a writer went on with after somebody had cut off entries that
    /// were read here: it gave their numbers to others.
    fn check_branch(&self, next: &Segment) -> Result<(), Error> {
        let Some(header) = &next.header else {
            return Ok(());
        };
        if !is_given_again(&self.folder, self.log, self.position(), next)? {
            return Ok(());
        }
        let name = segment_name::plain(self.log, next.number - 1);
        Err(Error::Corruption {
            path: self.folder.path.join(name),
            message: format!(
                "it was cut off while it was read, and the numbers {} to {} were given again; read the log anew",
                header.before_first_entry() + 1,
                self.last
            ),
        })
    }

    pub(super) fn switch(&mut self, next: Segment) {
        let number = self.current.as_ref().map_or(0, |current| current.number);
        let reason = if next.number == number + 1 {
            GapReason::Damage
        } else {
            GapReason::Rotated
        };
        self.jump = Some(GapReason::Damage);
        match &next.header {
            Some(header) => {
                if header.first > self.last + 1 {
                    self.gaps.push_back(Gap {
                        log: self.log,
                        from: self.last + 1,
                        to: header.first - 1,
                        lost: Some(header.first - 1 - self.last),
                        reason,
                    });
                }
                if let Some(gap) = &header.gap {
                    let gap = gap.gap(self.log);
                    self.queue_gap(gap);
                }
            }
            None => self.jump = Some(reason),
        }
        self.ended = false;
        self.stand_in(next);
    }

    fn stand_in(&mut self, segment: Segment) {
        self.lines = Lines::at(segment.header_bytes);
        self.offset = segment.header_bytes;
        self.limit = segment.limit();
        self.spoiled = false;
        self.entered = true;
        self.current = Some(segment);
    }
}
