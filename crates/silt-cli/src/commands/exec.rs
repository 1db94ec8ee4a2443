//! `silt exec`.

use crate::arguments::{duration, environment, texts};
use crate::failure::Failure;
use crate::output::{note, note_if_room};
use crate::session::{Attached, End, exit_code, prepare_signals, terminal_size, why_not_started};
use clap::Args;
use silt_sandbox::{Connection, Home, Reply, Request, Spawn};
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

/// Run a further command in a running sandbox and show what it writes
#[derive(Args)]
pub(crate) struct Arguments {
    /// Variable of the command; K alone takes the value it has here. May be given again
    #[arg(long, value_name = "K=V")]
    env: Vec<OsString>,
    /// Folder to run in, relative to the workdir
    #[arg(long, value_name = "DIR")]
    cwd: Option<String>,
    /// SIGTERM after this long, such as 90s or 5m, SIGKILL 5 s later; ends with 124
    #[arg(long, value_name = "T", value_parser = duration)]
    timeout: Option<Duration>,
    /// Give the command a terminal
    #[arg(long)]
    pty: bool,
    /// Sandbox
    #[arg(value_name = "N")]
    name: String,
    /// Program and arguments, as they are: no shell reads them
    #[arg(value_name = "CMD", required = true, trailing_var_arg = true)]
    command: Vec<OsString>,
}

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let home = Home::from_env()?;
    let name = arguments.name;
    let mut command = texts(arguments.command)?.into_iter();
    let spawn = Spawn {
        program: command.next().unwrap_or_default(),
        args: command.collect(),
        cwd: arguments.cwd,
        env: environment(&arguments.env)?,
        pty: arguments.pty.then(terminal_size),
        stdin: true,
        timeout_ms: arguments.timeout.map(|timeout| timeout.as_millis() as u64),
        ..Spawn::default()
    };
    let logs = silt_sandbox::logs_dir(&home, &name)?;
    let connection = Connection::open(&home, &name)?;
    let waker = prepare_signals()?;
    let (reply, _) = connection.call(Request::Spawn(spawn), Vec::new())?;
    let Reply::Spawned { session_id, cursor } = reply else {
        return Err(Failure::other(
            "the supervisor's answer to `spawn` is another",
        ));
    };
    let attached = Attached {
        home: &home,
        name: &name,
        connection: &connection,
        session_id,
        cursor: &cursor,
        pty: arguments.pty,
        until: End::Session,
    };
    let end = attached.follow(&waker)?;
    for reason in why_not_started(&logs, &cursor, &end) {
        note(&reason);
    }
    if end.detached {
        note_if_room(&format!(
            "a background process still holds the output; `silt logs {name} --session {session_id}` has what it writes"
        ));
    }
    Ok(exit_code(&end))
}
