//! The agent's loop: one thread that waits for requests, exits and connections.

use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::RecvFlags;

use super::children::{Children, Forked};
use super::command::Command;
use super::connect::Connects;
use super::environment::Environment;
use super::wire::{FromAgent, Outbox, Received, Rlimits, ToAgent, receive};
use super::{SpawnFailure, descendants, terminal};

/// What every command of the sandbox starts from.
pub(super) struct Base {
    pub(super) environment: Environment,
    pub(super) rlimits: Rlimits,
}

/// Says that the sandbox is ready and serves until the supervisor is gone.
/// Nothing here blocks but the wait itself, so that its end is always noticed.
pub(super) fn serve(control: &OwnedFd, base: Base) {
    let Ok(exits) = exits() else { return };
    let mut agent = Agent {
        base,
        children: Children::default(),
        connects: Connects::default(),
        out: Outbox::default(),
    };
    agent.out.push(&FromAgent::Ready, Vec::new());
    loop {
        agent.out.flush(control.as_fd());
        let ready = agent.wait(control, &exits);
        for id in ready.started {
            agent.children.started(id, &mut agent.out);
        }
        if ready.exits {
            drain(&exits);
            agent.children.reap(&mut agent.out);
        }
        agent.connects.advance(&ready.connects, &mut agent.out);
        if ready.control && !agent.take_requests(control) {
            return;
        }
    }
}

struct Agent {
    base: Base,
    children: Children,
    connects: Connects,
    out: Outbox,
}

struct Ready {
    control: bool,
    exits: bool,
    started: Vec<u64>,
    connects: Vec<u64>,
}

impl Agent {
    fn wait(&self, control: &OwnedFd, exits: &OwnedFd) -> Ready {
        let wanted = if self.out.is_empty() {
            PollFlags::IN
        } else {
            PollFlags::IN | PollFlags::OUT
        };
        let starting: Vec<_> = self.children.starting().collect();
        let under_way: Vec<_> = self.connects.under_way().collect();
        let mut fds = vec![
            PollFd::new(control, wanted),
            PollFd::new(exits, PollFlags::IN),
        ];
        fds.extend(
            starting
                .iter()
                .map(|(_, fd)| PollFd::from_borrowed_fd(*fd, PollFlags::IN)),
        );
        fds.extend(
            under_way
                .iter()
                .map(|(_, fd, flags)| PollFd::from_borrowed_fd(*fd, *flags)),
        );
        let timeout = self.connects.deadline().map(|deadline| {
            let left = deadline.saturating_duration_since(Instant::now());
            Timespec {
                tv_sec: left.as_secs() as i64,
                tv_nsec: left.subsec_nanos().into(),
            }
        });
        if poll(&mut fds, timeout.as_ref()).is_err() {
            fds.iter_mut().for_each(PollFd::clear_revents);
        }
        let is = |index: usize, flags| fds[index].revents().intersects(flags);
        let any = PollFlags::IN | PollFlags::HUP | PollFlags::ERR | PollFlags::OUT;
        let named = |ids: Vec<u64>, first: usize| {
            ids.into_iter()
                .enumerate()
                .filter(|(i, _)| is(first + i, any))
                .map(|(_, id)| id)
                .collect()
        };
        Ready {
            control: is(0, PollFlags::IN | PollFlags::HUP | PollFlags::ERR),
            exits: is(1, PollFlags::IN),
            started: named(starting.iter().map(|(id, _)| *id).collect(), 2),
            connects: named(
                under_way.iter().map(|(id, ..)| *id).collect(),
                2 + starting.len(),
            ),
        }
    }

    /// Obeys all that is there; false once the supervisor is gone.
    fn take_requests(&mut self, control: &OwnedFd) -> bool {
        loop {
            match receive(control, RecvFlags::DONTWAIT) {
                Ok(Received::Message(message, fds)) => self.obey(message, fds),
                Ok(Received::Lost(id)) => {
                    self.not_started(id, Errno::MFILE, "receive the command");
                }
                Ok(Received::Nothing) => return true,
                Ok(Received::Closed) | Err(_) => return false,
            }
        }
    }

    fn obey(&mut self, message: ToAgent, fds: Vec<OwnedFd>) {
        match message {
            ToAgent::Setup(_) => {}
            ToAgent::Spawn {
                id,
                program,
                args,
                cwd,
                env,
                pty,
            } => {
                let terminal = pty.is_some();
                let env = self.base.environment.with(env, terminal);
                let Some(command) = Command::new(&program, &args, cwd.as_deref(), &env) else {
                    return self.not_started(id, Errno::INVAL, "lay out the command");
                };
                self.spawn(id, command, program, cwd, pty, fds);
            }
            ToAgent::Signal { id, signal } => self.children.signal(id, signal),
            ToAgent::SignalAll { signal } => descendants::signal_all(signal),
            ToAgent::Resize { id, cols, rows } => self.children.resize(id, cols, rows),
            ToAgent::Connect { token, port } => {
                self.connects.add(token, port);
                self.connects.advance(&[], &mut self.out);
            }
        }
    }

    fn spawn(
        &mut self,
        id: u64,
        command: Command,
        program: String,
        cwd: Option<String>,
        pty: Option<(u16, u16)>,
        fds: Vec<OwnedFd>,
    ) {
        let mut terminal = None;
        let stdio = if let Some((cols, rows)) = pty {
            let made = match terminal::open(cols, rows) {
                Ok(made) => made,
                Err(errno) => return self.not_started(id, errno, "make a terminal"),
            };
            match rustix::io::fcntl_dupfd_cloexec(&made.master, 0) {
                Ok(theirs) => self.out.push(&FromAgent::PtyMaster { id }, vec![theirs]),
                Err(errno) => return self.not_started(id, errno, "pass the terminal on"),
            }
            [terminal.insert(made).slave.as_raw_fd(); 3]
        } else {
            match fds.as_slice() {
                [stdin, stdout, stderr] => [stdin, stdout, stderr].map(AsRawFd::as_raw_fd),
                _ => return self.not_started(id, Errno::MFILE, "receive the descriptors"),
            }
        };
        match command.start(stdio, pty.is_some(), &self.base.rlimits) {
            Ok(started) => {
                let (pid, start) = (started.pid, started.start);
                self.children.add(
                    id,
                    Forked {
                        pid,
                        start,
                        command,
                        program,
                        cwd,
                        terminal,
                    },
                );
            }
            Err(errno) => self.not_started(id, errno, "fork (is the limit on processes reached?)"),
        }
    }

    fn not_started(&mut self, id: u64, errno: Errno, action: &str) {
        let message = format!("{action}: {}", std::io::Error::from(errno));
        let report = FromAgent::spawn_failed(id, errno, SpawnFailure::Other, message);
        self.out.push(&report, Vec::new());
    }
}

/// A descriptor that is readable when a child has ended.
fn exits() -> Result<OwnedFd, Errno> {
    // SAFETY: the set is initialised by `sigemptyset`; the new descriptor is owned
    // by nobody else. The agent has one thread, so the mask is the process's.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGCHLD);
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        match libc::signalfd(-1, &set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) {
            -1 => Err(Errno::MFILE),
            fd => Ok(OwnedFd::from_raw_fd(fd)),
        }
    }
}

fn drain(exits: &OwnedFd) {
    let mut buffer = [0_u8; 1024];
    while rustix::io::read(exits, &mut buffer).is_ok_and(|n| n > 0) {}
}
