//! What holds after the scenario, however it went.

use super::scenario::{NAME, Scenario};
use super::told::Event;
use crate::folder::Folder;
use crate::journal::Session;
use crate::{Info, SessionEnd, Status, recorded_end};
use serde_json::Value;
use silt_log::{BatchLimits, LogDirectory, Next, OnGap, StreamOptions};
use std::collections::BTreeMap;
use std::fs;

/// Sessions by number.
type Outputs = BTreeMap<u64, Vec<u8>>;

/// Panics unless the sandbox starts, and all that was told of it is true.
pub(super) fn check(scenario: &mut Scenario) {
    let events = scenario.told.events();
    if !events.contains(&Event::Removing) {
        goes_on(scenario, &events);
    }
    remove(scenario);
}

fn goes_on(scenario: &Scenario, events: &[Event]) {
    let home = &scenario.home;
    if !home.sandboxes().join(NAME).exists() {
        let spawned = |event: &Event| matches!(event, Event::Spawned(..));
        assert!(!events.iter().any(spawned), "the sandbox is gone");
        scenario.make();
    }
    // A client that was killed leaves it running.
    crate::stop(home, NAME).unwrap();
    let info = scenario.try_start().expect("it starts again");
    assert_eq!(info.status, Status::Running);
    assert!(info.supervisor_pid.is_some() && info.started_at.is_some());
    let folder = Folder::at(home.sandbox(NAME).unwrap());
    each_line_is_a_session(&folder);
    told_is_true(scenario, events);

    let end = scenario
        .session("printf 'last\\n'; exit 5", "last\n")
        .unwrap();
    assert_eq!(end.exit_code, Some(5));
    let before = events.iter().filter_map(|event| match event {
        Event::Spawned(id, _) => Some(*id),
        _ => None,
    });
    assert!(before.max().unwrap_or(0) < end.session_id, "given twice");
    crate::stop(home, NAME).unwrap();

    let info = crate::get(home, NAME).unwrap();
    assert_eq!(info.status, Status::Stopped);
    assert!(info.ended_at.is_some() && info.error.is_none(), "{info:?}");
    nothing_is_left_over(&folder);
    let log = LogDirectory::open(folder.logs()).unwrap();
    let found = log.verify(&mut |_| ()).unwrap();
    assert!(found.whole, "{:?}", found.damage);
    let events = scenario.told.events();
    told_is_true(scenario, &events);
    agrees_with_the_log(&info, &folder);
    holds_what_was_printed(&log, &events, info.truncated);
}

/// Half a line would be a session that is forgotten.
fn each_line_is_a_session(folder: &Folder) {
    for line in fs::read_to_string(folder.sessions()).unwrap().lines() {
        let session: Result<Session, _> = serde_json::from_str(line);
        assert!(session.is_ok(), "{line}");
    }
}

fn told_is_true(scenario: &Scenario, events: &[Event]) {
    let info = crate::get(&scenario.home, NAME).unwrap();
    let mut ended: BTreeMap<u64, &SessionEnd> = BTreeMap::new();
    for event in events {
        if let Event::Ended(end) = event {
            ended.insert(end.session_id, end);
        }
    }
    for (id, end) in &ended {
        let recorded = recorded_end(&scenario.home, NAME, *id).unwrap();
        assert_eq!(recorded.as_ref(), Some(*end), "another end than was told");
    }
    for event in events {
        let Event::Spawned(id, _) = event else {
            continue;
        };
        let session = info.sessions.iter().find(|one| one.session_id == *id);
        let session = session.expect("a session is forgotten");
        let over = session.crashed != session.ended_at.is_some();
        assert!(over, "neither ended nor crashed: {session:?}");
        if ended.contains_key(id) {
            assert!(!session.crashed, "told to have ended: {session:?}");
        }
    }
}

/// A session with an exit record in the log did not crash, and ended so.
fn agrees_with_the_log(info: &Info, folder: &Folder) {
    for entry in fs::read_dir(folder.logs()).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_str().unwrap().starts_with("exec.log.") {
            continue;
        }
        for line in fs::read_to_string(entry.path()).unwrap().lines() {
            let Ok(record) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            if record["s"] != "exit" {
                continue;
            }
            let session = info
                .sessions
                .iter()
                .find(|one| record["id"] == one.session_id);
            let session = session.expect("a session of the log is forgotten");
            assert!(!session.crashed, "the log has its end: {session:?}");
            assert_eq!(record["code"].as_i64(), session.exit_code.map(i64::from));
            assert_eq!(record["signal"].as_str(), session.signal.as_deref());
        }
    }
}

fn nothing_is_left_over(folder: &Folder) {
    let known = [
        "sandbox.json",
        "state.json",
        "sessions.jsonl",
        "logs",
        "workspace",
    ];
    for entry in fs::read_dir(folder.path()).unwrap() {
        let name = entry.unwrap().file_name();
        let name = name.to_str().unwrap();
        assert!(known.contains(&name), "{name} is left over");
    }
}

/// Of a session that was told to have ended all, of others a beginning. Where the
/// beginning of the log went for want of room, less of the first ones.
fn holds_what_was_printed(log: &LogDirectory, events: &[Event], truncated: bool) {
    let held = outputs(log);
    for event in events {
        let Event::Spawned(id, prints) = event else {
            continue;
        };
        let got = held.get(id).cloned().unwrap_or_default();
        let ended = |event: &Event| matches!(event, Event::Ended(end) if end.session_id == *id);
        if truncated {
            let prints = String::from_utf8_lossy(prints.as_bytes());
            assert!(prints.contains(&*String::from_utf8_lossy(&got)), "{id}");
        } else if events.iter().any(ended) {
            assert_eq!(got, prints.as_bytes(), "session {id}");
        } else {
            assert!(prints.as_bytes().starts_with(&got), "session {id}");
        }
    }
}

fn outputs(log: &LogDirectory) -> Outputs {
    let options = StreamOptions {
        on_gap: OnGap::Report,
        ..StreamOptions::default()
    };
    let mut stream = log.stream(&options).unwrap();
    let mut outputs = Outputs::new();
    while let Next::Batch(batch) = stream.next(BatchLimits::default()).unwrap() {
        assert!(batch.gaps.is_empty(), "{:?}", batch.gaps);
        for item in &batch.items {
            let data = batch.data(item);
            outputs.entry(item.session).or_default().extend(data);
        }
    }
    outputs
}

/// It goes whole, with what an interrupted creation or removal left.
fn remove(scenario: &Scenario) {
    let home = &scenario.home;
    if home.sandboxes().join(NAME).exists() {
        crate::remove(home, NAME, true).unwrap();
    }
    crate::prune(home, &Default::default()).unwrap();
    let left: Vec<_> = fs::read_dir(home.sandboxes())
        .into_iter()
        .flatten()
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
