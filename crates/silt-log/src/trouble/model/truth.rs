//! What was given to the log: by number, by a splitter of its own.

use crate::{Level, Log, Part, Source, level_of, strip_ansi};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

/// Patterns that readers look for.
pub(super) const PATTERNS: [&str; 3] = ["err", "7", "x{3}y"];

/// A number that was given, and to what.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) source: Source,
    pub(super) session: u64,
    pub(super) part: Part,
    pub(super) data: Vec<u8>,
    pub(super) level: Level,
    /// By pattern: whether it is found in this alone, and with the part before.
    pub(super) found: [(bool, bool); 3],
    /// The wall clock when it came; of a hole, when that was found.
    pub(super) came_ns: i64,
    /// As it stands on the disk, once that was seen.
    pub(super) time_ns: Cell<Option<i64>>,
    /// A number that nothing was given: it is passed over.
    pub(super) hole: bool,
    /// There was no room for it, or the disk refused it.
    pub(super) may_be_lost: Cell<bool>,
    /// A reader was handed it.
    pub(super) shown: Cell<bool>,
    /// It was not evicted: a loss of power took it.
    pub(super) taken: Cell<bool>,
}

impl Given {
    /// Found by a writer that came at `came_ns`.
    pub(super) fn hole(came_ns: i64) -> Given {
        Given {
            source: Source::System,
            session: 0,
            part: Part::Whole,
            data: Vec::new(),
            level: Level::Info,
            found: [(false, false); 3],
            came_ns,
            time_ns: Cell::new(None),
            hole: true,
            may_be_lost: Cell::new(true),
            shown: Cell::new(false),
            taken: Cell::new(false),
        }
    }
}

/// An unfinished line.
#[derive(Clone, Debug, Default)]
struct Unfinished {
    bytes: Vec<u8>,
    /// Of the line whose first part is out.
    level: Option<Level>,
    /// The text of the part before.
    before: Vec<u8>,
    since: Option<Duration>,
    /// Its wait was found to be over once.
    overdue: bool,
}

/// All that one writer was handed, by number and log.
#[derive(Clone, Debug, Default)]
pub(super) struct Truth {
    pub(super) logs: [Vec<Rc<Given>>; 3],
    unfinished: BTreeMap<(u64, Source), Unfinished>,
}

const LONGEST: usize = 16 << 10;
const WAIT: Duration = Duration::from_millis(50);

impl Truth {
    pub(super) fn last(&self, log: Log) -> u64 {
        self.logs[log as usize].len() as u64
    }

    pub(super) fn get(&self, log: Log, number: u64) -> Option<&Rc<Given>> {
        self.logs[log as usize].get(number.checked_sub(1)? as usize)
    }

    /// A writer is gone, and what it held unfinished with it.
    pub(super) fn forget_unfinished(&mut self) {
        self.unfinished.clear();
    }

    pub(super) fn unfinished(&self) -> Vec<(u64, Source)> {
        self.unfinished.keys().copied().collect()
    }

    pub(super) fn event(&mut self, log: Log, text: &str, came_ns: i64) {
        let line = format!("{text}\n").into_bytes();
        self.give(
            log,
            0,
            Source::System,
            line,
            Part::Whole,
            None,
            &[],
            came_ns,
        );
    }

    pub(super) fn append(
        &mut self,
        session: u64,
        source: Source,
        bytes: &[u8],
        now: Duration,
        came_ns: i64,
    ) {
        let mut line = self
            .unfinished
            .remove(&(session, source))
            .unwrap_or_default();
        line.overdue = false;
        for byte in bytes {
            line.bytes.push(*byte);
            if *byte == b'\n' {
                self.finish(session, source, &mut line, came_ns);
            } else if line.bytes.len() == LONGEST {
                self.cut(session, source, &mut line, came_ns);
                line.since = None;
            }
        }
        if !line.bytes.is_empty() {
            line.since.get_or_insert(now);
        }
        self.unfinished.insert((session, source), line);
    }

    /// The writer looks after lines that wait.
    pub(super) fn flush(&mut self, now: Duration, came_ns: i64) {
        for (session, source) in self.unfinished() {
            let mut line = self.unfinished.remove(&(session, source)).unwrap();
            let over = line.since.is_some_and(|since| since + WAIT <= now);
            if over && line.overdue {
                self.cut(session, source, &mut line, came_ns);
                line.since = None;
                line.overdue = false;
            } else if over {
                line.overdue = true;
            }
            self.unfinished.insert((session, source), line);
        }
    }

