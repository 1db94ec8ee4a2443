//! From a fresh process to a supervisor that is ready.

use super::clients::Clients;
use super::exposed::Exposed;
use super::output::CHUNK;
use super::phase::Phase;
use super::poller::{Interest, Poller, Token};
use super::removal::FolderWatch;
use super::room::with_room;
use super::{Supervisor, signals};
use crate::Error;
use crate::agent::{AgentConfig, AgentProcess};
use crate::client::listen;
use crate::descriptors;
use crate::folder::Folder;
use crate::journal::Journal;
use crate::launch::{ORDER_FD, Order, read_frame, report_failure, report_ready};
use crate::state::{ProcessId, State};
use crate::status::now_ns;
use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use silt_log::{Log, Writer};
use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How long the agent of a killed supervisor may take to end by itself.
const AGENT_PATIENCE: Duration = Duration::from_secs(2);

/// What the supervisor makes is for its owner alone.
const OWNER_ONLY: Mode = Mode::from_raw_mode(0o077);

/// The supervisor's whole life. Its order comes on descriptor 3.
pub(crate) fn main() -> ExitCode {
    // SAFETY: whoever starts a supervisor puts its order's socket there, and
    // nothing else in this process owns it.
    let mut order_socket = unsafe { UnixStream::from_raw_fd(ORDER_FD) };
    // SAFETY: nothing above it is owned by this process yet.
    unsafe { libc::close_range(ORDER_FD as u32 + 1, u32::MAX, 0) };
    // SAFETY: no other thread exists yet. The parent ends at once, so that this
    // process is nobody's child and leaves no zombie with whoever started it.
    match unsafe { libc::fork() } {
        -1 => return ExitCode::FAILURE,
        0 => {}
        _ => return ExitCode::SUCCESS,
    }
    let umask = rustix::process::umask(OWNER_ONLY);
    let _ = std::env::set_current_dir("/");
    let _ = rustix::io::fcntl_setfd(&order_socket, rustix::io::FdFlags::CLOEXEC);
    let Ok(order) = read_frame::<Order>(&mut order_socket) else {
        return ExitCode::FAILURE;
    };
    tell_panics(&Folder::at(&order.folder));
    #[cfg(test)]
    crate::sys::simulated::obey(&order.home);
    let created = order.created;
    let supervisor = match boot(order, umask) {
        Ok(supervisor) => supervisor,
        Err(error) => {
            report_failure(order_socket, &error);
            return ExitCode::FAILURE;
        }
    };
    if !report_ready(order_socket) {
        supervisor.abandon(created);
        return ExitCode::FAILURE;
    }
    match supervisor.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// What a supervisor is made of, beside its log.
struct Parts {
    journal: Journal,
    agent: AgentProcess,
    poller: Poller,
    signals: OwnedFd,
    folder_watch: FolderWatch,
    listener: UnixListener,
    exposed: Exposed,
    state: State,
}

/// The log is opened first: its lock makes this the one supervisor.
fn boot(order: Order, umask: Mode) -> Result<Supervisor, Error> {
    let folder = Folder::at(&order.folder);
    let mut writer = Writer::create(&folder.logs(), &order.record.logs.writer_options()?)?;
    let parts = match assemble(&order, umask, &folder, &mut writer) {
        Ok(parts) => parts,
        Err(error) => {
            writer.event(Log::Runtime, &format!("could not start: {error}"));
            writer.flush();
            writer.end();
            return Err(error);
        }
    };
    writer.event(Log::Runtime, &started(&order));
    for limit in parts.agent.unheld_limits() {
        let text = format!("the limit {} does not hold: {}", limit.name, limit.reason);
        writer.event(Log::Runtime, &text);
    }
    writer.flush();
    let (oom_kills, fork_refusals) = (parts.agent.oom_kills(), parts.agent.fork_refusals());
    Ok(Supervisor {
        home: order.home,
        record: order.record,
        state: parts.state,
        writer,
        agent: Some(parts.agent),
        poller: parts.poller,
        signals: parts.signals,
        folder_watch: parts.folder_watch,
        listener: parts.listener,
        clients: Clients::default(),
        removes_itself: false,
        pending: BTreeMap::new(),
        sessions: BTreeMap::new(),
        journal: parts.journal,
        exposed: parts.exposed,
        phase: Phase::Running,
        ending_for: Vec::new(),
        started: Instant::now(),
        idle_since: Some(Instant::now()),
        accept_again: None,
        oom_kills,
        fork_refusals,
        chunk: vec![0; CHUNK],
        unflushed: 0,
    })
}

fn assemble(
    order: &Order,
    umask: Mode,
    folder: &Folder,
    writer: &mut Writer,
) -> Result<Parts, Error> {
    let failed = |action| move |error: io::Error| Error::io(action, folder.path(), error);
    mend(&State::read(folder)?)?;
    let ended = writer.ended_before().to_vec();
    let (mut journal, crashed) = with_room(writer, || Journal::take_over(folder, &ended))?;
    if crashed > 0 {
        let text = format!("{crashed} sessions had not ended when the supervisor before died");
        writer.event(Log::Runtime, &text);
    }
    // The commands keep the umask and the limits that their creator has.
    rustix::process::umask(umask);
    let agent = AgentProcess::start(&agent_config(order, folder))?;
    rustix::process::umask(OWNER_ONLY);
    raise_descriptor_limit();
    let signals = signals::requests_to_end().map_err(failed("watch for signals to"))?;
    let folder_watch = FolderWatch::new(folder).map_err(failed("watch"))?;
    journal.stays_in(folder_watch.held());
    let listener = with_room(writer, || {
        listen(folder).map_err(failed("make the control socket in"))
    })?;
    let poller = Poller::new().map_err(failed("wait for events of"))?;
    let exposed = Exposed::new().map_err(failed("prepare exposed ports of"))?;
    for (fd, token) in [
        (agent.as_fd(), Token::Agent),
        (signals.as_fd(), Token::Signals),
        (folder_watch.as_fd(), Token::Folder),
        (listener.as_fd(), Token::Listener),
        (exposed.wants(), Token::Proxy),
    ] {
        poller
            .add(fd, token, Interest::Read)
            .map_err(failed("wait for events of"))?;
    }
    // Else it would run and could take no client.
    descriptors::room().map_err(failed("keep descriptors back for the log of"))?;
    let process = ProcessId::of(agent.pid()).map_err(failed("look at the agent of"))?;
    let state = State::started(silt_log::format_time(now_ns()), process);
    with_room(writer, || state.write(folder))?;
    Ok(Parts {
        journal,
        agent,
        poller,
        signals,
        folder_watch,
        listener,
        exposed,
        state,
    })
}

/// The agent of a killed supervisor ends by itself and takes all with it. One
/// that hangs is killed, since two must never share a workdir.
fn mend(before: &State) -> Result<(), Error> {
    let Some(agent) = &before.agent else {
        return Ok(());
    };
    let began = Instant::now();
    while agent.alive() {
        if began.elapsed() > 2 * AGENT_PATIENCE {
            let message = format!("process {} of its last run can not be ended", agent.pid);
            return Err(Error::protocol(message));
        }
        if began.elapsed() > AGENT_PATIENCE {
            agent.kill();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

fn agent_config(order: &Order, folder: &Folder) -> AgentConfig {
    let record = &order.record;
    AgentConfig {
        runtime: record.runtime,
        hostname: record.name.clone(),
        workdir: record.workdir(folder),
        mounts: record.mounts.clone(),
        network: record.network,
        env: order.env.pairs(),
        limits: record.limits.clone(),
        hidden: vec![order.home.clone()],
        executable: None,
    }
}

/// Says what a reader of the log wants to know, and no value of `env`.
fn started(order: &Order) -> String {
    let record = &order.record;
    let missing: Vec<&str> = record
        .env_names
        .iter()
        .map(String::as_str)
        .filter(|name| !order.env.0.contains_key(*name))
        .collect();
    let mut text = format!(
        "sandbox {} started: runtime {}, network {}, release {}",
        record.name,
        record.runtime.name(),
        record.network.name(),
        env!("CARGO_PKG_VERSION")
    );
    if !missing.is_empty() {
        let missing = missing.join(", ");
        text += &format!("; not set this time, as values of env are never kept: {missing}");
    }
    text
}

/// Each session takes three descriptors.
fn raise_descriptor_limit() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    );
}

/// A supervisor has no terminal; what went wrong is kept for `inspect`.
fn tell_panics(folder: &Folder) {
    let path = folder.panic();
    std::panic::set_hook(Box::new(move |panic| {
        let _ = std::fs::write(&path, format!("{panic}\n"));
        // Not unwound: half a supervisor is worse than none, and a crash is mended.
        std::process::abort();
    }));
}
