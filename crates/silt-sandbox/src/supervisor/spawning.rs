//! Starting a command.

use super::Supervisor;
use super::input::Input;
use super::phase::Phase;
use super::poller::{Interest, Token};
use super::session::{Caller, Output, ProgramExit, Session, TimeLimit};
use crate::agent::{CommandSpec, PtySize, SpawnFailure, Stdio};
use crate::status::now_ns;
use crate::{Error, Reply, Spawn, descriptors};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};
use silt_log::{Log, Source};
use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// More room in a pipe is fewer wake-ups of the command, and a longer pause of
/// the disk that it does not notice. Ordinary users have a limit for all pipes.
const PIPE_BYTES: usize = 1 << 20;

/// A command that was asked of the agent.
pub(super) struct Pending {
    caller: Caller,
    spawn: Spawn,
    outputs: Vec<Output>,
    stdin: Option<OwnedFd>,
    asked_ns: i64,
}

impl Pending {
    pub(super) fn caller(&self) -> Caller {
        self.caller
    }
}

impl Supervisor {
    pub(super) fn spawn(&mut self, caller: Caller, spawn: Spawn) {
        if let Err(error) = self.try_spawn(caller, spawn) {
            self.clients.reply(caller, Err(error), &self.poller);
        }
    }

    fn try_spawn(&mut self, caller: Caller, spawn: Spawn) -> Result<(), Error> {
        spawn.env.validate()?;
        let failed = |error| Error::io("make the pipes for", &spawn.program, error);
        descriptors::room().map_err(failed)?;
        let (stdio, outputs, stdin) = match spawn.pty {
            Some(size) => {
                let (cols, rows) = (size.cols, size.rows);
                (Stdio::Pty(PtySize { cols, rows }), Vec::new(), None)
            }
            None => pipes(spawn.stdin).map_err(failed)?,
        };
        let command = CommandSpec {
            program: spawn.program.clone(),
            args: spawn.args.clone(),
            cwd: spawn.cwd.clone(),
            env: spawn.env.pairs(),
        };
        let id = self.writer.begin_session()?;
        self.agent()?.spawn(id, &command, stdio)?;
        let pending = Pending {
            caller,
            spawn,
            outputs,
            stdin,
            asked_ns: now_ns(),
        };
        self.pending.insert(id, pending);
        Ok(())
    }

    /// The terminal of a command that is about to run.
    pub(super) fn take_terminal(&mut self, id: u64, master: Option<OwnedFd>) {
        let Some(pending) = self.pending.get_mut(&id) else {
            return;
        };
        // Reading and writing are watched apart, so each has a descriptor.
        let taken = master.ok_or(Errno::MFILE).and_then(|master| {
            // Many may have been asked for before the first of them came.
            descriptors::room().map_err(|_| Errno::MFILE)?;
            pending.stdin = Some(rustix::io::fcntl_dupfd_cloexec(&master, 3)?);
            Ok(master)
        });
        match taken {
            Ok(master) => {
                pending.outputs = vec![Output {
                    source: Source::Output,
                    fd: Some(master),
                }];
            }
            Err(error) => self.refuse_terminal(id, error),
        }
    }

    /// What the command would write there could not be read.
    fn refuse_terminal(&mut self, id: u64, error: Errno) {
        if let Some(agent) = &mut self.agent {
            let _ = agent.signal(id, libc::SIGKILL);
        }
        if let Some(Pending { caller, spawn, .. }) = self.pending.remove(&id) {
            let error = Error::io("open the terminal of", spawn.program, error);
            self.clients.reply(caller, Err(error), &self.poller);
        }
    }

    pub(super) fn spawned(&mut self, id: u64) {
        let Some(pending) = self.pending.remove(&id) else {
            return;
        };
        self.begin(id, pending);
    }

