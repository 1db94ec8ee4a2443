//! A folder as a writer would have left it.

use super::one_in;
use super::session::Sessions;
use crate::control::{
    Ancestor, Control, EndRecord, Header, Previous, StatedGap, Sum, without_checksum,
};
use crate::lock::{LogMark, Mark};
use crate::{Gap, GapReason, Level, Log, Part, Source, format_time, line, segment_name};
use arbitrary::{Result, Unstructured};
use std::collections::BTreeMap;

const LOG_ID: &str = "000102030405060708090a0b0c0d0e0f";
const START: i64 = 1_777_629_600_000_000_000;

/// Numbers and data.
pub(super) type Entries = Vec<(u64, Vec<u8>)>;

/// The files of a folder, and what a reader gets out of them.
pub(super) struct Plan {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// By log the numbers and data of all entries; `None` once it was damaged.
    pub(super) expected: Option<[Entries; 3]>,
}

/// A log while its segments are made.
struct Chain {
    log: Log,
    next: u64,
    time: i64,
    previous: Option<Previous>,
    entries: Entries,
    mark: LogMark,
    ended: bool,
}

impl Plan {
    pub(super) fn smallest() -> Plan {
        Plan::choose(&mut Unstructured::new(&[])).expect("no bytes are the first of each choice")
    }

    pub(super) fn choose(choices: &mut Unstructured<'_>) -> Result<Plan> {
        let mut files = BTreeMap::new();
        let mut expected = [Vec::new(), Vec::new(), Vec::new()];
        let mut mark = Mark {
            generation: 2,
            log_id: LOG_ID.into(),
            session: 9,
            ended: true,
            ..Mark::default()
        };
        let mut sessions = Sessions::default();
        for log in Log::ALL {
            let segments = match log {
                Log::Exec => choices.int_in_range(1..=4)?,
                _ => choices.int_in_range(0..=1)?,
            };
            let chain = Chain::choose(log, segments, &mut files, &mut sessions, choices)?;
            mark.ended &= chain.ended;
            mark.logs[log as usize] = chain.mark;
            expected[log as usize] = chain.entries;
        }
        if one_in(choices, 2)? {
            if !mark.ended {
                for marked in &mut mark.logs {
                    marked.last = None;
                }
            }
            files.insert(segment_name::LOCK.to_owned(), lock(&mark));
        }
        Ok(Plan {
            files,
            expected: Some(expected),
        })
    }
}

impl Chain {
    fn choose(
        log: Log,
        segments: u64,
        files: &mut BTreeMap<String, Vec<u8>>,
        sessions: &mut Sessions,
        choices: &mut Unstructured<'_>,
    ) -> Result<Chain> {
        // Retention may have taken the beginning.
        let evicted = one_in(choices, 4)?;
        let mut chain = Chain {
            log,
            next: if evicted { 1000 } else { 1 },
            time: START,
            previous: None,
            entries: Vec::new(),
            mark: LogMark::default(),
            ended: segments == 0,
        };
        let first = if evicted { 7 } else { 1 };
        for number in first..first + segments {
            let newest = number == first + segments - 1;
            let bytes = chain.segment(number, newest, sessions, choices)?;
            let form = if newest {
                0
            } else {
                choices.int_in_range(0..=2)?
            };
            if form > 0 {
                let packed = zstd::encode_all(&*bytes, 1).expect("memory takes it");
                files.insert(segment_name::compressed(log, number), packed);
            }
            if form < 2 {
                files.insert(segment_name::plain(log, number), bytes);
            }
        }
        Ok(chain)
    }

