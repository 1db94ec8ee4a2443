//! What a client's stream shows as text.

use silt_interface::{ClientStream, Format, Limits, Taken, frames};
use silt_log::{Source, Writer, WriterOptions};

/// What the stream shows now, in batches of at most so many entries.
fn shown(stream: &mut ClientStream, entries: usize) -> String {
    let limits = Limits {
        entries,
        ..Limits::DEFAULT
    };
    let mut all = Vec::new();
    loop {
        match stream.take(limits).unwrap() {
            Taken::Batch(packed) => all.extend(frames(&packed, 0, Format::Text).unwrap()),
            Taken::Pending => return String::from_utf8(all).unwrap(),
            Taken::End(end) => panic!("{end}"),
        }
    }
}

#[test]
fn a_gap_within_a_line_has_a_line_of_its_own_however_the_stream_is_cut_into_batches() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    let options = WriterOptions {
        max_bytes: 16 << 10,
        segment_bytes: Some(2048),
        ..WriterOptions::default()
    };
    let mut writer = Writer::create(&logs, &options).unwrap();
    let mut append = |times: usize| {
        for _ in 0..times {
            writer.append(1, Source::Stdout, b"a part, ");
            writer.hand_on(1);
        }
        writer.flush();
    };
    let params = format!(
        r#"{{"folder":{:?},"options":{{"follow":true,"onGap":"report"}}}}"#,
        logs.to_str().unwrap()
    );
    let open = || ClientStream::open(&params).unwrap();
    let mut streams = [1, 2, 7, 1024].map(|entries| (entries, open()));
    append(1);
    for (entries, stream) in &mut streams {
        assert_eq!(shown(stream, *entries), "a part, ");
    }
    append(2000);
    for (entries, stream) in &mut streams {
        let text = shown(stream, *entries);
        let lines: Vec<_> = text.lines().collect();
        let [before, gap, after] = lines[..] else {
            panic!("{entries}: {text}");
        };
        assert!(gap.starts_with("--- exec ") && gap.ends_with(" ---"));
        for parts in [before, after] {
            assert_eq!(parts.replace("a part, ", ""), "", "{entries}");
        }
    }
}
