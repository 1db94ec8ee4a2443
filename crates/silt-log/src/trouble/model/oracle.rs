//! What lies on the disk now, read without the engine: plain JSON, line by line.

use super::truth::Truth;
use crate::sys::memory::Disk;
use crate::{Log, parse_time};
use base64::Engine;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A segment, as far as it has been looked at.
#[derive(Debug, Default)]
pub(super) struct Seen {
    identity: (u64, i64),
    looked_at: usize,
    pub(super) first: u64,
    limit: u64,
    /// The last number of the gap that its header states; 0 without one.
    gap_to: u64,
    /// The numbers that it holds, in order.
    pub(super) numbers: Vec<u64>,
}

#[derive(Debug, Default)]
pub(super) struct Oracle {
    seen: BTreeMap<(u8, u64, bool), Seen>,
}

impl Oracle {
    /// Nothing that was looked at before counts any more.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
    }

    /// Looks at what is new on the disk, and that it is what was given.
    pub(super) fn look(&mut self, disk: &Disk, path: &Path, truth: &Truth) {
        let mut there = Vec::new();
        disk.look(path, |name, identity, bytes| {
            let Some((log, number, compressed)) = segment(name) else {
                return;
            };
            let key = (log as u8, number, compressed);
            there.push(key);
            let seen = self.seen.entry(key).or_default();
            if seen.identity != identity {
                *seen = Seen {
                    identity,
                    ..Seen::default()
                };
            }
            if compressed && seen.looked_at == 0 {
                let plain = zstd::decode_all(bytes).expect("it is put in place whole");
                seen.take(log, &plain, truth);
                seen.looked_at = bytes.len();
            } else if !compressed {
                seen.take(log, bytes, truth);
            }
        });
        self.seen.retain(|key, _| there.contains(key));
    }

    fn of(&self, log: Log) -> impl Iterator<Item = &Seen> {
        let log = log as u8;
        self.seen
            .range((log, 0, false)..=(log, u64::MAX, true))
            .map(|(_, seen)| seen)
    }

    pub(super) fn has(&self, log: Log, number: u64) -> bool {
        self.of(log)
            .any(|seen| seen.numbers.binary_search(&number).is_ok())
    }

    /// The numbers held from `from` to `to`, both included.
    pub(super) fn held(&self, log: Log, from: u64, to: u64) -> Vec<u64> {
        let mut held: Vec<u64> = self
            .of(log)
            .flat_map(|seen| &seen.numbers)
            .copied()
            .filter(|number| (from..=to).contains(number))
            .collect();
        held.sort_unstable();
        held.dedup();
        held
    }

    /// The last number held; 0 without one.
    pub(super) fn last_held(&self, log: Log) -> u64 {
        self.of(log)
            .filter_map(|seen| seen.numbers.last().copied())
            .max()
            .unwrap_or(0)
    }

    /// The first number that the oldest segment accounts for.
    pub(super) fn first(&self, log: Log) -> Option<u64> {
        self.of(log).map(|seen| seen.first).find(|first| *first > 0)
    }

    /// The last number that is held or that a header accounts for.
    pub(super) fn last_said(&self, log: Log) -> u64 {
        self.of(log)
            .map(|seen| {
                let held = seen.numbers.last().copied().unwrap_or(0);
                held.max(seen.gap_to).max(seen.first.saturating_sub(1))
            })
            .max()
            .unwrap_or(0)
    }
}

fn segment(name: &str) -> Option<(Log, u64, bool)> {
    let (log, rest) = name.split_once(".log.")?;
    let (digits, compressed) = match rest.strip_suffix(".zst") {
        Some(digits) => (digits, true),
        None => (rest, false),
    };
    Some((Log::parse(log)?, digits.parse().ok()?, compressed))
}

impl Seen {
    fn take(&mut self, log: Log, bytes: &[u8], truth: &Truth) {
        while let Some(length) = memchr::memchr(b'\n', &bytes[self.looked_at..]) {
            let line = &bytes[self.looked_at..self.looked_at + length];
            self.looked_at += length + 1;
            // What a loss of power left of a line is none.
            let Ok(line) = serde_json::from_slice::<Value>(line) else {
                continue;
            };
            match line["n"].as_u64() {
                Some(number) => self.entry(log, number, &line, truth),
                None if line["s"] == "seg" => {
                    self.first = line["first"].as_u64().unwrap();
                    self.limit = line["limit"].as_u64().unwrap();
                    self.gap_to = line["gap"]["to"].as_u64().unwrap_or(0);
                }
                None => {}
            }
        }
    }

    fn entry(&mut self, log: Log, number: u64, line: &Value, truth: &Truth) {
        assert!(number <= self.limit, "{log:?} {number} is above the limit");
        let given = truth.get(log, number);
        let given = given.unwrap_or_else(|| panic!("{log:?} {number} was never given"));
        let text = line["d"].as_str().unwrap();
        let data = if line["e"] == "b64" {
            base64::engine::general_purpose::STANDARD
                .decode(text)
                .unwrap()
        } else {
            text.as_bytes().to_vec()
        };
        assert!(
            data == given.data && !given.hole,
            "{log:?} {number} on the disk is not what was given"
        );
        let time_ns = parse_time(line["t"].as_str().unwrap(), 0).unwrap();
        let before = given.time_ns.replace(Some(time_ns));
        assert!(
            before.is_none_or(|before| before == time_ns),
            "{log:?} {number} has two times"
        );
        let late = time_ns - given.came_ns;
        assert!(
            (0..1_000_000_000).contains(&late),
            "{log:?} {number} is recorded {late} ns after it came"
        );
        if let Err(at) = self.numbers.binary_search(&number) {
            self.numbers.insert(at, number);
        }
    }
}
