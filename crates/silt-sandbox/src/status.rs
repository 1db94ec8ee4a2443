//! Looking at sandboxes: `get` and `list`. Reads files and asks the log's lock;
//! no supervisor is disturbed.

use crate::folder::Folder;
use crate::journal::{Journal, Session};
use crate::record::Record;
use crate::state::State;
use crate::{Error, Home, Info, Status, client, sys};
use silt_log::{LogDirectory, WriterState};
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

/// One sandbox, running or not.
///
/// # Errors
/// `SandboxNotFound`, `InvalidArgument` for what is not a name.
pub fn get(home: &Home, name: &str) -> Result<Info, Error> {
    let folder = Folder::at(home.existing(name)?);
    let mut info = look(&folder, name)?;
    info.sessions = Journal::read(&folder)?
        .values()
        .map(Session::info)
        .collect();
    if info.status == Status::Crashed {
        // Known already; the next start puts it on record.
        for session in &mut info.sessions {
            session.crashed |= session.ended_at.is_none();
        }
    }
    Ok(info)
}

/// All sandboxes of the home by name, without their sessions. One that goes
/// away meanwhile, or whose record can not be read, is left out.
pub fn list(home: &Home) -> Result<Vec<Info>, Error> {
    let mut all = Vec::new();
    for name in names(home)? {
        let folder = Folder::at(home.sandbox(&name)?);
        match look(&folder, &name) {
            Ok(info) => all.push(info),
            // It may well run: not to be taken for one that is not there.
            Err(error) if error.is_shortage() => return Err(error),
            Err(_) => {}
        }
    }
    Ok(all)
}

/// The names in use, sorted.
pub(crate) fn names(home: &Home) -> Result<Vec<String>, Error> {
    let path = home.sandboxes();
    let found = match sys::list(&path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("list", path, error)),
    };
    let mut names: Vec<String> = found
        .into_iter()
        .filter_map(|name| name.into_string().ok())
        .filter(|name| crate::name::validate(name).is_ok())
        .collect();
    names.sort();
    Ok(names)
}

fn look(folder: &Folder, name: &str) -> Result<Info, Error> {
    let record = Record::read(folder, name)?;
    let state = State::read(folder)?;
    let status = status(folder, &state)?;
    let log = LogDirectory::open(folder.logs()).ok();
    let running = status == Status::Running;
    let ended_at = state.ended_at.filter(|_| !running);
    let duration_ms = match (&state.started_at, &ended_at, running) {
        (Some(start), Some(end), _) => span_ms(start, end),
        (Some(start), None, true) => span_ms(start, &silt_log::format_time(now_ns())),
        _ => None,
    };
    let error = match status {
        Status::Running => None,
        Status::Stopped => state.error,
        Status::Crashed => Some(crash(folder, name)),
    };
    Ok(Info {
        name: name.to_owned(),
        status,
        runtime: record.runtime,
        created_at: record.created_at.clone(),
        started_at: state.started_at,
        ended_at,
        duration_ms,
        supervisor_pid: state.supervisor_pid.filter(|_| running),
        workdir: record.workdir(folder),
        network: record.network,
        limits: record.limits.clone(),
        log_bytes: log
            .as_ref()
            .and_then(|log| log.log_bytes().ok())
            .unwrap_or(0),
        log_max_bytes: record.logs.writer_options()?.max_bytes,
        truncated: log
            .as_ref()
            .is_some_and(|log| log.truncated().unwrap_or(false)),
        sessions: Vec::new(),
        error,
    })
}

/// The lock of the log says who lives. Where it can not be asked, the
/// supervisor itself is.
///
/// # Errors
/// What kept this process from asking at all. Never a guess: what is believed
/// to have stopped may be removed.
pub(crate) fn status(folder: &Folder, state: &State) -> Result<Status, Error> {
    let log = match LogDirectory::open(folder.logs()) {
        Ok(log) => log,
        // Its first supervisor never became ready.
        Err(silt_log::Error::NotFound { .. }) => return Ok(Status::Stopped),
        Err(error) => return Err(error.into()),
    };
    match log.status().map_err(Error::from) {
        Ok(WriterState::Running) => Ok(Status::Running),
        Ok(WriterState::Stopped) => Ok(Status::Stopped),
        Ok(WriterState::Crashed) => Ok(Status::Crashed),
        Err(error) if error.is_shortage() => Err(error),
        Err(_) if client::answers(folder) => Ok(Status::Running),
        Err(_) if state.ended_at.is_some() => Ok(Status::Stopped),
        Err(_) => Ok(Status::Crashed),
    }
}

fn crash(folder: &Folder, name: &str) -> String {
    match sys::read_text(&folder.panic()) {
        Ok(panic) => format!("the supervisor failed: {}", panic.trim()),
        Err(_) => format!(
            "the supervisor ended without ending the log, as after `kill -9`; `silt start {name}` goes on in the same log"
        ),
    }
}

/// Milliseconds between two times as this crate writes them.
pub(crate) fn span_ms(start: &str, end: &str) -> Option<u64> {
    let ns = |text| silt_log::parse_time(text, 0).ok();
    Some((ns(end)? - ns(start)?).max(0) as u64 / 1_000_000)
}

/// The time of day in nanoseconds since 1970.
pub(crate) fn now_ns() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as i64)
}
