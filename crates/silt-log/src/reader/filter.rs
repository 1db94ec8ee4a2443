//! Which entries a reader wants.

use super::folder::ReaderFolder;
use super::lines::Lines;
use crate::segment::Segment;
use crate::{Error, Level, Log, Part, Source, SourceSet, level_of, line, strip_ansi, sys};
use regex::bytes::Regex;
use std::collections::HashMap;

/// How far back a resumed reader looks for the part before its first one.
const LOOK_BACK: u64 = 256 << 10;

#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) sources: SourceSet,
    /// Empty: all.
    pub(crate) sessions: Vec<u64>,
    pub(crate) level: Option<Level>,
    pub(crate) grep: Option<Regex>,
    /// Inclusive.
    pub(crate) since: Option<i64>,
    /// The part before, of lines that are not at their end yet.
    parts: HashMap<(u64, Source), Vec<u8>>,
}

impl Filter {
    pub(crate) fn new(
        sources: SourceSet,
        sessions: Vec<u64>,
        level: Option<Level>,
        grep: Option<Regex>,
        since: Option<i64>,
    ) -> Filter {
        Filter {
            sources,
            sessions,
            level,
            grep,
            since,
            parts: HashMap::new(),
        }
    }

    /// The same wishes with no part seen yet.
    pub(crate) fn fresh(&self) -> Filter {
        Filter::new(
            self.sources,
            self.sessions.clone(),
            self.level,
            self.grep.clone(),
            self.since,
        )
    }

    /// What can be told without the data. A source that was not asked for costs
    /// no more than this.
    #[inline]
    pub(crate) fn may_want(&self, source: Source, session: u64, time_ns: i64) -> bool {
        self.sources.contains(source)
            && (self.sessions.is_empty() || self.sessions.contains(&session))
            && self.since.is_none_or(|since| time_ns >= since)
    }

    /// Whether the data decide nothing.
    #[inline]
    pub(crate) fn wants_any_data(&self) -> bool {
        self.level.is_none() && self.grep.is_none()
    }

    /// What the data decide.
    pub(crate) fn wants_data(
        &mut self,
        session: u64,
        source: Source,
        part: Part,
        stored: Option<Level>,
        data: &[u8],
    ) -> bool {
        // The text is looked at even if the level is not wanted: a later part
        // is matched together with this one.
        let matches = self.matches(session, source, part, data);
        matches
            && self
                .level
                .is_none_or(|wanted| stored.unwrap_or_else(|| level_of(data)) >= wanted)
    }

    /// A match belongs to the part in which it ends.
    fn matches(&mut self, session: u64, source: Source, part: Part, data: &[u8]) -> bool {
        let Some(grep) = &self.grep else { return true };
        let text = lenient_text(data);
        let before = match part {
            Part::Whole | Part::First => None,
            Part::Middle | Part::Last => self.parts.remove(&(session, source)),
        };
        let found = match before {
            None => grep.is_match(&text),
            Some(mut joined) => {
                let boundary = joined.len();
                joined.extend_from_slice(&text);
                grep.find_iter(&joined).any(|found| found.end() > boundary)
            }
        };
        if matches!(part, Part::First | Part::Middle) {
            self.parts.insert((session, source), text);
        }
        found
    }

    /// Looks at the parts before a place from which reading goes on, so that
    /// its first part is matched as if reading had come from before.
    pub(crate) fn look_at_parts_before(
        &mut self,
        folder: &ReaderFolder,
        log: Log,
        segment: &Segment,
        offset: u64,
    ) -> Result<(), Error> {
        if self.grep.is_none() {
            return Ok(());
        }
        let failed = |error| Error::io("read", &folder.path, error);
        // Of small segments several, each with how much of it is looked at.
        let mut before = Vec::new();
        let mut left = LOOK_BACK.saturating_sub(offset);
        let mut number = segment.number;
        while left > 0 && number > 1 {
            number -= 1;
            let Some(earlier) = folder.segment(log, number)? else {
                break;
            };
            let size = earlier.size().map_err(failed)?;
            before.push((earlier, size, left));
            left = left.saturating_sub(size);
        }
        for (earlier, size, length) in before.iter().rev() {
            self.look_at(earlier, size.saturating_sub(*length), *size)
                .map_err(failed)?;
        }
        self.look_at(segment, offset.saturating_sub(LOOK_BACK), offset)
            .map_err(failed)
    }

    fn look_at(&mut self, segment: &Segment, from: u64, until: u64) -> sys::Result<()> {
        let mut lines = Lines::at(from);
        let mut data = Vec::new();
        while let Some(at) = lines.next(segment, until)? {
            data.clear();
            let text = lines.bytes(at.from, at.to);
            if let Some(raw) = line::parse_with_data(text, &mut data)
                && raw.part != Part::Whole
            {
                self.matches(raw.session, raw.source, raw.part, &data);
            }
        }
        Ok(())
    }
}

/// The text that `grep` looks at: lenient, without ANSI sequences and line end.
fn lenient_text(data: &[u8]) -> Vec<u8> {
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    let data = data.strip_suffix(b"\r").unwrap_or(data);
    let text = String::from_utf8_lossy(data);
    strip_ansi(text.as_bytes()).into_owned()
}
