//! Messages between supervisor and agent over a SEQPACKET socket, with descriptors.
//!
//! A message too large for one packet (a big environment) travels in a memory
//! file whose descriptor comes last; the packet itself is then only a mark with
//! the number of the command, so that a receiver without descriptors can say
//! which one it can not start.

#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod fuzzing;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::SpawnFailure;
use crate::runtime::{Mount, Network, Runtime};

const INLINE_MAX: usize = 32 * 1024;
/// Begins no JSON. The number follows, in decimal.
const IN_MEMORY_FILE: u8 = b'M';
const FDS_MAX: usize = 4;

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToAgent {
    Setup(Box<Setup>),
    /// With descriptors 0, 1 and 2 of the command, or none where `pty` is given.
    Spawn {
        id: u64,
        program: String,
        args: Vec<String>,
        cwd: Option<String>,
        env: Vec<(String, String)>,
        pty: Option<(u16, u16)>,
    },
    Signal {
        id: u64,
        signal: i32,
    },
    SignalAll {
        signal: i32,
    },
    Resize {
        id: u64,
        cols: u16,
        rows: u16,
    },
    Connect {
        token: u64,
        port: u16,
    },
}

impl ToAgent {
    /// The command that it asks for; 0 for none.
    fn command(&self) -> u64 {
        match self {
            ToAgent::Spawn { id, .. } => *id,
            _ => 0,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Setup {
    pub(super) runtime: Runtime,
    pub(super) hostname: String,
    pub(super) workdir: PathBuf,
    pub(super) mounts: Vec<Mount>,
    pub(super) hidden: Vec<PathBuf>,
    pub(super) network: Network,
    pub(super) env: Vec<(String, String)>,
    /// What a root caller becomes before anything else; `None` for an ordinary user.
    pub(super) run_as: Option<u32>,
    pub(super) rlimits: Rlimits,
}

/// What the agent itself holds of the limits; the rest is the supervisor's control group.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Rlimits {
    pub(super) open_files: Option<u64>,
    pub(super) cpu_seconds: Option<u64>,
    /// Set only where no control group holds it.
    pub(super) processes: Option<u64>,
    /// The private `/tmp` takes up to half of it, `/dev/shm` a quarter; without a
    /// limit each takes up to half of the machine's memory.
    pub(super) memory_bytes: Option<u64>,
    /// Commands are killed before the agent when memory runs out.
    pub(super) prefer_killing_commands: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromAgent {
    Ready,
    Failed(Refusal),
    Spawned {
        id: u64,
        pid: i32,
    },
    /// With the master's descriptor.
    PtyMaster {
        id: u64,
    },
    SpawnFailed {
        id: u64,
        errno: i32,
        what: SpawnFailure,
        message: String,
    },
    Exited {
        id: u64,
        code: Option<i32>,
        signal: Option<i32>,
    },
    /// With the connection's descriptor.
    Connected {
        token: u64,
    },
    ConnectFailed {
        token: u64,
    },
}

/// What is told of why a command could not be started, in bytes: however it is
/// escaped, the report fits one packet.
const WHY_MAX: usize = 4096;

impl FromAgent {
    pub(super) fn spawn_failed(
        id: u64,
        errno: Errno,
        what: SpawnFailure,
        mut message: String,
    ) -> FromAgent {
        if message.len() > WHY_MAX {
            message.truncate(message.floor_char_boundary(WHY_MAX));
            message.push('…');
        }
        FromAgent::SpawnFailed {
            id,
            errno: errno.raw_os_error(),
            what,
            message,
        }
    }
}

/// Why the agent could not make the sandbox.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Refusal {
    pub(super) blame: Blame,
    /// What was tried, on what.
    pub(super) action: String,
    pub(super) errno: i32,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Blame {
    /// The machine does not allow it.
    Machine,
    Workdir,
    Mounts,
}

impl Refusal {
    pub(super) fn machine(action: impl Into<String>, errno: Errno) -> Self {
        Self {
            blame: Blame::Machine,
            action: action.into(),
            errno: errno.raw_os_error(),
        }
    }
}

/// A message ready to be sent.
pub(super) struct Packet {
    bytes: Vec<u8>,
    fds: Vec<OwnedFd>,
}

impl Packet {
    pub(super) fn to_agent(message: &ToAgent, fds: Vec<OwnedFd>) -> io::Result<Self> {
        Packet::packed(message, message.command(), fds)
    }

    fn packed<M: Serialize>(message: &M, command: u64, mut fds: Vec<OwnedFd>) -> io::Result<Self> {
        let mut bytes = serde_json::to_vec(message)?;
        if bytes.len() > INLINE_MAX {
            let mut file = File::from(memfd_create("silt-message", MemfdFlags::CLOEXEC)?);
            file.write_all(&bytes)?;
            fds.push(file.into());
            bytes = vec![IN_MEMORY_FILE];
            bytes.extend(command.to_string().into_bytes());
        }
        Ok(Self { bytes, fds })
    }

    pub(super) fn from_agent(message: &FromAgent, fds: Vec<OwnedFd>) -> Self {
        let bytes = serde_json::to_vec(message).expect("a report is plain data");
        Self { bytes, fds }
    }

    pub(super) fn send(&self, socket: impl AsFd, flags: SendFlags) -> Result<(), Errno> {
        let fds: Vec<BorrowedFd<'_>> = self.fds.iter().map(AsFd::as_fd).collect();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FDS_MAX))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(&fds)) {
            return Err(Errno::INVAL);
        }
        let flags = flags | SendFlags::NOSIGNAL;
        rustix::io::retry_on_intr(|| {
            sendmsg(&socket, &[IoSlice::new(&self.bytes)], &mut control, flags)
        })?;
        Ok(())
    }
}

/// Messages that wait until the other side has room, so that the agent never blocks.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Packet>,
}

impl Outbox {
    pub(super) fn push(&mut self, message: &FromAgent, fds: Vec<OwnedFd>) {
        self.waiting.push_back(Packet::from_agent(message, fds));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Sends what there is room for. A closed socket is noticed by reading.
    pub(super) fn flush(&mut self, socket: BorrowedFd<'_>) {
        while let Some(packet) = self.waiting.front() {
            match packet.send(socket, SendFlags::DONTWAIT) {
                Err(Errno::AGAIN | Errno::NOBUFS | Errno::TOOMANYREFS) => return,
                _ => drop(self.waiting.pop_front()),
            }
        }
    }
}

/// One received message, or what else a read can mean.
pub(super) enum Received<M> {
    Message(M, Vec<OwnedFd>),
    /// There was no descriptor left for the memory file of this command.
    Lost(u64),
    /// Nothing now (only with `DONTWAIT`).
    Nothing,
    /// The other side is gone.
    Closed,
}

pub(super) fn receive<M: DeserializeOwned>(
    socket: impl AsFd,
    flags: RecvFlags,
) -> io::Result<Received<M>> {
    let mut bytes = [0_u8; INLINE_MAX];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FDS_MAX))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let flags = flags | RecvFlags::CMSG_CLOEXEC;
    let got = rustix::io::retry_on_intr(|| {
        recvmsg(
            &socket,
            &mut [IoSliceMut::new(&mut bytes)],
            &mut control,
            flags,
        )
    });
    let (length, cut) = match got {
        Ok(got) if got.bytes == 0 => return Ok(Received::Closed),
        Ok(got) => (got.bytes, got.flags.contains(ReturnFlags::CTRUNC)),
        Err(Errno::AGAIN) => return Ok(Received::Nothing),
        Err(Errno::CONNRESET) => return Ok(Received::Closed),
        Err(error) => return Err(error.into()),
    };
    let mut fds = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(received) = message {
            fds.extend(received);
        }
    }
    let bytes = &bytes[..length];
    let Some(command) = bytes.strip_prefix(&[IN_MEMORY_FILE]) else {
        return Ok(Received::Message(serde_json::from_slice(bytes)?, fds));
    };
    // The last of those that came is then another one.
    let file = match fds.pop() {
        Some(file) if !cut => File::from(file),
        _ => {
            let command = std::str::from_utf8(command).ok();
            let command = command.and_then(|number| number.parse().ok());
            return Ok(Received::Lost(command.ok_or(io::ErrorKind::InvalidData)?));
        }
    };
    let mut whole = vec![0; file.metadata()?.len() as usize];
    file.read_exact_at(&mut whole, 0)?;
    Ok(Received::Message(serde_json::from_slice(&whole)?, fds))
}
