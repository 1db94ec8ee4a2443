//! A cursor goes on where it stood, whatever became of the folder, or is
//! refused with the reason.

mod reading;

use reading::{
    Read, account, after, append_lines, drain, drain_now, folder, follow, lines, open, report,
    small_segments,
};
use silt_log::{
    Compress, Cursor, CursorReason, Error, LogPosition, Source, SourceSet, StreamOptions, Writer,
    WriterOptions,
};
use std::path::Path;
use std::process::Command;

fn refused(logs: &Path, cursor: &str) -> CursorReason {
    match open(logs, &after(cursor)) {
        Err(Error::InvalidCursor { reason, .. }) => reason,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("the cursor was taken"),
    }
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status();
    assert!(copied.unwrap().success());
}

/// Cursors after each of `count` lines.
fn cursors(writer: &mut Writer, count: u64) -> Vec<String> {
    (1..=count)
        .map(|n| {
            append_lines(writer, n, n);
            writer.position_cursor()
        })
        .collect()
}

#[test]
fn cursors_outlive_rotation_compression_and_restart() {
    let folder = folder();
    let options = WriterOptions {
        compress: Compress::Zstd,
        ..small_segments()
    };
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    let mut given = cursors(&mut writer, 200);
    writer.end();
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    append_lines(&mut writer, 201, 250);
    given.push(writer.position_cursor());
    drop(writer);
    let mut writer = Writer::create(&folder.logs, &options).unwrap();
    append_lines(&mut writer, 251, 260);
    for (index, cursor) in given.iter().enumerate() {
        let n = if index == 200 { 250 } else { index as u64 + 1 };
        let (read, _) = drain(&folder.logs, &after(cursor)).unwrap();
        assert_eq!(read, lines(n + 1, 260), "after {n}");
    }
}

#[test]
fn a_changed_character_anywhere_is_refused() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 100);
    let cursor = writer.position_cursor();
    for at in 0..cursor.len() {
        for other in [b'A', b'z', b'-', b'=', b' '] {
            let mut changed = cursor.clone().into_bytes();
            if changed[at] != other {
                changed[at] = other;
                let changed = String::from_utf8(changed).unwrap();
                let reason = refused(&folder.logs, &changed);
                assert!(matches!(
                    reason,
                    CursorReason::Malformed | CursorReason::Checksum
                ));
            }
        }
        let cut = refused(&folder.logs, &cursor[..at]);
        assert!(matches!(
            cut,
            CursorReason::Malformed | CursorReason::Checksum
        ));
    }
}

#[test]
fn no_number_and_no_hint_in_a_cursor_breaks_a_reader() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 200);
    let good = Cursor::decode(&writer.position_cursor()).unwrap();
    let LogPosition::After {
        segment: newest,
        offset: end,
        ..
    } = good.position[0]
    else {
        panic!("{good:?}")
    };
    let first = folder.logs.join("exec.log.000001");
    let first = first.metadata().unwrap().len();
    let numbers = [
        0,
        1,
        46,
        47,
        199,
        200,
        201,
        100_000,
        (1 << 53) - 1,
        1 << 53,
        (1 << 62) - 1,
    ];
    for sequence in numbers {
        for segment in [0, 1, 2, newest, newest + 1, (1 << 62) - 1] {
            for offset in [0, 1, 17, end, end - 1, end + 1, (1 << 62) - 1] {
                let tag = open(&folder.logs, &report()).unwrap().position().position[0];
                let LogPosition::After { tag, .. } = tag else {
                    panic!("{tag:?}")
                };
                // The tag of the first segment: another one's is refused.
                let mut cursor = good.clone();
                cursor.position[0] = LogPosition::After {
                    sequence,
                    segment,
                    offset,
                    tag,
                };
                let text = cursor.encode();
                let found = drain(&folder.logs, &after(&text));
                match found {
                    Ok((read, _)) => {
                        assert!(sequence <= 200);
                        assert_eq!(read, lines(sequence + 1, 200), "{cursor:?}");
                    }
                    Err(Error::InvalidCursor { reason, .. }) => match reason {
                        // Or the line would have been cut off and given again.
                        CursorReason::OtherLog => assert!(
                            (2..=newest).contains(&segment) || segment == 1 && offset > first,
                            "{cursor:?}"
                        ),
                        CursorReason::PastEnd => assert!(sequence > 200),
                        CursorReason::Malformed => assert!(sequence >= 1 << 53),
                        other => panic!("{other:?} {cursor:?}"),
                    },
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }
}

#[test]
fn an_older_copy_put_back_in_place_is_another_log_from_there_on() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 100);
    let shared = writer.position_cursor();
    let backup = folder.beside("backup");
    copy(&folder.logs, &backup);
    append_lines(&mut writer, 101, 300);
    let later = writer.position_cursor();
    let id = writer.log_id();
    writer.end();
    std::fs::remove_dir_all(&folder.logs).unwrap();
    copy(&backup, &folder.logs);
    // Nobody has written yet: it is the same log, and shorter.
    assert_eq!(refused(&folder.logs, &later), CursorReason::PastEnd);
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    assert_ne!(writer.log_id(), id);
    append_lines(&mut writer, 101, 400);
    assert_eq!(refused(&folder.logs, &later), CursorReason::OtherLog);
    assert_eq!(
        drain(&folder.logs, &after(&shared)).unwrap().0,
        lines(101, 400)
    );
}

