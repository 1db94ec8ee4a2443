//! All that writers and readers do, in one thread, and the same each time:
//! rotation, retention, compression, recovery; reading from the beginning, from
//! cursors, the tail, and following to the end.

use super::witness::{Event, Witness, line};
use super::{after, follow, read, report};
use crate::{
    Batch, BatchLimits, Compress, EndReason, Error, Exit, LogDirectory, Next, Source, Stream,
    StreamOptions, Writer, WriterOptions,
};
use std::path::Path;

/// A call that failed once is made again, as a caller would.
const TRIES: usize = 3;

pub(super) fn options(compress: Compress) -> WriterOptions {
    WriterOptions {
        max_bytes: 4096,
        segment_bytes: Some(1024),
        compress,
        ..WriterOptions::default()
    }
}

pub(super) struct Scenario<'a> {
    pub(super) logs: &'a Path,
    pub(super) witness: Witness,
}

/// A stream, and what the witness knows of it.
pub(super) struct Reader {
    stream: Stream,
    number: usize,
    last: u64,
}

/// Makes a call until it works. Only what the system refused may stop it.
pub(super) fn again<T>(mut call: impl FnMut() -> Result<T, Error>) -> T {
    let mut refused = None;
    for _ in 0..TRIES {
        match call() {
            Ok(value) => return value,
            Err(error @ (Error::Io { .. } | Error::Locked { .. })) => refused = Some(error),
            Err(error) => panic!("{error}"),
        }
    }
    panic!("refused again and again: {refused:?}")
}

impl Scenario<'_> {
    pub(super) fn writer(&self, compress: Compress) -> Writer {
        again(|| Writer::create(self.logs, &options(compress)))
    }

    pub(super) fn append(&mut self, writer: &mut Writer, session: u64, count: u64) {
        for _ in 0..count {
            let id = self.witness.last_id + 1;
            self.witness.add(Event::Append(id));
            writer.append(session, Source::Stdout, line(id).as_bytes());
        }
        self.flush(writer);
    }

    pub(super) fn flush(&mut self, writer: &mut Writer) {
        writer.flush();
        self.witness.add(Event::Flushed(self.witness.last_id));
    }

    /// Opens a stream; all up to `after` is accounted for.
    pub(super) fn open(&mut self, options: &StreamOptions, after: Option<u64>) -> Reader {
        let stream = again(|| LogDirectory::open(self.logs)?.stream(options));
        Reader {
            stream,
            number: self.witness.begin(after),
            last: after.unwrap_or(0),
        }
    }

    /// Up to `batches` batches; the last one, and whether the stream ended.
    pub(super) fn take(&mut self, reader: &mut Reader, batches: usize) -> Option<Batch> {
        let mut last = None;
        for _ in 0..batches {
            match again(|| reader.stream.next(limits())) {
                Next::Batch(batch) => {
                    self.hand(reader, &batch);
                    last = Some(batch);
                }
                Next::Pending => break,
                Next::End(end) => panic!("ended while there is a writer: {end:?}"),
            }
        }
        last
    }

    fn hand(&mut self, reader: &mut Reader, batch: &Batch) {
        for item in &batch.items {
            match read(item, &batch.gaps, batch.data(item)) {
                super::Read::Entry(n, text) => {
                    self.witness.entry(reader.number, n, &text);
                    reader.last = n;
                }
                super::Read::Gap(from, to, ..) => {
                    self.witness.add(Event::Gap(reader.number, from, to));
                    reader.last = to;
                }
            }
        }
    }

    /// To the end, which has to hold all that was flushed by now.
    pub(super) fn finish(&mut self, reader: &mut Reader) -> EndReason {
        let bound = self.witness.flushed;
        loop {
            match again(|| reader.stream.next(limits())) {
                Next::Batch(batch) => self.hand(reader, &batch),
                Next::Pending => panic!("waits though there is no writer"),
                Next::End(end) => {
                    self.witness.add(Event::End(reader.number, bound));
                    return end.reason;
                }
            }
        }
    }

    fn read_from(&mut self, cursor: &str, last: u64) {
        let mut reader = self.open(&after(cursor), Some(last));
        self.finish(&mut reader);
    }

    /// The whole of it; how the follower's stream ended.
    pub(super) fn run(&mut self) -> EndReason {
        let mut writer = self.writer(Compress::None);
        let session = again(|| writer.begin_session());
        self.append(&mut writer, session, 2);
        let mut follower = self.open(&follow(), Some(0));
        self.take(&mut follower, 9);
        self.append(&mut writer, session, 5);
        let batch = self.take(&mut follower, 1);
        // Held up while segments come and go.
        self.append(&mut writer, session, 9);
        if let Some(item) = batch.as_ref().and_then(|batch| batch.items.first()) {
            let cursor = batch.as_ref().unwrap().cursor_at(0).encode();
            self.read_from(&cursor, item.sequence);
        }
        self.read_from(&follower.stream.position().encode(), follower.last);
        self.take(&mut follower, 99);
        let cursor = writer.position_cursor();
        let last = writer.last_sequence(crate::Log::Exec);
        self.append(&mut writer, session, 1);
        self.read_from(&cursor, last);
        writer.end_session(session, &exit());
        drop(writer);

        let mut writer = self.writer(Compress::Zstd);
        let session = again(|| writer.begin_session());
        for _ in 0..4 {
            self.append(&mut writer, session, 3);
            self.take(&mut follower, 1);
        }
        let mut all = self.open(&report(), None);
        self.finish(&mut all);
        let tail = StreamOptions {
            tail: Some(4),
            ..report()
        };
        let mut tail = self.open(&tail, None);
        self.finish(&mut tail);
        self.read_from(&follower.stream.position().encode(), follower.last);
        // Its end is written by the end of the file.
        let id = self.witness.last_id + 1;
        self.witness.add(Event::Append(id));
        let text = line(id);
        writer.append(session, Source::Stdout, text.trim_end().as_bytes());
        writer.end_of_file(session, Source::Stdout);
        self.flush(&mut writer);
        self.take(&mut follower, 99);
        self.append(&mut writer, session, 2);
        writer.end();
        self.finish(&mut follower)
    }
}

pub(super) fn limits() -> BatchLimits {
    BatchLimits {
        entries: 2,
        bytes: 1 << 20,
    }
}

fn exit() -> Exit {
    super::exit()
}
