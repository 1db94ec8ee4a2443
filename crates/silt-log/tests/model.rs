//! Random writers and random readers against a plain model: filter the list of
//! all entries by hand, and compare.

mod reading;

use proptest::prelude::*;
use reading::folder;
use regex::bytes::Regex;
use silt_log::{
    BatchLimits, Compress, Exit, Level, Log, LogDirectory, Next, OnGap, Part, Source, SourceSet,
    StreamOptions, Writer, WriterOptions, level_of, strip_ansi,
};
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Clone, Debug)]
enum Action {
    Append {
        session: u64,
        source: Source,
        bytes: Vec<u8>,
    },
    Flush,
    EndOfFile {
        session: u64,
        source: Source,
    },
    Event(Log),
    Restart {
        orderly: bool,
    },
}

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        Just(Source::Stdout),
        Just(Source::Stderr),
        Just(Source::Output)
    ]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        8 => "[a-z]{0,12}".prop_map(String::into_bytes),
        2 => Just(b"ERROR".to_vec()),
        2 => Just(b" warning \x1b[31m".to_vec()),
        1 => Just("\u{20ac}\u{1f600}".as_bytes().to_vec()),
        1 => Just(b"\xff\xe2\x82".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        1 => Just(b"\"\\\0".to_vec()),
        1 => (16_000usize..17_000).prop_map(|length| vec![b'y'; length]),
        6 => Just(b"\n".to_vec()),
    ];
    prop::collection::vec(word, 0..12).prop_map(|words| words.concat())
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        12 => (1u64..4, source(), bytes())
            .prop_map(|(session, source, bytes)| Action::Append { session, source, bytes }),
        4 => Just(Action::Flush),
        2 => (1u64..4, source())
            .prop_map(|(session, source)| Action::EndOfFile { session, source }),
        2 => prop_oneof![Just(Log::Exec), Just(Log::Runtime), Just(Log::Kernel)]
            .prop_map(Action::Event),
        1 => any::<bool>().prop_map(|orderly| Action::Restart { orderly }),
    ]
}

#[derive(Clone, Debug)]
struct Question {
    sources: SourceSet,
    sessions: Vec<u64>,
    level: Option<Level>,
    grep: Option<&'static str>,
    since: Option<usize>,
    until: Option<usize>,
    from: Option<usize>,
    tail: Option<u64>,
    batch: usize,
}

fn question() -> impl Strategy<Value = Question> {
    (
        prop::sample::subsequence(Source::ALL.to_vec(), 1..=4),
        prop::collection::vec(1u64..4, 0..3),
        prop::option::of(prop::sample::select(Level::ALL.to_vec())),
        prop::option::of(prop::sample::select(vec![
            "a", "err|ERR", "^$", "yyz?", "x$",
        ])),
        prop::option::of(any::<prop::sample::Index>()),
        prop::option::of(any::<prop::sample::Index>()),
        prop::option::of(any::<prop::sample::Index>()),
        prop::option::of(0u64..20),
        1usize..20,
    )
        .prop_map(
            |(sources, sessions, level, grep, since, until, from, tail, batch)| Question {
                sources: SourceSet::of(sources),
                sessions,
                level,
                grep,
                since: since.map(|index| index.index(1000)),
                until: until.map(|index| index.index(1000)),
                from: from.map(|index| index.index(1000)),
                tail,
                batch,
            },
        )
}

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    log: Log,
    sequence: u64,
    time: i64,
    session: u64,
    source: Source,
    part: Part,
    level: Level,
    data: Vec<u8>,
    /// Just after it.
    cursor: String,
}

fn ask(logs: &Path, options: &StreamOptions, batch: usize) -> Vec<Entry> {
    let mut stream = LogDirectory::open(logs).unwrap().stream(options).unwrap();
    let limits = BatchLimits {
        entries: batch,
        bytes: 1 << 20,
    };
    let mut all = Vec::new();
    loop {
        match stream.next(limits).unwrap() {
            Next::Batch(batch) => {
                for (index, item) in batch.items.iter().enumerate() {
                    assert_eq!(item.gap, None, "nothing is lost here");
                    let data = batch.data(item).to_vec();
                    all.push(Entry {
                        log: item.log,
                        sequence: item.sequence,
                        time: item.time_ns,
                        session: item.session,
                        source: item.source,
                        part: item.part,
                        level: item.level.unwrap_or_else(|| level_of(&data)),
                        data,
                        cursor: batch.cursor_at(index).encode(),
                    });
                }
            }
            Next::Pending => unreachable!(),
            Next::End(_) => return all,
        }
    }
}

