//! Holds what was written against what readers were handed. It can outlive the
//! process that it speaks of.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A line of this id is about to be appended.
    Append(u64),
    /// All lines up to this id were flushed.
    Flushed(u64),
    /// The process died: what was not flushed by now may be gone.
    Killed,
    /// A reader begins, with all up to a number accounted for; `None` where it
    /// begins wherever the log does.
    Begin(usize, Option<u64>),
    /// A reader was handed an entry: its number, and its line's id.
    Entry(usize, u64, u64),
    Gap(usize, u64, u64),
    /// A reader came to its end, which has to lie after the line of this id.
    End(usize, u64),
}

#[derive(Default)]
pub(super) struct Witness {
    events: Vec<Event>,
    file: Option<File>,
    pub(super) last_id: u64,
    pub(super) flushed: u64,
    readers: usize,
}

/// The line of an id.
pub(super) fn line(id: u64) -> String {
    format!("line {id} {}\n", "x".repeat(60 + id as usize % 7))
}

fn id_of(line_read: &str) -> u64 {
    let id = line_read
        .split(' ')
        .nth(1)
        .and_then(|id| id.parse().ok())
        .unwrap_or_else(|| panic!("never written: {line_read:?}"));
    assert_eq!(line_read.trim_end(), line(id).trim_end(), "changed");
    id
}

impl Witness {
    /// Also writes down what happens, for when this process is killed.
    pub(super) fn writing(path: &Path) -> Witness {
        Witness {
            file: Some(File::create(path).unwrap()),
            ..Witness::default()
        }
    }

    /// What a process wrote down before it was killed.
    pub(super) fn of_the_killed(path: &Path) -> Witness {
        let mut witness = Witness::default();
        for text in std::fs::read_to_string(path).unwrap().lines() {
            let mut words = text.split(' ');
            let name = words.next().unwrap();
            let n: Vec<u64> = words.map(|word| word.parse().unwrap()).collect();
            witness.add(match (name, n.as_slice()) {
                ("append", [id]) => Event::Append(*id),
                ("flushed", [id]) => Event::Flushed(*id),
                ("begin", [reader]) => Event::Begin(*reader as usize, None),
                ("begin", [reader, after]) => Event::Begin(*reader as usize, Some(*after)),
                ("entry", [reader, n, id]) => Event::Entry(*reader as usize, *n, *id),
                ("gap", [reader, from, to]) => Event::Gap(*reader as usize, *from, *to),
                ("end", [reader, id]) => Event::End(*reader as usize, *id),
                _ => panic!("{text}"),
            });
        }
        witness
    }

    pub(super) fn add(&mut self, event: Event) {
        match event {
            Event::Append(id) => self.last_id = id,
            Event::Flushed(id) => self.flushed = id,
            Event::Begin(reader, _) => self.readers = self.readers.max(reader + 1),
            _ => {}
        }
        if let Some(file) = &mut self.file {
            let text = match event {
                Event::Append(id) => format!("append {id}\n"),
                Event::Flushed(id) => format!("flushed {id}\n"),
                Event::Killed => unreachable!("the dead write nothing"),
                Event::Begin(reader, None) => format!("begin {reader}\n"),
                Event::Begin(reader, Some(after)) => format!("begin {reader} {after}\n"),
                Event::Entry(reader, n, id) => format!("entry {reader} {n} {id}\n"),
                Event::Gap(reader, from, to) => format!("gap {reader} {from} {to}\n"),
                Event::End(reader, id) => format!("end {reader} {id}\n"),
            };
            file.write_all(text.as_bytes()).unwrap();
        }
        self.events.push(event);
    }

    /// A new reader's number.
    pub(super) fn begin(&mut self, after: Option<u64>) -> usize {
        let reader = self.readers;
        self.add(Event::Begin(reader, after));
        reader
    }

    pub(super) fn entry(&mut self, reader: usize, n: u64, text: &str) {
        self.add(Event::Entry(reader, n, id_of(text)));
    }

