//! What clients send, as a supervisor takes it.

use super::Client;
use crate::protocol::{Frames, Hello, encode};
use std::collections::VecDeque;
use std::os::unix::net::UnixStream;

/// As the first bytes of a connection, after a greeting, and as one request.
pub(crate) fn requests(bytes: &[u8]) {
    let greeting = encode(&Hello::ours(), b"");
    let one = [
        &(bytes.len() as u32).to_le_bytes(),
        &0u32.to_le_bytes(),
        bytes,
    ];
    take(bytes);
    take(&[&*greeting, bytes].concat());
    let (asked, refused) = take(&[&*greeting, &*one.concat()].concat());
    assert!(asked.len() + refused.len() <= 1);
}

/// The numbers of the requests that were understood, and of those that were not.
fn take(bytes: &[u8]) -> (Vec<u64>, Vec<u64>) {
    let (socket, _) = UnixStream::pair().expect("a socket");
    let mut client = Client {
        socket,
        frames: Frames::default(),
        unsent: VecDeque::new(),
        greeted: false,
    };
    let (mut asked, mut refused) = (Vec::new(), Vec::new());
    client.frames.push(bytes);
    let broken = client.take_requests(1, &mut asked, &mut refused);
    assert!(client.greeted || asked.is_empty() && refused.is_empty());
    assert!(!client.greeted || broken.is_err() || matches!(client.frames.next(), Ok(None)));
    (
        asked.iter().map(|asked| asked.caller.request).collect(),
        refused.iter().map(|(request, _)| *request).collect(),
    )
}
