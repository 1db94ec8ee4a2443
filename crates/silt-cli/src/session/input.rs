//! Standard input on its way to the command.

use rustix::io::Errno;
use silt_sandbox::{Connection, Reply, Request};

/// No more than this is on its way at once.
const CHUNK: usize = 64 << 10;

/// Forwards standard input until its end, or until the command reads no more.
/// The thread is left behind when the command ends first: a read of a terminal
/// can not be called off.
pub(super) fn forward(connection: Connection, session_id: u64) -> std::io::Result<()> {
    std::thread::Builder::new()
        .name("silt-stdin".into())
        .spawn(move || {
            let mut chunk = vec![0; CHUNK];
            loop {
                match rustix::io::read(rustix::stdio::stdin(), &mut chunk) {
                    Ok(0) => break,
                    Ok(count) => {
                        let write = Request::Write { session_id };
                        match connection.call(write, chunk[..count].to_vec()) {
                            Ok((Reply::Written { closed: false }, _)) => {}
                            _ => return,
                        }
                    }
                    Err(Errno::INTR) => {}
                    Err(Errno::AGAIN) => wait_readable(),
                    // Closed, or of another session's terminal: no input.
                    Err(_) => break,
                }
            }
            // The session may have ended meanwhile; then there is nothing to close.
            let _ = connection.call(Request::CloseStdin { session_id }, Vec::new());
        })
        .map(drop)
}

/// Somebody has set the shared description to non-blocking.
fn wait_readable() {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdin = rustix::stdio::stdin();
    let _ = poll(&mut [PollFd::new(&stdin, PollFlags::IN)], None);
}