/// The entries of `all` that a question asks for, each log for itself.
fn answer(all: &[Entry], question: &Question, options: &StreamOptions) -> Vec<Vec<Entry>> {
    let after = question.from.filter(|_| !all.is_empty()).map(|index| {
        let mut last = BTreeMap::new();
        for entry in &all[..=index % all.len()] {
            last.insert(entry.log as u8, entry.sequence);
        }
        last
    });
    Log::ALL
        .into_iter()
        .map(|log| {
            let mut before: BTreeMap<(u64, Source), Vec<u8>> = BTreeMap::new();
            let mut found = Vec::new();
            if !question.sources.reads(log) {
                return found;
            }
            for entry in all.iter().filter(|entry| entry.log == log) {
                let text = text(&entry.data);
                let key = (entry.session, entry.source);
                let joined = match entry.part {
                    Part::Middle | Part::Last => before.remove(&key).unwrap_or_default(),
                    Part::Whole | Part::First => Vec::new(),
                };
                let start = joined.len();
                let joined = [joined, text.clone()].concat();
                if matches!(entry.part, Part::First | Part::Middle) {
                    before.insert(key, text);
                }
                if options.until.is_some_and(|until| entry.time >= until) {
                    break;
                }
                let skipped = after.as_ref().is_some_and(|after| {
                    after
                        .get(&(log as u8))
                        .is_some_and(|last| entry.sequence <= *last)
                });
                let wanted = !skipped
                    && question.sources.contains(entry.source)
                    && (question.sessions.is_empty() || question.sessions.contains(&entry.session))
                    && options.since.is_none_or(|since| entry.time >= since)
                    && question.level.is_none_or(|level| entry.level >= level)
                    && options.grep.as_ref().is_none_or(|grep| {
                        let in_parts = matches!(entry.part, Part::Middle | Part::Last);
                        grep.find_iter(&joined)
                            .any(|found| !in_parts || start == 0 || found.end() > start)
                    });
                if wanted {
                    found.push(entry.clone());
                }
            }
            found
        })
        .collect()
}

fn text(data: &[u8]) -> Vec<u8> {
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    let data = data.strip_suffix(b"\r").unwrap_or(data);
    strip_ansi(String::from_utf8_lossy(data).as_bytes()).into_owned()
}

fn exit() -> Exit {
    Exit {
        code: Some(0),
        signal: None,
        started_ns: 0,
        ended_ns: 0,
        timed_out: false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reader_gets_what_the_list_of_all_entries_says(
        actions in prop::collection::vec(action(), 1..60),
        questions in prop::collection::vec(question(), 1..25),
        segment_bytes in 512u64..6000,
        compress in any::<bool>(),
    ) {
        let folder = folder();
        let options = WriterOptions {
            segment_bytes: Some(segment_bytes),
            compress: if compress { Compress::Zstd } else { Compress::None },
            ..WriterOptions::default()
        };
        let mut writer = Writer::create(&folder.logs, &options).unwrap();
        let mut truth: BTreeMap<(u64, Source), Vec<u8>> = BTreeMap::new();
        let mut round = 0;
        for action in actions {
            match action {
                Action::Append { session, source, bytes } => {
                    let session = session + 10 * round;
                    writer.append(session, source, &bytes);
                    truth.entry((session, source)).or_default().extend_from_slice(&bytes);
                }
                Action::Flush => writer.flush(),
                Action::EndOfFile { session, source } => {
                    writer.end_of_file(session + 10 * round, source);
                }
                Action::Event(log) => writer.event(log, "an event"),
                Action::Restart { orderly } => {
                    if orderly {
                        writer.end();
                    } else {
                        for session in 1..4 {
                            writer.end_session(session + 10 * round, &exit());
                        }
                        drop(writer);
                    }
                    round += 1;
                    writer = Writer::create(&folder.logs, &options).unwrap();
                }
            }
        }
        writer.end();

        let everything = StreamOptions { sources: SourceSet::ALL, ..StreamOptions::default() };
        let all = ask(&folder.logs, &everything, 1024);
        let mut joined: BTreeMap<(u64, Source), Vec<u8>> = BTreeMap::new();
        let mut last = [0; 3];
        for entry in &all {
            prop_assert_eq!(entry.sequence, last[entry.log as usize] + 1);
            last[entry.log as usize] = entry.sequence;
            if entry.source != Source::System {
                joined.entry((entry.session, entry.source)).or_default().extend(&entry.data);
            }
        }
        truth.retain(|_, bytes| !bytes.is_empty());
        prop_assert_eq!(joined, truth);

        for question in questions {
            let pick = |index: usize| (!all.is_empty()).then(|| all[index % all.len()].clone());
            let from = question.from.and_then(pick);
            let options = StreamOptions {
                sources: question.sources,
                sessions: question.sessions.clone(),
                level: question.level,
                grep: question.grep.map(|pattern| Regex::new(pattern).unwrap()),
                since: if from.is_some() { None } else { question.since.and_then(pick).map(|e| e.time) },
                until: question.until.and_then(pick).map(|entry| entry.time),
                from_cursor: from.map(|entry| entry.cursor),
                tail: question.tail,
                follow: false,
                on_gap: OnGap::Error,
                digest: false,
            };
            let got = ask(&folder.logs, &options, question.batch);
            let expected = answer(&all, &question, &options);
            let count: usize = expected.iter().map(Vec::len).sum();
            let kept = question.tail.map_or(count, |tail| count.min(tail as usize));
            prop_assert_eq!(got.len(), kept, "{:?}", question);
            let mut newest_left_out = i64::MIN;
            for (log, expected) in Log::ALL.into_iter().zip(expected) {
                let got: Vec<_> = got.iter().filter(|entry| entry.log == log).collect();
                let (left_out, expected) = expected.split_at(expected.len() - got.len());
                newest_left_out = newest_left_out.max(left_out.last().map_or(i64::MIN, |e| e.time));
                for (got, expected) in got.into_iter().zip(expected) {
                    prop_assert_eq!(got.sequence, expected.sequence, "{:?} {:?}", log, question);
                    prop_assert_eq!(&got.data, &expected.data);
                }
            }
            for entry in got {
                prop_assert!(entry.time >= newest_left_out, "{:?}", question);
            }
        }
        let found = LogDirectory::open(&folder.logs).unwrap().verify(&mut |_| ()).unwrap();
        prop_assert!(found.whole, "{:?}", found);
    }
}
