//! Damage is named by its entries.

use crate::folder::{
    append_lines, assert_whole, ended_log, exit, flip, folder, names, numbers, offset_of,
    overwrite, segment, small_segments, verify,
};
use silt_log::{Compress, DamageKind, Error, LogDirectory, Writer, WriterOptions};
use std::path::Path;

#[test]
fn a_flipped_bit_anywhere_in_a_segment_is_found() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 3);
    let size = std::fs::metadata(&path).unwrap().len();
    for offset in (0..size).step_by(37) {
        let bit = 1 << (offset % 8);
        flip(&path, offset, bit);
        assert!(!verify(&folder.logs).whole, "bit {bit:#x} at {offset}");
        flip(&path, offset, bit);
    }
    assert_whole(&verify(&folder.logs));
}

#[test]
fn a_flipped_bit_is_named_by_its_entry() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 3);
    let n = numbers(&path)[20];
    let line = offset_of(&path, n);
    // In the data: still JSON, another text.
    let text = std::fs::read_to_string(&path).unwrap();
    let data = line + text[line as usize..].find("line ").unwrap() as u64;
    flip(&path, data, 1);
    let report = verify(&folder.logs);
    assert!(names(&report, DamageKind::Checksum, n), "{report:#?}");
    flip(&path, data, 1);
    // In the syntax: no line any more.
    flip(&path, line, 4);
    let report = verify(&folder.logs);
    let exact = report
        .damage
        .iter()
        .find(|damage| damage.kind == DamageKind::Line)
        .unwrap();
    assert_eq!((exact.segment, exact.from, exact.to), (3, Some(n), Some(n)));
}

#[test]
fn a_region_of_zeros_is_named_by_its_entries() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 2);
    let inside = numbers(&path);
    let (first, last) = (inside[10], inside[25]);
    let from = offset_of(&path, first);
    let to = offset_of(&path, last + 1);
    overwrite(&path, from, &vec![0; (to - from) as usize]);
    let report = verify(&folder.logs);
    let damage = report
        .damage
        .iter()
        .find(|damage| damage.kind == DamageKind::Line)
        .unwrap();
    // What follows the zeros up to the next line end belongs to them.
    assert_eq!(
        (damage.segment, damage.from, damage.to),
        (2, Some(first), Some(last + 1))
    );
}

#[test]
fn a_large_region_of_zeros_does_not_fill_the_memory_and_is_found() {
    let folder = folder();
    let mut writer = Writer::create(&folder.logs, &WriterOptions::default()).unwrap();
    let session = writer.begin_session().unwrap();
    append_lines(&mut writer, session, 1, 60_000);
    writer.end_session(session, &exit());
    writer.end();
    assert_whole(&verify(&folder.logs));
    let path = segment(&folder.logs, 1);
    overwrite(&path, offset_of(&path, 1000), &vec![0; 3 << 20]);
    let report = verify(&folder.logs);
    assert!(names(&report, DamageKind::Line, 1000), "{report:#?}");
    assert_eq!(report.sessions.checked, 0);
}

#[test]
fn a_missing_middle_segment_is_named_with_its_entries() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 4);
    let inside = numbers(&path);
    std::fs::remove_file(path).unwrap();
    let report = verify(&folder.logs);
    assert_eq!(report.damage.len(), 1, "{report:#?}");
    let damage = &report.damage[0];
    assert_eq!((damage.kind, damage.segment), (DamageKind::Segment, 4));
    assert_eq!(damage.from, inside.first().copied());
    assert_eq!(damage.to, inside.last().copied());
    assert_eq!(report.sessions.not_held, 1);
}

#[test]
fn a_cut_segment_is_named_with_the_entries_that_went() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let path = segment(&folder.logs, 3);
    let inside = numbers(&path);
    let n = inside[inside.len() - 5];
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(offset_of(&path, n) + 10).unwrap();
    let report = verify(&folder.logs);
    let damage = &report.damage[0];
    assert_eq!((damage.kind, damage.segment), (DamageKind::Cut, 3));
    assert_eq!((damage.from, damage.to), (Some(n), inside.last().copied()));
}

#[test]
fn a_cut_end_of_a_log_that_ended_in_order_is_found() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    let number = (1..)
        .find(|n| !segment(&folder.logs, n + 1).exists())
        .unwrap();
    let path = segment(&folder.logs, number);
    let n = numbers(&path)[3];
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(offset_of(&path, n)).unwrap();
    let report = verify(&folder.logs);
    assert!(names(&report, DamageKind::Cut, n), "{report:#?}");
    assert!(names(&report, DamageKind::Cut, 1100), "{report:#?}");
    std::fs::remove_file(path).unwrap();
    std::fs::remove_file(segment(&folder.logs, number - 1)).unwrap();
    let report = verify(&folder.logs);
    assert!(names(&report, DamageKind::Segment, 1100), "{report:#?}");
}

#[test]
fn a_segment_of_another_log_is_found() {
    let (one, other) = (folder(), folder());
    ended_log(&one.logs, &small_segments());
    ended_log(&other.logs, &small_segments());
    std::fs::copy(segment(&other.logs, 3), segment(&one.logs, 3)).unwrap();
    let report = verify(&one.logs);
    assert!(
        report
            .damage
            .iter()
            .any(|damage| damage.kind == DamageKind::Chain && damage.segment == 3),
        "{report:#?}"
    );
}

/// A header of a version that is not known yet is refused by name.
fn is_whole(logs: &Path) -> bool {
    let report = LogDirectory::open(logs).unwrap().verify(&mut |_| {});
    match report {
        Ok(report) => report.whole,
        Err(Error::Corruption { message, .. }) if message.contains("its format is") => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn compressed_segments_are_checked_too() {
    let folder = folder();
    let options = WriterOptions {
        compress: Compress::Zstd,
        ..small_segments()
    };
    ended_log(&folder.logs, &options);
    let report = verify(&folder.logs);
    assert_whole(&report);
    assert_eq!(report.logs[0].entries, 1100);
    let compressed = folder.logs.join("exec.log.000003.zst");
    let bytes = std::fs::read(&compressed).unwrap();
    let content = zstd::decode_all(&bytes[..]).unwrap();
    for offset in (0..bytes.len() as u64).step_by(11) {
        flip(&compressed, offset, 0x10);
        let changed = std::fs::read(&compressed).unwrap();
        // Not every bit of a compressed file means something.
        let same = zstd::decode_all(&changed[..]).is_ok_and(|changed| changed == content);
        assert_eq!(is_whole(&folder.logs), same, "at {offset}");
        flip(&compressed, offset, 0x10);
    }
    std::fs::write(&compressed, &bytes[..bytes.len() / 2]).unwrap();
    let report = verify(&folder.logs);
    assert_eq!(report.damage[0].kind, DamageKind::Segment);
    assert_eq!(report.damage[0].segment, 3);
    assert!(report.damage[1].from.is_some(), "{report:#?}");
}

#[test]
fn the_report_is_plain_json() {
    let folder = folder();
    ended_log(&folder.logs, &small_segments());
    std::fs::remove_file(segment(&folder.logs, 4)).unwrap();
    let json = serde_json::to_value(verify(&folder.logs)).unwrap();
    assert_eq!(json["whole"], false);
    assert_eq!(json["writer"], "stopped");
    assert_eq!(json["logs"][0]["log"], "exec");
    assert_eq!(json["damage"][0]["kind"], "segment");
    assert!(json["damage"][0]["from"].is_u64());
    assert_eq!(json["sessions"]["notHeld"], 1);
}
