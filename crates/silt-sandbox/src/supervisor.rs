//! The supervisor: one small process for each sandbox, which owns its commands
//! and their log.
//!
//! One thread, one epoll. A round takes what every ready pipe has, up to 256 KiB
//! each, then flushes the log once; so two busy pipes both progress, and no
//! syscall is made for each line. Bytes of exposed ports are carried by a thread
//! of their own, because they must never slow the capture.

mod agent_events;
mod boot;
mod clients;
mod clock;
mod ending;
mod exposed;
mod input;
mod output;
mod phase;
mod poller;
mod removal;
mod requests;
mod room;
mod session;
mod signals;
mod spawning;

pub(crate) use boot::main;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use clients::fuzzing::requests as fuzz_requests;
pub(crate) use signals::parse as signal_number;

use crate::agent::AgentProcess;
use crate::journal::Journal;
use crate::record::Record;
use crate::state::State;
use clients::Clients;
use exposed::Exposed;
use phase::Phase;
use poller::{Event, Poller, Token};
use removal::FolderWatch;
use session::{Caller, Session};
use silt_log::{Log, Writer};
use spawning::Pending;
use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::time::Instant;

pub(crate) struct Supervisor {
    home: PathBuf,
    record: Record,
    state: State,
    writer: Writer,
    /// None once the sandbox was ended.
    agent: Option<AgentProcess>,
    poller: Poller,
    signals: OwnedFd,
    folder_watch: FolderWatch,
    listener: UnixListener,
    clients: Clients,
    /// A command asked for the folder to go once the sandbox has ended.
    removes_itself: bool,
    /// Asked of the agent, not running yet.
    pending: BTreeMap<u64, Pending>,
    sessions: BTreeMap<u64, Session>,
    journal: Journal,
    exposed: Exposed,
    phase: Phase,
    /// Who is told when all has ended.
    ending_for: Vec<Caller>,
    started: Instant,
    idle_since: Option<Instant>,
    /// New clients are not taken before; set when descriptors ran out.
    accept_again: Option<Instant>,
    oom_kills: u64,
    fork_refusals: u64,
    chunk: Vec<u8>,
    /// Bytes given to the log since its last flush.
    unflushed: usize,
}

impl Supervisor {
    /// Runs until the sandbox has ended.
    fn run(mut self) -> io::Result<()> {
        loop {
            self.advance();
            if self.phase == Phase::Over {
                self.finish();
                return Ok(());
            }
            self.flush();
            let patience = self
                .next_due()
                .map(|due| due.saturating_duration_since(Instant::now()));
            for event in self.poller.wait(patience)? {
                self.handle(&event);
            }
            self.on_time();
        }
    }

    fn handle(&mut self, event: &Event) {
        match event.token {
            Token::Listener => self.accept(),
            Token::Agent => self.take_agent_events(),
            Token::Signals => {
                let mut spent = [0; 128];
                while rustix::io::read(&self.signals, &mut spent).is_ok() {}
                self.stop("a signal asked for it");
            }
            Token::Folder => self.check_folder(),
            Token::Proxy => self.take_proxy_wants(),
            Token::Client(id) => {
                if event.writable {
                    self.clients.writable(id, &self.poller);
                }
                if event.readable {
                    for asked in self.clients.read(id, &self.poller) {
                        self.answer(asked);
                    }
                }
            }
            Token::Output(session, index) => {
                self.capture(session, index);
            }
            Token::Input(session) => self.write_input(session),
        }
    }

    fn accept(&mut self) {
        if self.clients.accept(&self.listener, &self.poller).is_err() {
            // Out of descriptors, most likely: the socket stays readable, so it
            // is left alone for a moment.
            self.poller.remove(&self.listener);
            self.accept_again = Some(Instant::now() + clock::ACCEPT_PAUSE);
        }
    }

    /// An entry of the runtime's log.
    fn note(&mut self, text: &str) {
        self.writer.event(Log::Runtime, text);
    }

    fn flush(&mut self) {
        self.writer.flush();
        self.unflushed = 0;
    }
}
