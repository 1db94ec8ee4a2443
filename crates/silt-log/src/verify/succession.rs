//! Whether a segment follows the one before it, and the end is where it was.

use super::report::DamageKind;
use super::segment_check::{Checked, LogCheck};
use crate::control::Header;
use crate::lock::LogMark;
use crate::segment::Segment;
use crate::{Gap, GapReason, Log};

const GAPS_KEPT: usize = 1000;

/// What `.lock` says, read before the segments were listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marked<'a> {
    pub(crate) log: &'a LogMark,
    /// No writer has come since the one that stopped in order.
    pub(crate) ended: bool,
}

/// Log ids that segments of the folder may carry.
pub(crate) type Known<'a> = &'a [String];

/// A segment that was read, for its successor to be compared with.
pub(super) struct Before {
    pub(super) number: u64,
    /// `None` when it could not be read.
    pub(super) checked: Option<Checked>,
    /// Damage found up to its end, to tell whether it holds any.
    pub(super) damage_before: u64,
}

/// Compares a segment's header with what came before it.
pub(super) fn enter(
    check: &mut LogCheck<'_>,
    segment: &Segment,
    before: Option<Before>,
    known: Known<'_>,
) {
    let number = segment.number;
    if let Some(before) = &before
        && number != before.number + 1
    {
        missing_segments(check, segment, before.number);
    }
    let Some(header) = &segment.header else {
        check.add(
            number,
            DamageKind::Segment,
            None,
            "its header can not be read",
        );
        return;
    };
    if header.segment != number {
        let message = format!("its header says that it is segment {}", header.segment);
        check.add(number, DamageKind::Chain, None, message);
    }
    if !known.contains(&header.log_id) {
        let message = format!("it belongs to another log, {}", header.log_id);
        check.add(number, DamageKind::Chain, None, message);
    }
    match before {
        None => begin(check, header),
        Some(before) if number == before.number + 1 => follow(check, header, &before),
        Some(_) => {}
    }
    check.sessions.header(header.session);
    if header.greatest < check.greatest {
        let message = "earlier entries are later than its header knows of";
        check.add(number, DamageKind::Chain, None, message);
    }
    if let Some(gap) = &header.gap {
        let gap = gap.gap(check.log);
        stated(check, header, gap);
    }
    check.last = Some(header.before_first_entry());
}

/// The oldest segment there is: what lies before it was evicted.
fn begin(check: &mut LogCheck<'_>, header: &Header) {
    if header.segment > 1 {
        check.report.truncated = true;
        if check.log == Log::Exec {
            check.sessions.gap(header.session);
        }
    } else if header.first != 1 {
        let message = "the first segment of a log begins with number 1";
        check.add(
            header.segment,
            DamageKind::Missing,
            Some((1, header.first - 1)),
            message,
        );
    }
}

fn missing_segments(check: &mut LogCheck<'_>, segment: &Segment, before: u64) {
    let (from, to) = (before + 1, segment.number - 1);
    let message = if from == to {
        format!("segment {from} is missing")
    } else {
        format!("segments {from} to {to} are missing")
    };
    let expected = check.last.map_or(1, |last| last + 1);
    let crashed = |header: &Header| {
        header.first == expected
            && header
                .gap
                .as_ref()
                .is_some_and(|gap| gap.gap(check.log).reason == GapReason::Crash)
    };
    if segment.header.as_ref().is_some_and(crashed) {
        // A crash of the machine took them, and their entries are a gap that
        // the header states.
        return;
    }
    let range = segment
        .header
        .as_ref()
        .filter(|header| header.first > expected)
        .map(|header| (expected, header.first - 1));
    check.add(from, DamageKind::Segment, range, message);
}

fn follow(check: &mut LogCheck<'_>, header: &Header, before: &Before) {
    let number = header.segment;
    let expected = check.last.map_or(header.first, |last| last + 1);
    let missing = (header.first > expected).then(|| (expected, header.first - 1));
    if let (Some(checked), Some(previous)) = (before.checked, &header.previous) {
        if checked.valid < previous.length {
            check.add(
                before.number,
                DamageKind::Cut,
                missing,
                format!(
                    "{} of its {} bytes are there in whole lines",
                    checked.valid, previous.length
                ),
            );
        } else if format!("{:08x}", checked.crc) != previous.crc32c
            && check.findings.count() == before.damage_before
        {
            check.add(
                before.number,
                DamageKind::Checksum,
                None,
                "its checksum in the next header does not match, though those inside it do",
            );
        } else if let Some(missing) = missing {
            check.add(
                before.number,
                DamageKind::Missing,
                Some(missing),
                "they stood at its end",
            );
        }
    } else if let Some(missing) = missing {
        check.add(
            before.number,
            DamageKind::Missing,
            Some(missing),
            "they stood at its end",
        );
    }
    if header.first < expected {
        let message = format!(
            "it begins with number {}, after {}",
            header.first,
            expected - 1
        );
        check.add(
            number,
            DamageKind::Order,
            Some((header.first, expected - 1)),
            message,
        );
    }
}

/// A gap that a writer has recorded is no damage of the folder.
fn stated(check: &mut LogCheck<'_>, header: &Header, gap: Gap) {
    if gap.from != header.first || gap.to < gap.from {
        let message = format!("its header states a gap from {} to {}", gap.from, gap.to);
        check.add(header.segment, DamageKind::Chain, None, message);
    }
    if check.log == Log::Exec {
        check.sessions.gap(header.session);
    }
    if check.report.gaps.len() < GAPS_KEPT {
        check.report.gaps.push(gap);
    }
}

/// Compares the end with what `.lock` keeps.
pub(super) fn compare_end(check: &mut LogCheck<'_>, before: Option<&Before>, marked: Marked<'_>) {
    let newest = before.map_or(0, |before| before.number);
    let last = check.last.unwrap_or(0);
    let gone = marked.log.last.filter(|marked| *marked > last);
    let range = gone.map(|gone| (last + 1, gone));
    // A full disk can take them all; what they held was rotated away.
    if before.is_none() && !marked.ended {
        return;
    }
    // The mark is synced before its segment appears, so the newest may be absent;
    // not where its writer ended in order.
    let been = marked.log.segment.saturating_sub(u64::from(!marked.ended));
    if newest < been {
        let message = format!("segments up to {been} have been there");
        check.add(been, DamageKind::Segment, range, message);
        return;
    }
    if !marked.ended {
        return;
    }
    let has_no_end = before.is_some_and(|before| {
        let ended = before.checked.is_some_and(|checked| checked.ended);
        newest == marked.log.segment && !ended
    });
    if range.is_some() || has_no_end {
        let message = "its writer stopped in order, and this segment has no such end";
        check.add(newest, DamageKind::Cut, range, message);
    }
}
