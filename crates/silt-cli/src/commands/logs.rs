//! `silt logs`.

use super::log_place::LogPlace;
use super::logs_again;
use crate::arguments::{count, level, session_id, source, time};
use crate::failure::{Failure, MISSED_ROTATION};
use crate::output::{
    ColorChoice, Json, Stdout, Text, TextOptions, gap_text, note, tell, unless_unread,
};
use crate::wakeups::{self, Woken};
use clap::{Args, ValueEnum};
use silt_log::{
    Batch, BatchLimits, DeliveredSession, EndReason, Error, Gap, GapReason, Level, Next, OnGap,
    Source, SourceSet, Stream, StreamOptions,
};
use std::io;
use std::process::ExitCode;

/// What a sandbox's commands wrote, from the oldest entry there is
#[derive(Args)]
#[command(after_help = "\
Times are RFC 3339 with a zone, or a duration back from now: 90s, 5m, 2h, 1d.
Everything goes to standard output. Control sequences are taken out unless colour is on;
then colours stay. Prefixes come in the order timestamp, session, cursor.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) place: LogPlace,
    /// Only the newest N entries, counted after all other filters
    #[arg(short = 'n', long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub(crate) tail: Option<u64>,
    /// Only from this time on
    #[arg(long, value_name = "T", value_parser = time, conflicts_with = "cursor")]
    pub(crate) since: Option<i64>,
    /// Only before this time
    #[arg(long, value_name = "T", value_parser = time)]
    pub(crate) until: Option<i64>,
    /// Wait for more until the sandbox stops
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// stdout, stderr, output (a terminal), system, all [default: the first three]
    #[arg(long = "source", value_name = "S", value_delimiter = ',', value_parser = source)]
    pub(crate) sources: Vec<SourceSet>,
    /// Only this exec session; may be given again
    #[arg(long = "session", value_name = "ID", value_parser = session_id)]
    pub(crate) sessions: Vec<u64>,
    /// Only lines that match, in the syntax of Rust's regex
    #[arg(long, value_name = "RE")]
    pub(crate) grep: Option<regex::bytes::Regex>,
    /// Only this level and above: debug, info, warning, error, critical
    #[arg(long, value_name = "L", value_parser = level)]
    pub(crate) level: Option<Level>,
    /// One JSON object a line; nothing is lost
    #[arg(long)]
    pub(crate) json: bool,
    /// Change no byte
    #[arg(long, conflicts_with = "json")]
    pub(crate) raw: bool,
    /// Begin each line with its time
    #[arg(long)]
    pub(crate) timestamps: bool,
    /// Begin each line with its exec session
    #[arg(long)]
    pub(crate) show_id: bool,
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: ColorChoice,
    /// The same as --color never
    #[arg(long, conflicts_with = "color")]
    pub(crate) no_color: bool,
    /// Only what stands strictly after this cursor
    #[arg(long, value_name = "C", allow_hyphen_values = true)]
    pub(crate) cursor: Option<String>,
    /// Give each entry's cursor, to go on from later
    #[arg(long)]
    pub(crate) with_cursors: bool,
    /// Where entries are missing: end, or say so in band and go on. Without it a gap that
    /// the log has recorded ends only --follow
    #[arg(long, value_name = "WHAT", value_enum)]
    pub(crate) on_gap: Option<GapChoice>,
    /// Say at the end, on standard error, how much came of each session, its SHA-256, and
    /// whether that is all that the session wrote
    #[arg(long)]
    pub(crate) digest: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GapChoice {
    Error,
    Report,
}

impl Arguments {
    fn stream_options(&self) -> StreamOptions {
        let any = |source| self.sources.iter().any(|set| set.contains(source));
        StreamOptions {
            sources: match self.sources.as_slice() {
                [] => SourceSet::DEFAULT,
                _ => SourceSet::of(Source::ALL.into_iter().filter(|s| any(*s))),
            },
            sessions: self.sessions.clone(),
            level: self.level,
            grep: self.grep.clone(),
            since: self.since,
            until: self.until,
            from_cursor: self.cursor.clone(),
            tail: self.tail,
            follow: self.follow,
            on_gap: if self.ends_at_every_gap() {
                OnGap::Error
            } else {
                OnGap::Report
            },
            digest: self.digest,
        }
    }

