//! When a client's stream ends.

use silt_interface::{ClientStream, Limits, Taken};
use silt_log::{Exit, Log, Source, Writer, WriterOptions};

const LIMITS: Limits = Limits {
    entries: 1024,
    bytes: 1 << 20,
};

/// More than a batch looks at.
fn append_many(writer: &mut Writer, session: u64) {
    let lines = "another line\n".repeat(70_000);
    writer.append(session, Source::Stdout, lines.as_bytes());
    writer.flush();
}

#[test]
fn the_stream_of_a_session_that_has_ended_ends_however_much_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    let mut writer = Writer::create(&logs, &WriterOptions::default()).unwrap();
    let (quiet, loud) = (
        writer.begin_session().unwrap(),
        writer.begin_session().unwrap(),
    );
    let params = format!(
        r#"{{"folder":{:?},"options":{{"follow":true,"sessions":[{quiet}]}}}}"#,
        logs.to_str().unwrap()
    );
    let mut stream = ClientStream::open(&params).unwrap();
    writer.append(quiet, Source::Stdout, b"one\n");
    append_many(&mut writer, loud);
    writer.append(quiet, Source::Stdout, b"two\n");
    let exit = Exit {
        code: Some(0),
        signal: None,
        started_ns: 0,
        ended_ns: 1,
        timed_out: false,
    };
    writer.end_session(quiet, &exit);
    let last = writer.last_sequence(Log::Exec);
    stream.finish(last);
    for _ in 0..5 {
        append_many(&mut writer, loud);
        match stream.take(LIMITS).unwrap() {
            Taken::Batch(_) => {}
            Taken::Pending => panic!("there is always more"),
            Taken::End(end) => {
                assert!(end.contains(r#""reason":"drained""#), "{end}");
                assert!(end.contains(r#""entries":2"#), "{end}");
                assert!(matches!(stream.take(LIMITS), Ok(Taken::End(again)) if again == end));
                return;
            }
        }
    }
    panic!("it does not end");
}

#[test]
fn what_was_never_kept_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    let mut writer = Writer::create(&logs, &WriterOptions::default()).unwrap();
    writer.append(1, Source::Stdout, b"one\n");
    writer.flush();
    let params = format!(
        r#"{{"folder":{:?},"options":{{"follow":true}}}}"#,
        logs.to_str().unwrap()
    );
    let mut stream = ClientStream::open(&params).unwrap();
    stream.finish(1000);
    assert!(matches!(stream.take(LIMITS), Ok(Taken::Batch(_))));
    assert!(matches!(stream.take(LIMITS), Ok(Taken::End(_))));
}
