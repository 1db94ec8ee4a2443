//! What supervisors send, as a client takes it.

use super::{State, take_answers};
use crate::client::dial::greet;
use crate::protocol::{Frames, Hello, encode};
use std::collections::{HashMap, VecDeque};
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// The most bytes that a socket takes before somebody reads.
const INTO_A_SOCKET: usize = 64 << 10;

/// As the first bytes of a connection, as what follows, and as one answer.
pub(crate) fn answers(bytes: &[u8]) {
    let one = [
        &(bytes.len() as u32).to_le_bytes(),
        &0u32.to_le_bytes(),
        bytes,
    ];
    let greeting = encode(&Hello::ours(), b"");
    greeted(bytes);
    greeted(&one.concat());
    greeted(&[&*greeting, bytes].concat());
    take(bytes);
    assert!(take(&one.concat()) <= 1);
}

fn greeted(bytes: &[u8]) {
    if bytes.len() > INTO_A_SOCKET {
        return;
    }
    let (ours, mut theirs) = UnixStream::pair().expect("a socket");
    theirs.write_all(bytes).expect("the socket takes it");
    // What is greeted writes first: its end stays open for that.
    let _ = theirs.shutdown(std::net::Shutdown::Write);
    let _ = greet(&ours, "name", Duration::from_secs(10));
}

/// How many of the three requests that wait were answered.
fn take(bytes: &[u8]) -> usize {
    let waiting = (1..=3).map(|id| (id, Box::new(drop) as super::OnReply));
    let mut state = State {
        next_id: 4,
        waiting: waiting.collect::<HashMap<_, _>>(),
        unsent: VecDeque::new(),
        frames: Frames::default(),
        closed: None,
    };
    let mut answers = Vec::new();
    state.frames.push(bytes);
    let _ = take_answers(&mut state, &mut answers);
    assert_eq!(
        answers.len() + state.waiting.len(),
        3,
        "each is answered once"
    );
    answers.len()
}
