//! The one writer of a log folder.

mod background;
mod chain;
mod compress;
mod create;
mod folder;
mod found;
mod next_segment;
mod recover;
mod retention;
mod segment;
mod splitter;
mod totals;

use crate::control::{Control, ExitRecord, LogId, SourceRecord};
use crate::cursor::{Cursor, LogPosition};
use crate::mutation::mutation;
use crate::{Error, Log, Source, Sync, format_time, sys};
use chain::Chain;
#[cfg(test)]
pub(crate) use chain::RETRY_AFTER;
use folder::WriterFolder;
use splitter::{Piece, Splitter};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
pub(crate) use totals::Counter;
pub use totals::{EndedSession, SessionTotals, SourceTotals};

/// Sessions numbers that one mark allows, so that not each needs a sync.
const SESSIONS_A_MARK: u64 = 16;

const SYNC_INTERVAL: Duration = Duration::from_secs(1);

/// How an exec session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Exit code; `None` after a signal.
    pub code: Option<i32>,
    /// Name of the signal that ended it, `SIGKILL`.
    pub signal: Option<String>,
    /// Nanoseconds since 1970.
    pub started_ns: i64,
    pub ended_ns: i64,
    /// Its time limit ended it.
    pub timed_out: bool,
}

/// Writes the three logs of a folder. It holds the folder's lock until it is
/// dropped.
///
/// Trouble with the disk never surfaces from [`Writer::append`]: entries that
/// can not be kept take their numbers all the same, and become a recorded gap.
pub struct Writer {
    folder: WriterFolder,
    chains: [Chain; 3],
    /// By session and source.
    streams: BTreeMap<(u64, Source), Stream>,
    next_session: u64,
    /// From the newest segment of the writer before.
    ended_before: Vec<EndedSession>,
    sync: Sync,
    synced_at: Instant,
    /// When segments were last looked at for their age.
    aged_at: Instant,
    /// Whether segments go by age.
    ages: bool,
    max_bytes: u64,
}

#[derive(Default)]
struct Stream {
    splitter: Splitter,
    counter: Counter,
}

impl Writer {
    /// 128 random bits that name this log folder.
    pub fn log_id(&self) -> LogId {
        self.folder.log_id
    }

    /// Where the folder was when it was opened.
    pub fn path(&self) -> &Path {
        &self.folder.path
    }

    /// The folder moved with its parent, or was given its name: later errors
    /// speak of `path`.
    pub fn set_path(&mut self, path: PathBuf) {
        self.folder.path = path;
    }

    /// The sessions whose exit records lie in the newest segment of the writer
    /// before this one: those that had just ended when it died are among them.
    pub fn ended_before(&self) -> &[EndedSession] {
        &self.ended_before
    }

    /// A new session number, never given before in this log.
    ///
    /// # Errors
    /// [`Error::Io`] when the number can not be made durable.
    pub fn begin_session(&mut self) -> Result<u64, Error> {
        let session = self.next_session;
        if session > self.folder.mark.session {
            let before = self.folder.mark.session;
            self.folder.mark.session = session + SESSIONS_A_MARK - 1;
            if let Err(error) = self.folder.write_mark() {
                self.folder.mark.session = before;
                return Err(Error::io("write the lock of", &self.folder.path, error));
            }
        }
        self.next_session += 1;
        Ok(session)
    }

    /// The highest session number that was given; after a kill, that may have been.
    pub fn last_session(&self) -> u64 {
        self.next_session - 1
    }

    /// Takes bytes as they were read from a command. Never waits for readers.
    pub fn append(&mut self, session: u64, source: Source, bytes: &[u8]) {
        let (now, time_ns) = (sys::moment(), sys::now_ns());
        let stream = self.streams.entry((session, source)).or_default();
        stream.counter.add(bytes);
        let log = (&mut self.chains[Log::Exec as usize], &mut self.folder);
        let add = adding(log, &mut stream.counter, time_ns, session, source);
        stream.splitter.push(bytes, now, add);
    }

