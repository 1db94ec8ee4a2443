//! What a line of a log is to who reads forward: an entry that comes next, one of
//! which it is not settled yet whether it does, or one that is missing.

use super::ahead::next_entry;
use super::delivered::SeenExit;
use super::entry_ref::EntryRef;
use super::lines::{LineRef, Lines};
use super::log_reader::LogReader;
use super::standing::{Before, Standing};
use crate::control::Control;
use crate::line;
use crate::{Error, Gap, GapReason};

impl LogReader {
    /// `false` where it is not settled yet what the line is.
    #[inline]
    pub(super) fn take_line(&mut self, line: LineRef) -> Result<bool, Error> {
        let text = self.lines.bytes(line.from, line.to);
        // What can not be read shows as a jump of the numbers after it.
        let Some(raw) = line::parse(text) else {
            if !Control::is_sum(text) {
                let control = Control::parse(text);
                self.spoiled |= control.is_none() && !Control::is_later(text);
                self.take_control(control);
            }
            return Ok(true);
        };
        // Given once already, or not by this segment.
        if raw.sequence <= self.last || raw.sequence > self.limit {
            self.spoiled = true;
            return Ok(true);
        }
        let entry = EntryRef::of(&raw, line);
        if entry.sequence > self.last + 1 {
            match self.standing(&entry) {
                Ok(Standing::Given) => self.report_missing(entry.sequence),
                Ok(Standing::Changed) => {
                    self.spoiled = true;
                    return Ok(true);
                }
                // The next call reads this line again.
                Ok(Standing::Unknown) => {
                    self.go_back_to(line);
                    return Ok(false);
                }
                Err(error) => {
                    self.go_back_to(line);
                    return Err(error);
                }
            }
        }
        self.jump = Some(GapReason::Damage);
        self.spoiled = false;
        self.entry = Some(entry);
        Ok(true)
    }

    /// Reports the entry of a line that is held as missing: nothing that could settle
    /// it is waited for. `false` where none is held.
    pub(super) fn tell_held(&mut self) -> bool {
        let Some(end_offset) = self.held.take() else {
            return false;
        };
        self.lines = Lines::at(end_offset);
        self.offset = end_offset;
        self.spoiled = true;
        let missing = self.last + 1;
        self.queue_gap(Gap {
            log: self.log,
            from: missing,
            to: missing,
            lost: Some(1),
            reason: GapReason::Damage,
        });
        true
    }

    #[cold]
    fn go_back_to(&mut self, line: LineRef) {
        let length = (line.to - line.from + 1) as u64;
        self.lines = Lines::at(line.end_offset - length);
    }

    /// How an entry stands that leaves numbers out.
    #[cold]
    fn standing(&self, entry: &EntryRef) -> Result<Standing, Error> {
        let Some(current) = &self.current else {
            return Ok(Standing::Given);
        };
        let before = Before {
            last: self.jump.map(|_| self.last),
            spoiled: self.spoiled,
        };
        let (sequence, end_offset) = (entry.sequence, entry.line.end_offset);
        let standing = self
            .folder
            .standing(self.log, current, before, sequence, end_offset)?;
        // The first that there is has nothing before it to be judged by.
        let is_first = before.last.is_none() && standing == Standing::Unknown;
        Ok(if is_first { Standing::Given } else { standing })
    }

    /// Reports what is missing before an entry of this segment.
    #[cold]
    fn report_missing(&mut self, sequence: u64) {
        match self.jump {
            Some(reason) => self.gaps.push_back(Gap {
                log: self.log,
                from: self.last + 1,
                to: sequence - 1,
                lost: Some(sequence - 1 - self.last),
                reason,
            }),
            None => self.last = sequence - 1,
        }
    }

    #[cold]
    fn take_control(&mut self, control: Option<Control>) {
        match control {
            Some(Control::End(_)) => self.ended = true,
            Some(Control::Exit(record)) => {
                let after = self.last;
                if let Some(exits) = &mut self.exits {
                    exits.push(SeenExit { after, record });
                }
            }
            _ => {}
        }
    }

    /// Whether the time of the entry at hand is above that of what stands after it:
    /// one of them was hit.
    #[cold]
    pub(crate) fn is_time_contradicted(&self, entry: &EntryRef) -> Result<bool, Error> {
        match &self.current {
            Some(current) => {
                let (time_ns, end_offset) = (entry.time_ns, entry.line.end_offset);
                self.folder
                    .is_time_contradicted(self.log, current, time_ns, end_offset)
            }
            None => Ok(false),
        }
    }

    /// Whether nothing stands after the entry at hand yet.
    #[cold]
    pub(crate) fn is_newest(&self, entry: &EntryRef) -> Result<bool, Error> {
        let Some(current) = &self.current else {
            return Ok(true);
        };
        let next = next_entry(current, entry.line.end_offset, |_| ())
            .map_err(|error| Error::io("read", &self.folder.path, error))?;
        Ok(next.is_none() && self.folder.is_newest(self.log, current)?)
    }
}