    pub(super) fn end_of_file(&mut self, session: u64, source: Source, came_ns: i64) {
        if let Some(line) = self.unfinished.get_mut(&(session, source)) {
            let mut line = std::mem::take(line);
            if !line.bytes.is_empty() {
                self.finish(session, source, &mut line, came_ns);
            }
        }
    }

    pub(super) fn end_session(&mut self, session: u64, came_ns: i64) {
        for source in Source::ALL {
            self.end_of_file(session, source, came_ns);
            self.unfinished.remove(&(session, source));
        }
    }

    fn finish(&mut self, session: u64, source: Source, line: &mut Unfinished, came_ns: i64) {
        let bytes = std::mem::take(&mut line.bytes);
        let level = line.level.take();
        let before = std::mem::take(&mut line.before);
        let part = if level.is_some() {
            Part::Last
        } else {
            Part::Whole
        };
        line.since = None;
        self.give(
            Log::Exec,
            session,
            source,
            bytes,
            part,
            level,
            &before,
            came_ns,
        );
    }

    /// What is there of a line goes out, but no half character.
    fn cut(&mut self, session: u64, source: Source, line: &mut Unfinished, came_ns: i64) {
        let keep = half_character(&line.bytes);
        let rest = line.bytes.split_off(line.bytes.len() - keep);
        let bytes = std::mem::replace(&mut line.bytes, rest);
        if bytes.is_empty() {
            return;
        }
        let part = if line.level.is_some() {
            Part::Middle
        } else {
            Part::First
        };
        let level = *line.level.get_or_insert_with(|| level_of(&bytes));
        let before = std::mem::replace(&mut line.before, text(&bytes));
        self.give(
            Log::Exec,
            session,
            source,
            bytes,
            part,
            Some(level),
            &before,
            came_ns,
        );
    }

    #[allow(clippy::too_many_arguments, reason = "an entry has that many sides")]
    fn give(
        &mut self,
        log: Log,
        session: u64,
        source: Source,
        data: Vec<u8>,
        part: Part,
        level: Option<Level>,
        before: &[u8],
        came_ns: i64,
    ) {
        let level = level.unwrap_or_else(|| level_of(&data));
        let found = find(&data, before);
        self.logs[log as usize].push(Rc::new(Given {
            source,
            session,
            part,
            data,
            level,
            found,
            came_ns,
            time_ns: Cell::new(None),
            hole: false,
            may_be_lost: Cell::new(false),
            shown: Cell::new(false),
            taken: Cell::new(false),
        }));
    }
}

/// As `grep` looks at it.
fn text(data: &[u8]) -> Vec<u8> {
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    let data = data.strip_suffix(b"\r").unwrap_or(data);
    strip_ansi(String::from_utf8_lossy(data).as_bytes()).into_owned()
}

/// The patterns, compiled once a thread.
pub(super) fn patterns() -> Vec<regex::bytes::Regex> {
    thread_local! {
        static ALL: Vec<regex::bytes::Regex> = PATTERNS
            .iter()
            .map(|pattern| regex::bytes::Regex::new(pattern).unwrap())
            .collect();
    }
    ALL.with(Clone::clone)
}

fn find(data: &[u8], before: &[u8]) -> [(bool, bool); 3] {
    let alone = text(data);
    let joined = [before, &alone].concat();
    let mut found = [(false, false); 3];
    for (found, pattern) in found.iter_mut().zip(patterns()) {
        let together = pattern
            .find_iter(&joined)
            .any(|found| before.is_empty() || found.end() > before.len());
        *found = (pattern.is_match(&alone), together);
    }
    found
}

/// How many bytes at the end are a character whose rest may still come.
fn half_character(bytes: &[u8]) -> usize {
    let back = 1 + bytes
        .iter()
        .rev()
        .take(3)
        .take_while(|byte| **byte & 0xc0 == 0x80)
        .count();
    let lead = match bytes.len().checked_sub(back) {
        Some(at) if back <= 3 => bytes[at],
        _ => return 0,
    };
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    if length > back { back } else { 0 }
}
