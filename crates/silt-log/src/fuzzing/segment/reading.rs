//! Reads a folder to its end, and looks at each thing that comes.

use super::plan::Entries;
use crate::{
    BatchLimits, CursorReason, End, Error, Gap, Log, LogDirectory, Next, OnGap, SourceSet, Stream,
    StreamOptions,
};
use std::path::Path;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Got {
    Entry(u64, Vec<u8>),
    Gap(Gap),
}

impl Got {
    fn range(&self) -> (u64, u64) {
        match self {
            Got::Entry(number, _) => (*number, *number),
            Got::Gap(gap) => (gap.from, gap.to),
        }
    }
}

/// All that a stream gave.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) items: Vec<(Log, Got)>,
    /// The cursor after each item.
    pub(super) cursors: Vec<String>,
}

impl Reading {
    pub(super) fn of(&self, log: Log) -> Vec<&Got> {
        let items = self.items.iter();
        items
            .filter(|(of, _)| *of == log)
            .map(|(_, got)| got)
            .collect()
    }

    pub(super) fn entries(&self, log: Log) -> Entries {
        let entry = |got: &&Got| match got {
            Got::Entry(number, data) => Some((*number, data.clone())),
            Got::Gap(_) => None,
        };
        self.of(log).iter().filter_map(entry).collect()
    }

    pub(super) fn gaps(&self, log: Log) -> Vec<Gap> {
        let gap = |got: &&Got| match got {
            Got::Gap(gap) => Some(*gap),
            Got::Entry(..) => None,
        };
        self.of(log).iter().filter_map(gap).collect()
    }

    /// By log the number that is due after the first `count` items; 0: any.
    pub(super) fn due(&self, count: usize) -> [u64; 3] {
        let mut due = [0; 3];
        for (log, got) in &self.items[..count] {
            due[*log as usize] = got.range().1 + 1;
        }
        due
    }
}

pub(super) fn all() -> StreamOptions {
    StreamOptions {
        sources: SourceSet::ALL,
        on_gap: OnGap::Report,
        ..StreamOptions::default()
    }
}

/// `None` where the folder, or its next part, can not be read as a log, or the
/// cursor can not be used.
pub(super) fn read(logs: &Path, options: &StreamOptions, due: [u64; 3]) -> Option<Reading> {
    let opened = LogDirectory::open(logs).and_then(|folder| folder.stream(options));
    match opened {
        Ok(stream) => drain(stream, options, due),
        Err(error) => {
            accepted(&error);
            None
        }
    }
}

fn drain(mut stream: Stream, options: &StreamOptions, mut due: [u64; 3]) -> Option<Reading> {
    let limits = BatchLimits {
        entries: 3,
        bytes: 1 << 20,
    };
    let mut reading = Reading {
        items: Vec::new(),
        cursors: Vec::new(),
    };
    for _ in 0..1 << 20 {
        let batch = match stream.next(limits) {
            Ok(Next::Batch(batch)) => batch,
            Ok(Next::Pending) => panic!("it waits though there is no writer"),
            Ok(Next::End(end)) => {
                counted(&reading, &end);
                return Some(reading);
            }
            Err(error) => {
                accepted(&error);
                return None;
            }
        };
        for (index, item) in batch.items.iter().enumerate() {
            let got = match item.gap {
                Some(gap) => Got::Gap(batch.gaps[usize::from(gap)]),
                None => Got::Entry(item.sequence, batch.data(item).to_vec()),
            };
            let (from, to) = got.range();
            assert!((1..=to).contains(&from), "{got:?}");
            let slot = &mut due[item.log as usize];
            if options.tail.is_some() {
                assert!(
                    from >= *slot || matches!(got, Got::Gap(_)),
                    "{got:?} repeats"
                );
            } else {
                assert!(*slot == 0 || *slot == from, "{got:?} where {slot} was due");
            }
            *slot = to + 1;
            reading.items.push((item.log, got));
            reading.cursors.push(batch.cursor_at(index).encode());
            let _ = batch.position_before(index).encode();
        }
    }
    panic!("it does not end");
}

fn counted(reading: &Reading, end: &End) {
    for log in Log::ALL {
        let totals = end.logs[log as usize];
        assert_eq!(totals.entries, reading.entries(log).len() as u64);
        assert_eq!(totals.gaps, reading.gaps(log).len() as u64);
    }
}

/// What bytes can lead to. Anything else is a fault of Silt.
pub(super) fn accepted(error: &Error) {
    match error {
        Error::NotFound { .. } => {}
        Error::Corruption { message, .. } if !message.contains("fault of Silt") => {}
        Error::InvalidCursor {
            reason: CursorReason::OtherLog | CursorReason::PastEnd,
            ..
        } => {}
        other => panic!("{other:?}"),
    }
}
