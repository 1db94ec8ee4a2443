//! `write-log FOLDER MAX_BYTES SEGMENT_BYTES`: writes a log through the engine
//! itself, as it is told on standard input, a JSON object a line, and answers
//! each once readers can see it. Session 1 is begun at the start.
//!
//! `{"append":["a\n","b\n"],"source":"stdout"}` adds lines of the newest session,
//! or of `session`; what has no line end waits for its rest, as of a command.
//! `{"begin":true}` begins another session. `{"end":true}` stops in order.
//! The answer has `last`, the number of the newest entry, and `session`, of the
//! newest session. At the end of its input it is gone as if killed.

use serde_json::{Value, json};
use silt_log::{Log, Source, Writer, WriterOptions};
use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;
use std::process::exit;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const USAGE: &str = "usage: write-log FOLDER MAX_BYTES SEGMENT_BYTES";
/// So long nothing is due.
const IDLE: Duration = Duration::from_secs(3600);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, max_bytes, segment_bytes] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let options = WriterOptions {
        max_bytes: max_bytes.parse()?,
        segment_bytes: Some(segment_bytes.parse()?),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(Path::new(folder), &options)?;
    let mut session = writer.begin_session()?;
    answer(&writer, session)?;
    let lines = lines();
    loop {
        let Some(line) = next(&lines, &mut writer) else {
            // No destructor: what is left undone stays so.
            exit(0)
        };
        let told: Value = serde_json::from_str(&line)?;
        if told["end"] == true {
            let last = writer.last_sequence(Log::Exec);
            writer.end();
            println!("{}", json!({ "last": last, "session": session }));
            return Ok(());
        }
        if told["begin"] == true {
            session = writer.begin_session()?;
        }
        let source = told["source"].as_str().unwrap_or("stdout");
        let source = Source::parse(source).ok_or(USAGE)?;
        for data in told["append"].as_array().unwrap_or(&Vec::new()) {
            let of = told["session"].as_u64().unwrap_or(session);
            writer.append(of, source, data.as_str().ok_or(USAGE)?.as_bytes());
        }
        writer.flush();
        answer(&writer, session)?;
    }
}

fn answer(writer: &Writer, session: u64) -> std::io::Result<()> {
    let last = writer.last_sequence(Log::Exec);
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{}", json!({ "last": last, "session": session }))?;
    stdout.flush()
}

/// The next line of the input; what falls due meanwhile is written.
fn next(lines: &Receiver<String>, writer: &mut Writer) -> Option<String> {
    loop {
        let wait = writer.deadline().map_or(IDLE, |deadline| {
            deadline.saturating_duration_since(Instant::now())
        });
        match lines.recv_timeout(wait) {
            Ok(line) => return Some(line),
            Err(RecvTimeoutError::Timeout) => writer.flush(),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

fn lines() -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
