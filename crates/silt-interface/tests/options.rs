//! Options are checked once, here, before any I/O.

use serde_json::{Value, json};
use silt_interface::ErrorData;
use silt_interface::options::{COMMAND, CREATE, Fields, snapshot_options, stream_options};
use silt_log::{Level, OnGap, Source};

const NOW: i64 = 1_777_629_600_000_000_000;

fn refused(options: Value) -> ErrorData {
    match stream_options(options.clone(), NOW) {
        Err(error) => error,
        Ok(_) => panic!("{options} was taken"),
    }
}

#[test]
fn the_default_reads_what_commands_wrote() {
    let options = stream_options(Value::Null, NOW).unwrap();
    assert!(options.sources.contains(Source::Output));
    assert!(!options.sources.contains(Source::System));
    assert!(!options.follow);
    assert_eq!(options.on_gap, OnGap::Error);
    assert_eq!(
        snapshot_options(json!({}), NOW).unwrap().on_gap,
        OnGap::Report
    );
}

#[test]
fn all_options_are_taken() {
    let options = stream_options(
        json!({
            "sources": ["stderr", "system"], "sessions": [3, 4], "level": "WARNING", "grep": "a.c",
            "since": "5m", "until": {"ns": "1777629600000000001"}, "tail": 10, "follow": true,
            "onGap": "report",
        }),
        NOW,
    )
    .unwrap();
    assert!(options.sources.contains(Source::System) && !options.sources.contains(Source::Stdout));
    assert_eq!(options.sessions, [3, 4]);
    assert_eq!(options.level, Some(Level::Warning));
    assert!(options.grep.unwrap().is_match(b"abc"));
    assert_eq!(options.since, Some(NOW - 300_000_000_000));
    assert_eq!(options.until, Some(NOW + 1));
    assert_eq!((options.tail, options.follow), (Some(10), true));
    assert_eq!(options.on_gap, OnGap::Report);
}

#[test]
fn null_is_as_good_as_absent() {
    let options = json!({ "since": "1h", "fromCursor": null, "tail": null });
    assert!(stream_options(options, NOW).is_ok());
}

#[test]
fn since_and_from_cursor_exclude_each_other() {
    let error = refused(json!({ "since": "1h", "fromCursor": "x" }));
    assert_eq!(error.code, "InvalidArgument");
    assert_eq!(error.fields["option"], "since");
    assert!(error.message.contains("fromCursor"), "{}", error.message);
}

#[test]
fn what_is_wrong_is_named() {
    for (options, option) in [
        (json!({ "since": 1_700_000_000 }), "since"),
        (json!({ "until": "2026-05-01T10:00:00" }), "until"),
        (json!({ "since": { "ns": "Invalid Date" } }), "since"),
        (json!({ "sources": [] }), "sources"),
        (json!({ "sources": ["stdin"] }), "sources"),
        (json!({ "sessions": [] }), "sessions"),
        (
            json!({ "sessions": [9_007_199_254_740_992u64] }),
            "sessions",
        ),
        (json!({ "tail": -1 }), "tail"),
        (json!({ "tail": 1.5 }), "tail"),
        (json!({ "grep": "(" }), "grep"),
        (json!({ "level": "LOUD" }), "level"),
        (json!({ "tial": 1 }), "tial"),
        (json!([]), "options"),
    ] {
        let error = refused(options.clone());
        assert_eq!(error.code, "InvalidArgument", "{options}");
        assert_eq!(error.fields["option"], option, "{options}");
        assert!(error.message.starts_with(option), "{}", error.message);
    }
}

#[test]
fn a_time_that_is_refused_is_told_why() {
    for (since, said) in [
        (json!("5"), "bare number"),
        (json!("2026-05-01T10:00:00"), "no zone"),
        (json!("9999-01-01T00:00:00Z"), "1677 to 2262"),
        (json!({ "ns": "8640000000000000000000" }), "1677 to 2262"),
        (json!({ "ns": "Invalid Date" }), "not valid"),
        (json!(5), "a date, RFC 3339 text"),
    ] {
        let error = refused(json!({ "since": since }));
        assert!(error.message.contains(said), "{}", error.message);
    }
}

#[test]
fn a_flag_or_an_object_says_that_it_may_be_either() {
    let error = Fields::check(json!({ "pty": "yes" }), &COMMAND).unwrap_err();
    assert!(
        error.message.contains("true, false or an object"),
        "{}",
        error.message
    );
}

#[test]
fn nested_options_have_a_path() {
    let error = Fields::check(json!({ "mounts": [{ "source": "/a" }] }), &CREATE).unwrap_err();
    assert_eq!(error.fields["option"], "mounts[0].target");
    let error = Fields::check(json!({ "logs": { "maxBytes": "1" } }), &CREATE).unwrap_err();
    assert_eq!(error.fields["option"], "logs.maxBytes");
}

#[test]
fn a_null_in_a_list_lacks_what_must_be_given() {
    let error = Fields::check(json!({ "mounts": [null] }), &CREATE).unwrap_err();
    assert_eq!(error.code, "InvalidArgument");
    assert_eq!(error.fields["option"], "mounts[0].source");
}

#[test]
fn durations_are_milliseconds_or_text() {
    let timeout = |value: Value| {
        Fields::check(json!({ "timeout": value }), &COMMAND).map(|fields| fields.integer("timeout"))
    };
    assert_eq!(timeout(json!(1500)).unwrap(), Some(1500));
    assert_eq!(timeout(json!("5m")).unwrap(), Some(300_000));
    for wrong in [json!(0), json!(-1), json!("5"), json!("soon"), json!(true)] {
        assert!(timeout(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn a_secret_is_in_no_message() {
    for env in [
        json!({ "TOKEN": "hunter2\0" }),
        json!({ "A=B": "hunter2" }),
        json!({ "T": ["hunter2"] }),
    ] {
        let error = Fields::check(json!({ "env": env }), &CREATE).unwrap_err();
        assert!(!error.message.contains("hunter2"), "{}", error.message);
    }
}
