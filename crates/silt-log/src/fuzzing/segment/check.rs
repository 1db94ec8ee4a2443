//! What holds for every folder, and more for one that is as it was written.

use super::plan::Plan;
use super::reading::{Reading, accepted, all, read};
use crate::{Log, LogDirectory, Source, StreamOptions, VerifyReport, Writer, WriterOptions};
use std::path::Path;

/// What is looked at beside a plain reading, one at a time: each costs as much
/// as that.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aspect {
    Resumed,
    Tailed,
    Followed,
    Written,
}

impl Aspect {
    pub(super) const ALL: [Aspect; 4] = [
        Aspect::Resumed,
        Aspect::Tailed,
        Aspect::Followed,
        Aspect::Written,
    ];
}

pub(super) fn folder(plan: &Plan, aspect: Aspect) {
    let temporary = temporary();
    let logs = temporary.path();
    for (name, bytes) in &plan.files {
        std::fs::write(logs.join(name), bytes).expect("the folder takes files");
    }
    let before = read(logs, &all(), [0; 3]);
    let report = verify(logs);
    if let (Some(before), Some(report)) = (&before, &report) {
        agree(before, report);
    }
    if let Some(expected) = &plan.expected {
        let before = before.as_ref().expect("it can be read");
        for log in Log::ALL {
            assert_eq!(before.entries(log), expected[log as usize]);
        }
        let report = report.as_ref().expect("it can be verified");
        assert!(report.whole, "{:?}", report.damage);
    }
    let Some(before) = before else {
        return;
    };
    match aspect {
        Aspect::Resumed => resumed(logs, &before, plan.expected.is_some()),
        Aspect::Tailed => tailed(logs, &before, report.is_some_and(|report| report.whole)),
        Aspect::Followed => {
            let followed = StreamOptions {
                follow: true,
                ..all()
            };
            let _ = read(logs, &followed, [0; 3]);
        }
        // The second writer finds what the first one made.
        Aspect::Written => {
            if let Some(once) = written(logs, &before, false) {
                let twice = written(logs, &once, true);
                assert!(twice.is_some(), "a second writer comes after the first");
            }
        }
    }
}

/// In memory where that is there: the folder lives for a moment.
fn temporary() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("a temporary folder")
}

fn verify(logs: &Path) -> Option<VerifyReport> {
    let folder = LogDirectory::open(logs).expect("it is there");
    match folder.verify(&mut |_| {}) {
        Ok(report) => Some(report),
        Err(error) => {
            accepted(&error);
            None
        }
    }
}

/// From any cursor reading goes on strictly after its entry.
fn resumed(logs: &Path, before: &Reading, undamaged: bool) {
    let count = before.items.len();
    for index in [0, count / 2, count.saturating_sub(1)] {
        let Some(cursor) = before.cursors.get(index) else {
            return;
        };
        let options = StreamOptions {
            from_cursor: Some(cursor.clone()),
            ..all()
        };
        let resumed = read(logs, &options, before.due(index + 1));
        if undamaged {
            let resumed = resumed.expect("a cursor of this log is good");
            assert_eq!(resumed.items, before.items[index + 1..]);
        }
    }
}

/// The newest of all, of a folder that is whole. Of another, what comes is in
/// order too, and no more than was asked for.
fn tailed(logs: &Path, before: &Reading, whole: bool) {
    let options = StreamOptions {
        tail: Some(3),
        ..all()
    };
    let Some(tailed) = read(logs, &options, [0; 3]) else {
        return;
    };
    let count = |log| tailed.entries(log).len();
    assert!(Log::ALL.map(count).iter().sum::<usize>() <= 3);
    if whole {
        for log in Log::ALL {
            assert!(before.entries(log).ends_with(&tailed.entries(log)));
        }
    }
}

/// A folder that is called whole reads without a gap but the recorded ones.
fn agree(reading: &Reading, report: &VerifyReport) {
    for log in Log::ALL {
        let found = &report.logs[log as usize];
        if report.whole {
            assert_eq!(reading.entries(log).len() as u64, found.entries);
            assert_eq!(reading.gaps(log), found.gaps);
        }
    }
}

/// A writer goes on in the folder: what was read before stays, and what it
/// writes comes after it.
fn written(logs: &Path, before: &Reading, ends: bool) -> Option<Reading> {
    let mut writer = match Writer::create(logs, &WriterOptions::default()) {
        Ok(writer) => writer,
        Err(error) => {
            accepted(&error);
            return None;
        }
    };
    let session = writer.begin_session().expect("the folder takes it");
    writer.append(session, Source::Stdout, b"one\ntwo\n");
    writer.event(Log::Runtime, "three");
    writer.flush();
    let cursor = writer.position_cursor();
    if ends {
        writer.end();
    } else {
        drop(writer);
    }
    let after = read(logs, &all(), [0; 3]).expect("a writer has been there");
    for (log, wrote) in [
        (Log::Exec, &[&b"one\n"[..], b"two\n"][..]),
        (Log::Runtime, &[b"three\n"]),
        (Log::Kernel, &[]),
    ] {
        let (earlier, mut entries) = (before.entries(log), after.entries(log));
        let new = entries.split_off(entries.len() - wrote.len());
        assert!(
            new.iter()
                .map(|(_, data)| &**data)
                .eq(wrote.iter().copied())
        );
        assert_eq!(entries, earlier, "what was read before stays");
    }
    let options = StreamOptions {
        from_cursor: Some(cursor),
        ..all()
    };
    let rest = read(logs, &options, after.due(after.items.len())).expect("its cursor is good");
    assert!(rest.items.is_empty());
    resumed(logs, before, false);
    let _ = verify(logs);
    Some(after)
}