    fn ends_at_every_gap(&self) -> bool {
        match self.on_gap {
            Some(choice) => choice == GapChoice::Error,
            None => self.follow,
        }
    }

    fn limits(&self) -> BatchLimits {
        BatchLimits {
            // A cursor is made by looking back through its batch.
            entries: if self.with_cursors { 256 } else { 4096 },
            bytes: 512 << 10,
        }
    }
}

enum Printer {
    Text(Text),
    Json(Json),
}

impl Printer {
    fn new(arguments: &Arguments) -> Printer {
        if arguments.json {
            return Printer::Json(Json {
                cursors: arguments.with_cursors,
            });
        }
        Printer::Text(Text::new(TextOptions {
            raw: arguments.raw,
            color: !arguments.no_color && arguments.color.is_on(),
            timestamps: arguments.timestamps,
            ids: arguments.show_id,
            cursors: arguments.with_cursors,
            selects: arguments.grep.is_some(),
        }))
    }

    fn batch(&mut self, batch: &Batch, out: &mut Stdout) -> io::Result<()> {
        match self {
            Printer::Text(text) => text.batch(batch, out),
            Printer::Json(json) => json.batch(batch, out),
        }
    }

    fn end(&mut self, out: &mut Stdout) -> io::Result<()> {
        match self {
            Printer::Text(text) => text.end(out),
            Printer::Json(_) => out.flush(),
        }
    }
}

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let options = arguments.stream_options();
    options.validate()?;
    let mut stream = arguments
        .place
        .open()?
        .stream(&options)
        .map_err(|error| explain(error, &arguments))?;
    let mut shown = Shown {
        printer: Printer::new(&arguments),
        out: Stdout::new(),
        err: Stdout::stderr(),
    };
    if arguments.follow {
        let waker = wakeups::install(&[libc::SIGINT])?;
        stream.set_waker(Box::new(move || waker.wake()));
        shown.out.give_up_when(interrupted);
        shown.err.give_up_when(interrupted);
    }
    let result = show(&arguments, &mut stream, &mut shown);
    if interrupted() {
        // What was shown is whole up to here; there is nothing to say.
        let _ = shown.end();
        return Ok(ExitCode::SUCCESS);
    }
    result
}

struct Shown {
    printer: Printer,
    out: Stdout,
    err: Stdout,
}

impl Shown {
    fn batch(&mut self, batch: &Batch) -> io::Result<()> {
        self.printer.batch(batch, &mut self.out)
    }

    fn end(&mut self) -> io::Result<()> {
        self.printer.end(&mut self.out)
    }

    /// What is not shown stood among what follows.
    fn left_out(&mut self) {
        if let Printer::Text(text) = &mut self.printer {
            text.left_out();
        }
    }

    fn tell(&mut self, message: &str) -> io::Result<()> {
        tell(&mut self.err, message)
    }
}

fn interrupted() -> bool {
    wakeups::has_come(libc::SIGINT)
}

fn show(
    arguments: &Arguments,
    stream: &mut Stream,
    shown: &mut Shown,
) -> Result<ExitCode, Failure> {
    let limits = arguments.limits();
    if stream.truncated() && arguments.tail.is_none() && arguments.since.is_none() {
        shown.tell("the beginning of this log is gone; its size or age limit has taken it")?;
    }
    loop {
        if interrupted() {
            return Ok(ExitCode::SUCCESS);
        }
        match stream.next(limits) {
            Ok(Next::Batch(batch)) => match unexpected_gap(arguments, &batch) {
                None => shown.batch(&batch)?,
                Some(Unexpected {
                    entries,
                    recorded,
                    missed,
                }) => {
                    shown.left_out();
                    if let Some(error) = missed {
                        let written = shown.batch(&entries).and_then(|()| shown.end());
                        for gap in recorded {
                            note(&gap_text(&gap));
                        }
                        return Err(after_output(written, explain(error, arguments)));
                    }
                    shown.batch(&entries)?;
                    for gap in recorded {
                        shown.tell(&gap_text(&gap))?;
                    }
                }
            },
            Ok(Next::Pending) => {
                shown.out.flush()?;
                if wakeups::wait(Some(shown.out.fd()))? == Woken::OutputClosed {
                    return Ok(ExitCode::SUCCESS);
                }
            }
            Ok(Next::End(end)) => {
                shown.end()?;
                if let Some(why) = why(end.reason) {
                    shown.tell(why)?;
                }
                for session in end.sessions.unwrap_or_default() {
                    shown.tell(&delivered_text(&session))?;
                }
                return Ok(ExitCode::SUCCESS);
            }
            Err(error) => {
                return Err(after_output(shown.end(), explain(error, arguments)));
            }
        }
    }
}