    /// What another witness saw, after what this one did.
    pub(super) fn take_in(&mut self, other: Witness) {
        for event in other.events {
            self.add(event);
        }
    }

    /// Panics unless the promise was held. `all` is what the log holds in the
    /// end, read from its beginning; `killed` whether lines that were not
    /// flushed may be missing.
    pub(super) fn check(&self, all: &[super::Read], killed: bool) {
        let held = self.held(all, killed);
        let first = held.keys().next().copied().unwrap_or(u64::MAX);
        let mut last: BTreeMap<usize, Option<u64>> = BTreeMap::new();
        let mut ids: BTreeMap<u64, u64> = BTreeMap::new();
        for event in &self.events {
            match *event {
                Event::Append(_) | Event::Flushed(_) | Event::Killed => {}
                Event::Begin(reader, after) => drop(last.insert(reader, after)),
                Event::Entry(reader, n, id) => {
                    let before = last.insert(reader, Some(n)).unwrap();
                    let expected = before.map_or(n, |before| before + 1);
                    assert_eq!(n, expected, "reader {reader} was handed {n}");
                    let given = *ids.entry(n).or_insert(id);
                    assert_eq!(given, id, "number {n} was given twice");
                    if n >= first {
                        assert_eq!(held.get(&n), Some(&id), "handed {n}, and not held");
                    }
                }
                Event::Gap(reader, from, to) => {
                    let before = last.insert(reader, Some(to)).unwrap();
                    let expected = before.map_or(from, |before| before + 1);
                    assert_eq!(from, expected, "reader {reader}, gap up to {to}");
                    let there: Vec<_> = held.range(from..=to).collect();
                    assert!(there.is_empty(), "called lost, and held: {there:?}");
                }
                Event::End(reader, bound) => {
                    let after = last[&reader].map_or(0, |last| last + 1);
                    let missed: Vec<_> = held
                        .range(after..)
                        .filter(|(_, id)| **id <= bound)
                        .collect();
                    assert!(missed.is_empty(), "reader {reader} ended before {missed:?}");
                }
            }
        }
    }

    /// The entries held, by number. All that was flushed is there, in order, or
    /// in a gap, or its beginning is gone.
    fn held(&self, all: &[super::Read], killed: bool) -> BTreeMap<u64, u64> {
        let mut held = BTreeMap::new();
        let mut last: Option<(u64, u64)> = None;
        let mut number = None;
        let mut gap = false;
        let mut exact = true;
        for item in all {
            match item {
                super::Read::Gap(from, to, lost, _) => {
                    assert_eq!(*from, number.map_or(*from, |number| number + 1), "{item:?}");
                    number = Some(*to);
                    gap = true;
                    exact &= lost.is_some();
                }
                super::Read::Entry(n, text) => {
                    let id = id_of(text);
                    assert_eq!(*n, number.map_or(*n, |number| number + 1), "{item:?}");
                    number = Some(*n);
                    if let Some((last_n, last_id)) = last {
                        assert!(id > last_id, "{id} after {last_id}");
                        let silent = !gap && (last_id + 1..id).any(|id| self.was_flushed(id));
                        assert!(!silent, "lost without a word between {last_id} and {id}");
                        let counted = !gap || !exact || n - last_n == id - last_id;
                        assert!(counted || killed, "the gap before {n} is not exact");
                    }
                    last = Some((*n, id));
                    (gap, exact) = (false, true);
                    held.insert(*n, id);
                }
            }
        }
        let newest = last.map_or(0, |(_, id)| id);
        assert!(
            newest >= self.flushed || gap,
            "{newest} is the newest, {} was flushed",
            self.flushed
        );
        held
    }

    fn was_flushed(&self, id: u64) -> bool {
        let mut appended = false;
        for event in &self.events {
            match *event {
                Event::Append(other) => appended |= other == id,
                Event::Flushed(upto) if appended => return upto >= id,
                Event::Killed if appended => return false,
                _ => {}
            }
        }
        false
    }
}