#[test]
fn a_folder_made_anew_is_another_log() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 10);
    let cursor = writer.position_cursor();
    drop(writer);
    std::fs::remove_dir_all(&folder.logs).unwrap();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    append_lines(&mut writer, 1, 20);
    assert_eq!(refused(&folder.logs, &cursor), CursorReason::OtherLog);
}

#[test]
fn a_cursor_of_some_sources_goes_on_in_others() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    for n in 1..=20 {
        writer.append(1, Source::Stdout, format!("out {n}\n").as_bytes());
        writer.append(1, Source::Stderr, format!("err {n}\n").as_bytes());
        writer.event(silt_log::Log::Kernel, "kernel");
    }
    writer.flush();
    let only = |source| StreamOptions {
        sources: SourceSet::of([source]),
        ..report()
    };
    let mut stream = open(&folder.logs, &only(Source::Stdout)).unwrap();
    drain_now(&mut stream);
    let cursor = stream.position().encode();
    writer.append(1, Source::Stderr, b"err 21\n");
    writer.flush();
    let stderr = StreamOptions {
        from_cursor: Some(cursor.clone()),
        ..only(Source::Stderr)
    };
    assert_eq!(
        drain(&folder.logs, &stderr).unwrap().0,
        [Read::Entry(41, "err 21\n".into())]
    );
    let system = StreamOptions {
        from_cursor: Some(cursor),
        ..only(Source::System)
    };
    let mut system = open(&folder.logs, &system).unwrap();
    assert_eq!(drain_now(&mut system).len(), 20, "never read, so all of it");
    // And the log that is read no more is carried through.
    let carried = StreamOptions {
        from_cursor: Some(system.position().encode()),
        ..only(Source::Stdout)
    };
    assert_eq!(drain(&folder.logs, &carried).unwrap().0, []);
}

#[test]
fn two_writers_that_make_one_folder_at_once_leave_one_writer() {
    for _ in 0..20 {
        let folder = folder();
        let made: Vec<_> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| Writer::create(&folder.logs, &small_segments())))
                .collect();
            makers
                .into_iter()
                .map(|maker| maker.join().unwrap())
                .collect()
        });
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
        for made in made {
            assert!(matches!(made, Ok(_) | Err(Error::Locked { .. })));
        }
        let parent = folder.logs.parent().unwrap();
        assert_eq!(std::fs::read_dir(parent).unwrap().count(), 1);
    }
}

#[test]
fn a_writer_that_starts_again_and_again_is_followed_through() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    let mut follower = open(&folder.logs, &follow()).unwrap();
    let mut all = Vec::new();
    for round in 0..10 {
        append_lines(&mut writer, round * 10 + 1, round * 10 + 10);
        all.extend(drain_now(&mut follower));
        if round % 2 == 0 {
            writer.end();
        } else {
            drop(writer);
        }
        writer = Writer::create(&folder.logs, &small_segments()).unwrap();
    }
    all.extend(drain_now(&mut follower));
    assert_eq!(account(&all, 0), (100, 0));
}