/// What can not be shown takes neither the word nor the code of what is missing away.
fn after_output(written: io::Result<()>, failure: Failure) -> Failure {
    if let Err(error) = unless_unread(written) {
        note(&format!("could not write the output: {error}"));
    }
    failure
}

struct Unexpected {
    /// The batch without its gaps, up to what was missed.
    entries: Batch,
    /// Those in it that the log has recorded.
    recorded: Vec<Gap>,
    /// Retention was faster than this reader, or than whoever kept the cursor.
    missed: Option<Error>,
}

/// Gaps that are neither asked for in band nor an error of the stream's own: a
/// snapshot goes on past what the log has recorded, and says so.
fn unexpected_gap(arguments: &Arguments, batch: &Batch) -> Option<Unexpected> {
    if batch.gaps.is_empty() || arguments.on_gap.is_some() || arguments.follow {
        return None;
    }
    let mut entries = batch.clone();
    let mut recorded = Vec::new();
    let mut missed = None;
    for (at, item) in batch.items.iter().enumerate() {
        let Some(index) = item.gap else { continue };
        let gap = batch.gaps[usize::from(index)];
        if gap.reason != GapReason::Rotated {
            recorded.push(gap);
            continue;
        }
        entries.items.truncate(at);
        entries.data.truncate(item.data_offset as usize);
        missed = Some(Error::MissedRotation {
            gaps: vec![gap],
            // Behind what is recorded before it, too: that has to be said now.
            resume_cursor: batch.cursor_at(at).encode(),
        });
        break;
    }
    entries.items.retain(|item| item.gap.is_none());
    entries.gaps.clear();
    Some(Unexpected {
        entries,
        recorded,
        missed,
    })
}

/// A missed rotation is told with the command that goes on after it.
fn explain(error: Error, arguments: &Arguments) -> Failure {
    let Error::MissedRotation {
        gaps,
        resume_cursor,
    } = &error
    else {
        return error.into();
    };
    let gaps: Vec<String> = gaps.iter().map(gap_text).collect();
    Failure::new(
        MISSED_ROTATION,
        format!(
            "{}; go on with: {}",
            gaps.join(", "),
            logs_again::command(arguments, resume_cursor)
        ),
    )
}

/// Why a log ended that did not end in order.
fn why(reason: EndReason) -> Option<&'static str> {
    match reason {
        EndReason::Crashed => Some("the sandbox crashed; this is all that it wrote"),
        EndReason::Removed => Some("the sandbox was removed; this is all that it wrote"),
        EndReason::Unknown => Some("whether the sandbox still runs can not be told from here"),
        EndReason::Drained
        | EndReason::Stopped
        | EndReason::Until
        | EndReason::Closed
        | EndReason::Aborted => None,
    }
}

fn delivered_text(delivered: &DeliveredSession) -> String {
    let verdict = match delivered.complete {
        Some(true) => "complete",
        Some(false) => "NOT complete",
        None => "whether it is complete is not known",
    };
    let sources = Source::ALL.into_iter().zip(&delivered.sources);
    let sources: String = sources
        .filter_map(|(source, totals)| {
            let totals = totals.as_ref()?;
            Some(format!(
                "; {}: {} entries, {} bytes, SHA-256 {}",
                source.name(),
                totals.entries,
                totals.bytes,
                totals.sha256
            ))
        })
        .collect();
    format!("session {}: {verdict}{sources}", delivered.session)
}
