//! Finding a supervisor's socket and greeting.

use crate::Error;
use crate::folder::{Folder, SOCKET};
use crate::protocol::{Frames, Hello, ReplyFrame, VERSIONS, encode};
use crate::sys;
use rustix::fs::{Mode, OFlags};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// The longest path that fits into a socket address.
const ADDRESS_BYTES: usize = 107;

pub(super) struct Dialed {
    pub socket: UnixStream,
    pub peer: Option<rustix::process::Pid>,
}

pub(super) fn dial(folder: &Folder) -> io::Result<Dialed> {
    let path = folder.socket();
    let socket = if path.as_os_str().len() <= ADDRESS_BYTES {
        UnixStream::connect(path)?
    } else {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let held = rustix::fs::open(folder.path(), flags, Mode::empty())?;
        UnixStream::connect(format!("/proc/self/fd/{}/{SOCKET}", held.as_raw_fd()))?
    };
    let peer = rustix::net::sockopt::socket_peercred(&socket)
        .ok()
        .map(|credentials| credentials.pid)
        .filter(|pid| pid.as_raw_pid() > 0);
    Ok(Dialed { socket, peer })
}

/// Whether a supervisor takes connections and greets.
pub(crate) fn answers(folder: &Folder) -> bool {
    dial(folder).is_ok_and(|dialed| greet(&dialed.socket, "", Duration::from_secs(2)).is_ok())
}

/// Exchanges greetings. Returns what has come in after the other side's.
pub(super) fn greet(
    mut socket: &UnixStream,
    name: &str,
    patience: Duration,
) -> Result<Frames, Error> {
    let talk = |error: io::Error| match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Error::protocol(format!(
            "the supervisor of sandbox \"{name}\" takes connections but does not answer; `silt kill {name}` ends it"
        )),
        _ => Error::not_running(name, format!("its supervisor went away: {error}")),
    };
    socket.set_read_timeout(Some(patience)).map_err(talk)?;
    socket.set_write_timeout(Some(patience)).map_err(talk)?;
    socket
        .write_all(&encode(&Hello::ours(), b""))
        .map_err(talk)?;
    let mut frames = Frames::default();
    let mut chunk = [0; 4096];
    loop {
        if let Some((header, _)) = frames.next()? {
            check(header, name)?;
            return Ok(frames);
        }
        match socket.read(&mut chunk) {
            Ok(0) => return Err(talk(ErrorKind::UnexpectedEof.into())),
            Ok(read) => frames.push(&chunk[..read]),
            // A socket with a time limit is interrupted by any signal.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(talk(error)),
        }
    }
}

fn check(header: &[u8], name: &str) -> Result<(), Error> {
    if let Ok(hello) = serde_json::from_slice::<Hello>(header) {
        if hello.agree().is_some() {
            return Ok(());
        }
        return Err(Error::protocol(format!(
            "the supervisor of sandbox \"{name}\" is of release {} (protocol {} to {}), this is {} (protocol {} to {}); stop the sandbox with that release, then start it with this one",
            hello.release,
            hello.silt.0,
            hello.silt.1,
            env!("CARGO_PKG_VERSION"),
            VERSIONS.0,
            VERSIONS.1
        )));
    }
    match serde_json::from_slice::<ReplyFrame>(header) {
        Ok(ReplyFrame {
            error: Some(error), ..
        }) => Err(error.into()),
        _ => Err(Error::protocol(format!(
            "what answers for sandbox \"{name}\" is not a supervisor of Silt"
        ))),
    }
}

/// Takes a stale socket away and listens, for the owner alone.
pub(crate) fn listen(folder: &Folder) -> io::Result<std::os::unix::net::UnixListener> {
    let path = folder.socket();
    match sys::remove(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = if path.as_os_str().len() <= ADDRESS_BYTES {
        sys::listen(&path)?
    } else {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let held = rustix::fs::open(folder.path(), flags, Mode::empty())?;
        let path = format!("/proc/self/fd/{}/{SOCKET}", held.as_raw_fd());
        sys::listen(path.as_ref())?
    };
    // The umask of the supervisor and the folder's mode keep others out before.
    sys::set_mode(&path, 0o600)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
