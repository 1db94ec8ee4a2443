//! What a stream hands on is checked once more where it leaves the engine, by
//! numbers alone: whatever its source, each number comes once, in order, as an
//! entry or inside a gap.

use crate::{Gap, Log};

#[derive(Debug)]
pub(crate) struct Contiguity {
    /// By log the number that is due; 0 before the first, which may be any.
    due: [u64; 3],
    /// With `tail`, gaps are told first, and the entries begin later.
    tail: bool,
}

impl Contiguity {
    pub(crate) fn new(tail: bool) -> Contiguity {
        Contiguity { due: [0; 3], tail }
    }

    /// Says what is wrong where `number` is not the one that is due.
    #[inline]
    pub(crate) fn check(&self, log: Log, number: u64) -> Result<(), String> {
        let due = self.due[log as usize];
        if due != 0 && due != number {
            return Err(wrong(log, due, number));
        }
        Ok(())
    }

    /// The entry was taken.
    #[inline]
    pub(crate) fn entry(&mut self, log: Log, number: u64) {
        self.due[log as usize] = number + 1;
    }

    /// The gap was taken.
    pub(crate) fn gap(&mut self, gap: &Gap) {
        let due = &mut self.due[gap.log as usize];
        if *due != 0 || !self.tail {
            *due = gap.to + 1;
        }
    }
}

#[cold]
fn wrong(log: Log, due: u64, number: u64) -> String {
    format!(
        "{number} of the log {} came where {due} was due, which is a fault of Silt; neither it nor what follows was delivered",
        log.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GapReason;

    fn gap(from: u64, to: u64) -> Gap {
        Gap {
            log: Log::Exec,
            from,
            to,
            lost: None,
            reason: GapReason::Rotated,
        }
    }

    #[test]
    fn numbers_follow_each_other_by_log_and_over_gaps() {
        let mut numbers = Contiguity::new(false);
        assert_eq!(numbers.check(Log::Exec, 7), Ok(()));
        numbers.entry(Log::Exec, 7);
        assert_eq!(numbers.check(Log::Runtime, 1), Ok(()));
        assert_eq!(numbers.check(Log::Exec, 8), Ok(()));
        numbers.gap(&gap(8, 20));
        assert_eq!(numbers.check(Log::Exec, 21), Ok(()));
    }

    #[test]
    fn what_is_left_out_or_repeated_is_told() {
        let mut numbers = Contiguity::new(false);
        numbers.entry(Log::Exec, 5);
        for number in [4, 5, 7] {
            let message = numbers.check(Log::Exec, number).unwrap_err();
            assert!(message.contains("where 6 was due"), "{message}");
        }
    }

    #[test]
    fn entries_of_a_tail_begin_after_its_gaps() {
        let mut numbers = Contiguity::new(true);
        numbers.gap(&gap(2, 4));
        assert_eq!(numbers.check(Log::Exec, 100), Ok(()));
    }
}