    /// Nothing of its output is read before this, so the cursor stands before it.
    fn begin(&mut self, id: u64, pending: Pending) {
        let Pending { caller, spawn, .. } = pending;
        self.flush();
        let cursor = self.writer.position_cursor();
        let mut command = vec![spawn.program.clone()];
        command.extend(spawn.args);
        let started_at = silt_log::format_time(pending.asked_ns);
        self.journal.started(id, &command, started_at);
        self.note(&format!("session {id} started: {}", spawn.program));
        let limit = spawn.timeout_ms.map(Duration::from_millis);
        let due = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut outputs = pending.outputs;
        for (index, output) in outputs.iter_mut().enumerate() {
            let Some(fd) = output.fd.take() else { continue };
            let prepared = rustix::io::ioctl_fionbio(&fd, true).is_ok()
                && self
                    .poller
                    .add(&fd, Token::Output(id, index), Interest::Read)
                    .is_ok();
            output.fd = prepared.then_some(fd);
            if !prepared {
                // Nothing is dropped without a word.
                let text = format!(
                    "session {id}: its {} can not be read; what it writes there is not in this log",
                    output.source.name()
                );
                self.writer.event(Log::Exec, &text);
            }
        }
        if let Some(stdin) = &pending.stdin {
            let _ = rustix::io::ioctl_fionbio(stdin, true);
        }
        let mut input = Input::new(pending.stdin, spawn.pty.is_some());
        if spawn.pty.is_some() && !spawn.stdin {
            // The terminal is its standard input, and nobody is to write there.
            input.end();
        }
        let session = Session {
            id,
            program: spawn.program,
            outputs,
            input,
            pty: spawn.pty.is_some(),
            started_ns: pending.asked_ns,
            exit: None,
            time_limit: due.map_or(TimeLimit::None, TimeLimit::Terminate),
            timed_out: false,
            asked_to_die: self.phase != Phase::Running,
            waiters: Vec::new(),
            patient_waiters: Vec::new(),
            ends_sandbox: spawn.end_sandbox,
        };
        self.removes_itself |= spawn.remove_sandbox;
        self.sessions.insert(id, session);
        self.write_input(id);
        let session_id = id;
        let reply = Reply::Spawned { session_id, cursor };
        self.clients.reply(caller, Ok(reply), &self.poller);
    }

    pub(super) fn spawn_failed(&mut self, id: u64, what: SpawnFailure, errno: i32, why: &str) {
        let Some(pending) = self.pending.remove(&id) else {
            return;
        };
        let code = match what {
            SpawnFailure::NotFound => 127,
            SpawnFailure::NotExecutable => 126,
            SpawnFailure::BadCwd => {
                let error = Error::argument("cwd", why);
                return self.clients.reply(pending.caller, Err(error), &self.poller);
            }
            SpawnFailure::Other => {
                let source = io::Error::from_raw_os_error(errno);
                let error = Error::io(
                    &format!("start the command ({why})"),
                    &pending.spawn.program,
                    source,
                );
                return self.clients.reply(pending.caller, Err(error), &self.poller);
            }
        };
        // A session like any other, which a shell would have made the same way.
        let text = format!("{}: {why}", pending.spawn.program);
        self.begin(
            id,
            Pending {
                outputs: Vec::new(),
                stdin: None,
                ..pending
            },
        );
        self.writer.event(Log::Exec, &text);
        self.exited(id, ProgramExit::now(Some(code), None));
    }
}

type Pipes = (Stdio, Vec<Output>, Option<OwnedFd>);

fn pipes(with_stdin: bool) -> io::Result<Pipes> {
    let (stdin, our_stdin) = if with_stdin {
        let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
        (read, Some(write))
    } else {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        (rustix::fs::open("/dev/null", flags, Mode::empty())?, None)
    };
    let mut outputs = Vec::new();
    let mut theirs = Vec::new();
    for source in [Source::Stdout, Source::Stderr] {
        let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
        let _ = rustix::pipe::fcntl_setpipe_size(&read, PIPE_BYTES);
        outputs.push(Output {
            source,
            fd: Some(read),
        });
        theirs.push(write);
    }
    let [stdout, stderr] = theirs.try_into().expect("two pipes");
    let stdio = Stdio::Pipes {
        stdin,
        stdout,
        stderr,
    };
    Ok((stdio, outputs, our_stdin))
}
