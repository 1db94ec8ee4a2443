//! A test of the tests: each deliberate bug is seen by a test that is named
//! here, and without a bug these pass.

use super::alone::again;
use super::*;
use std::collections::BTreeSet;
use std::process::Stdio;

const FAULTS: &str = "faults::every_fault_at_every_call";
const HOLDS: &str = "faults::without_faults_the_scenario_holds_the_promise";
const ONE_CUT: &str = "interleavings::every_interleaving_of_one_cut";
const TWO_CUTS: &str = "interleavings::every_interleaving_of_a_follower_and_two_rotations";
const CRASH: &str = "crash::numbering_goes_on_above_the_limit_and_the_hole_is_a_crash_gap";
const DAMAGE: &str = "cut_off::the_numbers_of_an_end_that_was_cut_off_are_not_given_again";
const SYNC: &str = "crash::a_sync_that_failed_once_is_not_believed_later";
const HINT: &str = "hint::a_cursor_goes_on_after_its_number_whatever_its_hint_says";
const MARK: &str = "found_by_faults::a_mark_that_can_not_be_written_leaves_the_one_before";
const PUBLISHED: &str = "hint::a_position_is_published_only_once_it_is_written";
const KEPT: &str = "model::histories_that_failed_once_keep_the_promise";

const HEADER: &str =
    "hit::header::a_time_that_was_hit_in_a_header_hides_nothing_from_who_reads_since_then";
const NUMBER: &str = "hit::number::a_number_that_was_hit_upwards_costs_no_more_than_its_line";
const NEWEST: &str = "hit::newest::a_newest_number_that_was_hit_hides_nothing_of_what_comes";
const TIME: &str =
    "hit::time::a_time_that_was_hit_hides_no_other_entry_from_who_reads_since_or_until_then";

const READ_ON: &str = "unstated::who_reads_on_to_a_number_is_told_what_went_with_all_segments";
const STOPPED: &str =
    "unstated::a_follower_is_told_what_a_writer_that_stopped_on_a_full_disk_did_not_keep";

const CAUGHT_BY: [(&str, &str); 24] = [
    ("no-second-read", TWO_CUTS),
    ("evicted-without-second-open", TWO_CUTS),
    ("trust-offset", HINT),
    ("complete-torn-line", FAULTS),
    ("go-on-after-short-write", FAULTS),
    ("number-twice-after-crash", CRASH),
    ("successor-before-last-byte", TWO_CUTS),
    ("end-before-final-drain", TWO_CUTS),
    ("publish-before-write", PUBLISHED),
    ("drop-at-batch-boundary", HOLDS),
    ("cursor-ahead-of-delivery", HOLDS),
    ("entry-twice", HOLDS),
    ("plain-gone-before-compressed", ONE_CUT),
    ("failed-mark-takes-the-other-slot", MARK),
    ("leave-unsynced-what-was-left", KEPT),
    ("seal-without-sync", KEPT),
    ("number-twice-after-damage", DAMAGE),
    ("believe-a-retried-sync", SYNC),
    ("believe-a-changed-header", HEADER),
    ("believe-a-changed-number", NUMBER),
    ("believe-a-newest-number", NEWEST),
    ("believe-a-changed-time", TIME),
    ("read-on-past-what-went", READ_ON),
    ("end-before-what-went", STOPPED),
];

/// Whether the test passes; it has to run either way.
fn passes(test: &str, mutation: Option<&str>) -> bool {
    let mut command = again(&format!("trouble::{test}"));
    command
        .env_remove("SILT_TEST_ALONE")
        .env_remove("SILT_PROOF")
        .stderr(Stdio::null());
    match mutation {
        Some(mutation) => command.env("SILT_MUTATION", mutation),
        None => command.env_remove("SILT_MUTATION"),
    };
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("running 1 test"), "no such test: {test}");
    output.status.success()
}

#[test]
fn each_deliberate_bug_is_caught_and_without_one_all_pass() {
    let tests: BTreeSet<_> = CAUGHT_BY.iter().map(|(_, test)| *test).collect();
    for test in tests {
        assert!(passes(test, None), "{test} fails without any mutation");
    }
    let mut missed = Vec::new();
    for (mutation, test) in CAUGHT_BY {
        let caught = !passes(test, Some(mutation));
        let outcome = if caught { "caught by" } else { "NOT CAUGHT by" };
        println!("{mutation:<34}{outcome} {test}");
        if !caught {
            missed.push(mutation);
        }
    }
    println!("{} mutations, {} missed", CAUGHT_BY.len(), missed.len());
    assert!(missed.is_empty(), "not caught: {missed:?}");
}

const LEFT_OUT: &str = "trouble::mutations::what_an_engine_at_fault_hands_on_ends_with_corruption";

/// Should the engine itself ever leave an entry out or give it twice, the stream
/// ends before anyone is handed what follows.
#[test]
fn what_an_engine_at_fault_hands_on_ends_with_corruption() {
    if std::env::var("SILT_TEST_ALONE").is_ok_and(|alone| alone == LEFT_OUT) {
        return ends_with_corruption();
    }
    for (mutation, due) in [("drop-at-batch-boundary", 4), ("entry-twice", 6)] {
        let mut command = again(LEFT_OUT);
        let output = command.env("SILT_MUTATION", mutation).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{mutation}: {said}");
        assert!(said.contains(&format!("where {due} was due")), "{said}");
    }
}

fn ends_with_corruption() {
    let folder = folder();
    let mut writer = folder.writer();
    append_lines(&mut writer, 1, 20);
    let limits = BatchLimits {
        entries: 3,
        ..BatchLimits::default()
    };
    for options in [report(), follow(), StreamOptions::default()] {
        let mut stream = open(&folder.logs, &options).unwrap();
        let mut handed = Vec::new();
        let error = loop {
            match stream.next(limits) {
                Ok(Next::Batch(batch)) => handed.extend(batch.items.iter().map(|i| i.sequence)),
                Ok(other) => panic!("{other:?} after {handed:?}"),
                Err(error) => break error,
            }
        };
        let last = handed.len() as u64;
        assert_eq!(handed, Vec::from_iter(1..=last));
        assert!(matches!(error, Error::Corruption { .. }), "{error:?}");
        println!("{error}");
        let Ok(Next::End(end)) = stream.next(limits) else {
            panic!("it goes on after that")
        };
        assert_eq!(end.reason, EndReason::Closed);
        assert_eq!(end.logs[0].last_sequence, last);
        // Who goes on from there misses nothing.
        let crate::LogPosition::After { sequence, .. } = end.position.position[0] else {
            panic!("nothing was read")
        };
        assert_eq!(sequence, last);
    }
}
