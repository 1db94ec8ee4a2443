//! A stream as clients see it: packed batches, and an end as JSON.

use crate::ends::END_REASONS;
use crate::options::{snapshot_options, stream_options};
use crate::packed::{Packed, pack};
use crate::place::Place;
use crate::totals::{Totals, sessions_json};
use crate::{ErrorCode, ErrorData};
use serde::Deserialize;
use serde_json::{Value, json};
use silt_log::{
    BatchLimits, DeliveredSession, End, EndReason, Log, LogDirectory, LogPosition, Next, Stream,
};
use std::time::{SystemTime, UNIX_EPOCH};

/// How much a batch may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub entries: usize,
    pub bytes: usize,
}

impl Limits {
    /// What fits a host that makes small objects of what it gets.
    pub const DEFAULT: Limits = Limits {
        entries: 1024,
        bytes: 256 << 10,
    };
}

/// What a call of [`ClientStream::take`] gives.
#[derive(Debug)]
pub enum Taken {
    /// A packed batch. Without items: filters used up their share of time, and
    /// more may follow at once.
    Batch(Vec<u8>),
    /// Nothing now: the waker is called once there is.
    Pending,
    /// The end, as [`ClientStream::close`] gives it.
    End(String),
}

/// An open stream of a log.
pub struct ClientStream {
    stream: Stream,
    /// Delivered before the newest batch, and with it.
    before: Totals,
    totals: Totals,
    /// Whether the bytes of all batches so far end within a line.
    mid_line: bool,
    /// A snapshot that began at a cursor may not begin with a gap.
    refuses_first_gap: bool,
    /// The last entry of `exec` that is wanted; see [`ClientStream::finish`].
    last: Option<u64>,
    /// See [`largest_batch`].
    most: usize,
}

#[derive(Deserialize)]
struct Params {
    #[serde(flatten)]
    place: Place,
    #[serde(default)]
    options: Value,
    #[serde(default)]
    mode: Mode,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Stream,
    Snapshot,
}

impl ClientStream {
    /// Opens a stream. `params` is JSON: where the log is (`home` and `name`, or
    /// `folder`), `options`, and `mode`, `"stream"` or `"snapshot"`.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` before anything is looked at; then those of the log.
    pub fn open(params: &str) -> Result<ClientStream, ErrorData> {
        let params: Params =
            serde_json::from_str(params).map_err(|error| ErrorData::argument("params", error))?;
        let now = now_ns();
        let snapshot = params.mode == Mode::Snapshot;
        let options = match params.mode {
            Mode::Stream => stream_options(params.options, now)?,
            Mode::Snapshot => snapshot_options(params.options, now)?,
        };
        let refuses_first_gap = snapshot && options.from_cursor.is_some();
        let totals = Totals::of(options.sources);
        let folder = params.place.log_folder()?;
        let stream = LogDirectory::open(&folder)
            .map_err(|error| params.place.missing(error))?
            .stream(&options)?;
        Ok(ClientStream {
            stream,
            before: totals,
            totals,
            mid_line: false,
            refuses_first_gap,
            last: None,
            most: largest_batch(),
        })
    }

    /// Nothing after entry `last` of the log `exec` is wanted: the stream ends
    /// once it stands there, however much is written meanwhile. What is gone, and
    /// what the disk had no room for, comes as a gap; where the log ends before for
    /// another reason, the stream ends there.
    pub fn finish(&mut self, last: u64) {
        self.last = Some(last);
    }

    fn is_finished(&self) -> bool {
        let position = self.stream.position().position[Log::Exec as usize];
        match (self.last, position) {
            (Some(last), LogPosition::After { sequence, .. }) => sequence >= last,
            _ => false,
        }
    }

    /// The next batch. Never waits.
    ///
    /// # Errors
    ///
    /// What ends the stream: `MissedRotation`, `InvalidCursor`, `Io`.
    pub fn take(&mut self, limits: Limits) -> Result<Taken, ErrorData> {
        let limits = BatchLimits {
            entries: limits.entries.clamp(1, self.most),
            bytes: limits.bytes.max(1),
        };
        let mut asked_at = None;
        let next = loop {
            let next = match self.is_finished() {
                true => break Next::Pending,
                false => self.stream.next(limits)?,
            };
            let (Next::Pending, Some(last)) = (&next, self.last) else {
                break next;
            };
            let at = Some(self.stream.position());
            // What `until` holds back is not missing.
            if asked_at == at || !self.stream.report_missing(Log::Exec, last)? {
                break next;
            }
            asked_at = at;
        };
        match next {
            Next::Batch(batch) => {
                self.refuse_first_gap(&batch)?;
                let packed = pack(&batch, self.mid_line)?;
                let view = Packed::parse(&packed)?;
                self.before = self.totals;
                self.totals.add(&view, usize::MAX);
                self.mid_line = view.is_mid_line(view.items());
                Ok(Taken::Batch(packed))
            }
            Next::Pending if self.last.is_none() => Ok(Taken::Pending),
            Next::Pending => {
                let end = self.stream.close(EndReason::Drained);
                Ok(Taken::End(self.ended(&end)))
            }
            Next::End(end) => Ok(Taken::End(self.ended(&end))),
        }
    }