    fn segment(
        &mut self,
        number: u64,
        newest: bool,
        sessions: &mut Sessions,
        choices: &mut Unstructured<'_>,
    ) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let header = self.header(number, choices)?;
        self.next = header.before_first_entry() + 1;
        self.mark.segment = number;
        self.mark.limit = header.limit;
        Control::Seg(header).write(&mut bytes);
        // By what is left to choose from, so that inputs of before mean the same.
        if choices.len().is_multiple_of(2) {
            bytes = without_checksum(bytes.trim_ascii_end());
            bytes.push(b'\n');
        }
        let mut unsummed = 0;
        for _ in 0..choices.int_in_range(0..=6)? {
            match choices.int_in_range(0..=9)? {
                0 => sum(&mut bytes, &mut unsummed),
                1 => bytes.extend_from_slice(b"{\"s\":\"later\",\"x\":1}\n"),
                2 if self.log == Log::Exec => sessions.exit(&mut bytes, choices)?,
                _ => self.entry(&mut bytes, sessions, choices)?,
            }
        }
        if !one_in(choices, 4)? {
            sum(&mut bytes, &mut unsummed);
        }
        self.ended = newest && one_in(choices, 2)?;
        if self.ended {
            let record = EndRecord {
                t: format_time(self.time),
            };
            Control::End(record).write(&mut bytes);
            self.mark.last = Some(self.next - 1);
        }
        self.previous = Some(Previous {
            length: bytes.len() as u64,
            crc32c: format!("{:08x}", crc32c::crc32c(&bytes)),
        });
        // Written again under its number by the next segment.
        if one_in(choices, 8)? {
            bytes.extend_from_slice(b"{\"t\":\"2026-05-01T10:0");
        }
        Ok(bytes)
    }

    fn header(&self, number: u64, choices: &mut Unstructured<'_>) -> Result<Header> {
        let first = self.next;
        let lost = one_in(choices, 6)?;
        let gap = Gap {
            log: self.log,
            from: first,
            to: first + 4,
            lost: one_in(choices, 2)?.then_some(5),
            reason: *choices.choose(&[GapReason::Crash, GapReason::DiskFull])?,
        };
        let ancestor = Ancestor {
            log_id: "f".repeat(32),
            exec: 3,
            runtime: 1,
            kernel: 0,
        };
        Ok(Header {
            v: 1,
            log: self.log.name().to_owned(),
            log_id: LOG_ID.to_owned(),
            ancestors: one_in(choices, 6)?
                .then_some(ancestor)
                .into_iter()
                .collect(),
            segment: number,
            tag: format!("{number:08x}"),
            inode: 1,
            born: 0,
            first,
            limit: first + 100,
            gap: lost.then(|| StatedGap::of(gap)),
            boot: "boot".to_owned(),
            greatest: self.time,
            session: 9,
            previous: self.previous.clone(),
        })
    }

    fn entry(
        &mut self,
        out: &mut Vec<u8>,
        sessions: &mut Sessions,
        choices: &mut Unstructured<'_>,
    ) -> Result<()> {
        let (source, session) = match self.log {
            Log::Exec => (*choices.choose(&Source::ALL)?, choices.int_in_range(0..=2)?),
            _ => (Source::System, 0),
        };
        let part = *choices.choose(&[Part::Whole, Part::First, Part::Middle, Part::Last])?;
        let level = match part {
            Part::Middle | Part::Last => Some(*choices.choose(&Level::ALL)?),
            _ => None,
        };
        let data = match choices.int_in_range(0..=3)? {
            0 => b"ERROR in \x1b[31mline\x1b[0m\n".to_vec(),
            1 => vec![b'x'; choices.int_in_range(0..=70_000)?],
            _ => {
                let length = choices.int_in_range(0..=24)?.min(choices.len());
                choices.bytes(length)?.to_vec()
            }
        };
        self.time += choices.int_in_range(0..=1000)?;
        line::write_prefix(self.time, source, session, out);
        line::write_rest(self.next, part, level, &data, out);
        sessions.entry(session, source, &data);
        self.entries.push((self.next, data));
        self.next += 1;
        Ok(())
    }
}

fn sum(bytes: &mut Vec<u8>, unsummed: &mut usize) {
    let c = format!("{:08x}", crc32c::crc32c(&bytes[*unsummed..]));
    Control::Sum(Sum { c }).write(bytes);
    *unsummed = bytes.len();
}

/// The first slot; the second is not there yet.
fn lock(mark: &Mark) -> Vec<u8> {
    let json = serde_json::to_string(mark).expect("plain data");
    let mut slot = format!("{:08x} {json}", crc32c::crc32c(json.as_bytes())).into_bytes();
    slot.resize(1023, b' ');
    slot.push(b'\n');
    slot
}