    /// Does not wait any longer for the rest of a session's unfinished lines: they
    /// go out as far as they came, all but a character that is not whole.
    pub fn hand_on(&mut self, session: u64) {
        let time_ns = sys::now_ns();
        let streams = self.streams.iter_mut();
        for ((_, source), stream) in streams.filter(|((of, _), _)| *of == session) {
            let log = (&mut self.chains[Log::Exec as usize], &mut self.folder);
            let add = adding(log, &mut stream.counter, time_ns, session, *source);
            stream.splitter.hand_on(add);
        }
    }

    /// The end of one of a session's streams: an unfinished line goes out.
    pub fn end_of_file(&mut self, session: u64, source: Source) {
        let Some(stream) = self.streams.get_mut(&(session, source)) else {
            return;
        };
        let log = (&mut self.chains[Log::Exec as usize], &mut self.folder);
        let add = adding(log, &mut stream.counter, sys::now_ns(), session, source);
        stream.splitter.finish(add);
    }

    /// Ends a session after its last byte: its exit record, flushed.
    pub fn end_session(&mut self, session: u64, exit: &Exit) -> SessionTotals {
        let mut totals = SessionTotals::default();
        for source in Source::ALL {
            self.end_of_file(session, source);
            totals.sources[source as usize] = self
                .streams
                .remove(&(session, source))
                .map(|stream| stream.counter.totals());
        }
        totals.last_sequence = self.last_sequence(Log::Exec);
        let chain = &mut self.chains[Log::Exec as usize];
        let record = ExitRecord {
            t: format_time(chain.control_time(sys::now_ns())),
            id: session,
            code: exit.code,
            signal: exit.signal.clone(),
            started: format_time(exit.started_ns),
            ended: format_time(exit.ended_ns),
            timed_out: exit.timed_out,
            sources: totals::by_name(&totals)
                .map(|(name, totals)| {
                    let record = SourceRecord {
                        first: totals.first_sequence,
                        entries: totals.entries,
                        bytes: totals.bytes,
                        sha256: totals.sha256.clone(),
                    };
                    (name.to_owned(), record)
                })
                .collect(),
        };
        chain.push_control(&Control::Exit(record));
        self.flush();
        totals
    }

    /// Adds a `system` entry to a log; a line end is added. Written at the next
    /// [`Writer::flush`].
    pub fn event(&mut self, log: Log, text: &str) {
        let time_ns = sys::now_ns();
        let line = format!("{text}\n");
        let (chain, folder) = (&mut self.chains[log as usize], &mut self.folder);
        Splitter::default().push(line.as_bytes(), sys::moment(), |piece| {
            chain.push(folder, time_ns, Source::System, 0, &piece);
        });
    }

    /// When [`Writer::flush`] has to be called at the latest, if nothing comes.
    pub fn deadline(&self) -> Option<Instant> {
        let unfinished = self.streams.values().filter_map(|s| s.splitter.deadline());
        let retries = self.chains.iter().filter_map(Chain::deadline);
        let sync = (self.sync == Sync::Interval).then(|| self.synced_at + SYNC_INTERVAL);
        let age = self.ages.then(|| self.aged_at + SYNC_INTERVAL);
        unfinished.chain(retries).chain(sync).chain(age).min()
    }

    /// Writes what is buffered, so that readers see it. To be called after each
    /// round of reading, and at the [`Writer::deadline`].
    pub fn flush(&mut self) {
        let now = sys::moment();
        let time_ns = sys::now_ns();
        for ((session, source), stream) in &mut self.streams {
            let log = (&mut self.chains[Log::Exec as usize], &mut self.folder);
            let add = adding(log, &mut stream.counter, time_ns, *session, *source);
            stream.splitter.hand_on_waiting(now, add);
        }
        for chain in &mut self.chains {
            chain.flush(&mut self.folder, now);
        }
        self.sync_when_due(now, time_ns);
    }

