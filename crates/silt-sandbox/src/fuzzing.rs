//! What reads bytes from outside, for the fuzzer in the folder `fuzz` and its
//! committed corpora: each function is one target, and panics on what must not be.

use crate::folder::Folder;
use crate::journal::{Journal, KEPT};
use crate::launch::{Order, read_frame};
use crate::protocol::{Frames, Hello, ReplyFrame, RequestFrame, encode};
use crate::record::Record;
use crate::state::State;
use crate::{SandboxSpec, agent, client, files, name, supervisor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::os::unix::net::UnixStream;

/// The most bytes that a socket takes before somebody reads.
const INTO_A_SOCKET: usize = 64 << 10;

/// What comes over the sockets of supervisors, clients and agents: both sides'
/// frames, however they are cut, and each message.
pub fn frames(bytes: &[u8]) {
    cut(bytes);
    supervisor::fuzz_requests(bytes);
    client::fuzz_answers(bytes);
    if bytes.len() <= INTO_A_SOCKET {
        let (ours, theirs) = UnixStream::pair().expect("a socket");
        std::io::Write::write_all(&mut &ours, bytes).expect("the socket takes it");
        drop(ours);
        let mut theirs = theirs;
        let _ = read_frame::<Order>(&mut theirs);
    }
    agent::fuzz_messages(bytes);
    again::<Hello>(bytes);
    again::<RequestFrame>(bytes);
    again::<ReplyFrame>(bytes);
}

/// In one piece or byte by byte the same frames come, up to the same error.
fn cut(bytes: &[u8]) {
    let read = |step: usize| {
        let mut frames = Frames::default();
        let mut seen = Vec::new();
        for chunk in bytes.chunks(step) {
            frames.push(chunk);
            loop {
                match frames.next() {
                    Ok(Some((header, payload))) => seen.push((header.to_vec(), payload.to_vec())),
                    Ok(None) => break,
                    Err(_) => return (seen, true),
                }
            }
        }
        (seen, false)
    };
    let whole = read(bytes.len().max(1));
    assert_eq!(read(1), whole);
    assert_eq!(read(7), whole);
}

/// What is understood is written, and understood, as the same.
fn again<T: DeserializeOwned + Serialize>(json: &[u8]) {
    let Ok(message) = serde_json::from_slice::<T>(json) else {
        return;
    };
    let written = serde_json::to_vec(&message).expect("plain data");
    let again: T = serde_json::from_slice(&written).expect("what was written is understood");
    assert_eq!(serde_json::to_vec(&again).expect("plain data"), written);
    let frame = encode(&message, b"payload");
    let mut frames = Frames::default();
    frames.push(&frame);
    assert!(matches!(frames.next(), Ok(Some((_, b"payload")))));
}

/// The files of a sandbox: options, record, state and sessions.
pub fn records(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(spec) = SandboxSpec::from_json(text)
    {
        let _ = spec.network();
        if spec.validate().is_ok() {
            let record = Record::new("name", &spec, String::new());
            again::<Record>(&serde_json::to_vec(&record).expect("plain data"));
        }
        again::<SandboxSpec>(bytes);
    }
    let temporary = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let temporary = temporary.expect("a temporary folder");
    let folder = Folder::at(temporary.path());
    for path in [folder.record(), folder.state(), folder.sessions()] {
        std::fs::write(path, bytes).expect("the folder takes files");
    }
    let _ = State::read(&folder);
    let _ = Record::read(&folder, "name");
    let before = Journal::read(&folder).expect("what can not be read is passed over");
    assert!(before.values().filter(|held| held.end.is_some()).count() <= KEPT);
    let (mut journal, crashed) = Journal::take_over(&folder, &[]).expect("it is written anew");
    let open = before
        .values()
        .filter(|held| held.end.is_none() && !held.crashed);
    assert_eq!(crashed, open.count());
    journal.started(7, &["a".to_owned()], String::new());
    let after = Journal::read(&folder).expect("it was written anew");
    assert!(after.contains_key(&7));
    // One goes where another has ended since, and not before.
    let gone = before.keys().filter(|id| !after.contains_key(id));
    assert!(gone.count() <= crashed);
}

/// Names and paths, which become parts of paths on the host.
pub fn paths(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if name::validate(text).is_ok() {
        assert!(!text.contains(['/', '\0']) && !text.starts_with('.'));
        assert!((1..64).contains(&text.len()));
    }
    files::fuzz_path(text);
    let refused = matches!(crate::signal_number(text), Some(number) if !(1..=64).contains(&number));
    assert!(!refused, "{text}");
}

#[cfg(test)]
mod tests {
    use silt_faults::replay;

    #[test]
    fn the_corpus_of_frames_is_cut_and_understood_alike() {
        replay("frames", super::frames);
    }

    #[test]
    fn the_corpus_of_records_is_read_and_written_anew() {
        replay("records", super::records);
    }

    #[test]
    fn the_corpus_of_paths_stays_in_its_folder() {
        replay("paths", super::paths);
    }
}