    fn ended(&self, end: &End) -> String {
        self.end(
            end.reason.name(),
            &end.position.encode(),
            &self.totals,
            end.sessions.as_deref(),
        )
    }

    /// Numbers after a cursor that are gone, and not merely missing between
    /// others, can not be shown as a snapshot from that cursor.
    fn refuse_first_gap(&mut self, batch: &silt_log::Batch) -> Result<(), ErrorData> {
        if batch.items.is_empty() || !std::mem::take(&mut self.refuses_first_gap) {
            return Ok(());
        }
        let gone = batch.items.iter().take_while(|item| {
            item.gap.is_some_and(|gap| {
                batch.gaps[usize::from(gap)].reason == silt_log::GapReason::Rotated
            })
        });
        let gaps: Vec<_> = gone
            .filter_map(|item| item.gap)
            .map(|gap| batch.gaps[usize::from(gap)])
            .collect();
        if gaps.is_empty() {
            return Ok(());
        }
        let resume_cursor = batch.cursor_at(gaps.len() - 1).encode();
        Err(silt_log::Error::MissedRotation {
            gaps,
            resume_cursor,
        }
        .into())
    }

    /// `wake` is called at most once after each [`Taken::Pending`], from another
    /// thread; it must be quick.
    pub fn set_waker(&mut self, wake: Box<dyn Fn() + Send + Sync>) {
        self.stream.set_waker(wake);
    }

    /// Where a reader stands that was handed all batches so far.
    pub fn position(&self) -> String {
        self.stream.position().encode()
    }

    /// Closes the stream. Of the newest batch, given again, only the items before
    /// the index were handed over.
    ///
    /// Returns JSON: `{"reason","position","truncated","logs":{"exec":{"entries",
    /// "bytes","firstSequence","lastSequence","gaps"}}}`, and with the option
    /// `digest` also `"sessions":[{"sessionId","complete","sources":[{"source",
    /// "entries","bytes","sha256"}]}]`.
    pub fn close(mut self, reason: &str, newest: Option<(&[u8], usize)>) -> String {
        let mut totals = self.totals;
        let mut position = self.position();
        if let Some((packed, index)) = newest
            && let Ok(packed) = Packed::parse(packed)
        {
            totals = self.before;
            totals.add(&packed, index);
            // Who was handed all of it stands where the stream does, after what filters
            // left out since.
            if index < packed.items() {
                position = packed.position_before(index).unwrap_or(position);
            }
        }
        let known = END_REASONS.into_iter().map(EndReason::name);
        let sessions = self.stream.delivered(newest.map(|(_, index)| index));
        let reason = known.into_iter().find(|known| *known == reason);
        self.end(
            reason.unwrap_or(EndReason::Closed.name()),
            &position,
            &totals,
            sessions.as_deref(),
        )
    }

    fn end(
        &self,
        reason: &str,
        position: &str,
        totals: &Totals,
        sessions: Option<&[DeliveredSession]>,
    ) -> String {
        let mut end = json!({
            "reason": reason,
            "position": position,
            "truncated": self.stream.truncated(),
            "logs": totals.to_json(),
        });
        if let Some(sessions) = sessions {
            end["sessions"] = sessions_json(sessions);
        }
        end.to_string()
    }
}

/// How many entries a batch may have at most, whatever a client asks for: so that
/// the conformance cases run every client with small batches. No part of the
/// interface.
fn largest_batch() -> usize {
    let given = std::env::var_os("SILT_BATCH_ENTRIES");
    let number = given.and_then(|text| text.to_str()?.parse().ok());
    number.unwrap_or(usize::MAX).max(1)
}

fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    })
}

/// What a stream gives that was closed before: its end, without totals.
pub fn closed_json() -> String {
    let end = json!({ "reason": "closed", "position": "", "truncated": false, "logs": {} });
    json!({ "end": end }).to_string()
}

impl Place {
    /// The engine knows folders; here the sandbox's name says more.
    fn missing(&self, error: silt_log::Error) -> ErrorData {
        match (self, error) {
            (Place::Sandbox { name, .. }, silt_log::Error::NotFound { .. }) => {
                let message = format!("there is no sandbox named \"{name}\"");
                ErrorData::new(ErrorCode::SandboxNotFound, message).with("sandbox", name.as_str())
            }
            (_, error) => error.into(),
        }
    }
}