    /// The orderly end: what is unfinished goes out, all is synced, and each log
    /// gets its `end` line, `exec` last. The lock is free when this returns.
    pub fn end(mut self) {
        let open: Vec<_> = self.streams.keys().copied().collect();
        for (session, source) in open {
            self.end_of_file(session, source);
        }
        // The `end` lines say that all before them was synced.
        let mut settled = true;
        for chain in &mut self.chains {
            settled &= chain.settle(&mut self.folder);
        }
        settled &= self.folder.background.finish();
        let now_ns = sys::now_ns();
        for log in [Log::Runtime, Log::Kernel, Log::Exec] {
            settled = settled && self.chains[log as usize].end(&mut self.folder, now_ns);
        }
        for log in Log::ALL {
            self.folder.mark.logs[log as usize].last = Some(self.last_sequence(log));
        }
        self.folder.mark.session = self.next_session - 1;
        self.folder.mark.ended = settled;
        // Without it the next session numbers leave a hole; nothing is lost.
        let _ = self.folder.write_mark();
    }

    /// What waits for the background is done now.
    #[cfg(test)]
    pub(crate) fn catch_up(&self) {
        self.folder.background.catch_up();
    }

    /// On a full disk: gives up the oldest segment of `exec` for what else has to
    /// be written there, as it goes for newer entries. `false` when only the one
    /// that is written is left, or it can not be removed.
    pub fn make_room(&mut self) -> bool {
        self.chains[Log::Exec as usize].give_up_oldest(&self.folder)
    }

    /// Bytes that the `exec` log takes on disk.
    pub fn log_bytes(&self) -> u64 {
        self.chains[Log::Exec as usize].bytes()
    }

    /// The cap of the `exec` log, in bytes.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Whether the beginning of the `exec` log is gone.
    pub fn truncated(&self) -> bool {
        self.chains[Log::Exec as usize].truncated()
    }

    /// The last sequence number given in a log; 0 before the first.
    pub fn last_sequence(&self, log: Log) -> u64 {
        self.chains[log as usize].last_sequence()
    }

    /// A cursor just after all that was given so far: what comes later is read
    /// from it, whatever was there before.
    pub fn position_cursor(&mut self) -> String {
        if !mutation!("publish-before-write") {
            self.flush();
        }
        let position = Log::ALL.map(|log| {
            let chain = &self.chains[log as usize];
            let (segment, offset, tag) = chain.place().unwrap_or_default();
            LogPosition::After {
                sequence: chain.last_sequence(),
                segment,
                offset,
                tag,
            }
        });
        Cursor {
            log_id: self.folder.log_id,
            position,
        }
        .encode()
    }

    fn sync_when_due(&mut self, now: Instant, time_ns: i64) {
        let due = match self.sync {
            Sync::Segment => false,
            Sync::Interval => now >= self.synced_at + SYNC_INTERVAL,
            Sync::Write => true,
        };
        if now >= self.aged_at + SYNC_INTERVAL {
            self.aged_at = now;
            for chain in &mut self.chains {
                chain.evict_aged(&self.folder, time_ns);
            }
        }
        if due {
            self.synced_at = now;
            for chain in &mut self.chains {
                // Tried again at the next flush; until then it is as unsynced
                // as with the default.
                let _ = chain.sync();
            }
        }
    }
}

/// Adds the pieces of a session's stream to a log, each counted under its number.
fn adding(
    (chain, folder): (&mut Chain, &mut WriterFolder),
    counter: &mut Counter,
    time_ns: i64,
    session: u64,
    source: Source,
) -> impl FnMut(Piece<'_>) {
    move |piece| {
        counter.entry(chain.last_sequence() + 1);
        chain.push(folder, time_ns, source, session, &piece);
    }
}
