//! `silt run`.

use crate::arguments::{duration, environment, mount, network, runtime, size, texts};
use crate::failure::Failure;
use crate::output::{Stdout, note};
use crate::session::{
    Attached, End, exit_code, own_executable, prepare_signals, terminal_size, why_not_started,
};
use clap::Args;
use silt_sandbox::{
    Connection, Home, Limits, LogsSpec, Mount, Network, Reply, Request, Runtime, SandboxSpec,
    Spawn, Status,
};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Run a command in a new sandbox and show what it writes
#[derive(Args)]
#[command(after_help = "\
The sandbox stops with the command; its log stays until `silt rm`. Standard input goes to the
command, Ctrl-C to its process group; the second Ctrl-C kills. Ends with the command's status.")]
pub(crate) struct Arguments {
    /// Name of the sandbox; one is made up when none is given
    #[arg(long, value_name = "N")]
    name: Option<String>,
    /// Remove the sandbox and its log at the end
    #[arg(long)]
    rm: bool,
    /// Print the name and return once the command runs
    #[arg(short, long)]
    detach: bool,
    /// namespace, or process, which isolates nothing
    #[arg(long, value_name = "R", value_parser = runtime, default_value = "namespace")]
    runtime: Runtime,
    /// Folder shown writable at /workspace [default: a private one]
    #[arg(long, value_name = "DIR")]
    workdir: Option<PathBuf>,
    /// Variable of the command; K alone takes the value it has here. May be given again
    #[arg(long, value_name = "K=V")]
    env: Vec<OsString>,
    /// none, or host [default: none]
    #[arg(long, value_name = "NET", value_parser = network)]
    network: Option<Network>,
    /// Memory of the whole sandbox, in bytes or with k, m, g
    #[arg(long, value_name = "B", value_parser = size)]
    memory: Option<u64>,
    /// Go on without the limits that this machine can not hold
    #[arg(long)]
    best_effort: bool,
    /// Folder or file of the host to show inside, read-only unless :rw. May be given again
    #[arg(long, value_name = "SRC:DST[:ro|rw]", value_parser = mount)]
    mount: Vec<Mount>,
    /// What the log may take on disk before its oldest goes [default: 256m]
    #[arg(long, value_name = "B", value_parser = size)]
    log_max_bytes: Option<u64>,
    /// Size of one segment of the log [default: 16m, or an eighth of the log]
    #[arg(long, value_name = "B", value_parser = size)]
    log_segment_bytes: Option<u64>,
    /// SIGTERM after this long, such as 90s or 5m, SIGKILL 5 s later; ends with 124
    #[arg(long, value_name = "T", value_parser = duration)]
    timeout: Option<Duration>,
    /// Give the command a terminal
    #[arg(long)]
    pty: bool,
    /// Program and arguments, as they are: no shell reads them
    #[arg(value_name = "CMD", required = true, trailing_var_arg = true)]
    command: Vec<OsString>,
}

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let home = Home::from_env()?;
    let (detach, rm, pty) = (arguments.detach, arguments.rm, arguments.pty);
    let (spec, spawn) = wishes(arguments)?;
    let waker = prepare_signals()?;
    let created = silt_sandbox::create(&home, spec)?;
    let name = created.name;
    let clean_up = || {
        let _ = silt_sandbox::remove(&home, &name, true);
    };
    let connection = Connection::open(&home, &name).inspect_err(|_| clean_up())?;
    let reply = connection.call(Request::Spawn(spawn), Vec::new());
    let (session_id, cursor) = match reply {
        Ok((Reply::Spawned { session_id, cursor }, _)) => (session_id, cursor),
        Ok(_) => {
            clean_up();
            return Err(Failure::other(
                "the supervisor's answer to `spawn` is another",
            ));
        }
        Err(error) => {
            clean_up();
            return Err(error.into());
        }
    };
    if detach {
        return say(&name).inspect_err(|failure| {
            if failure.went_wrong() {
                // Nobody was given the name by which to end it.
                let _ = connection.call(Request::Kill, Vec::new());
            }
        });
    }
    let logs = silt_sandbox::logs_dir(&home, &name)?;
    let attached = Attached {
        home: &home,
        name: &name,
        connection: &connection,
        session_id,
        cursor: &cursor,
        pty,
        until: End::Sandbox,
    };
    let followed = attached.follow(&waker);
    if let Ok(end) = &followed {
        for reason in why_not_started(&logs, &cursor, end) {
            note(&reason);
        }
    }
    if rm {
        let now = silt_sandbox::get(&home, &name).ok();
        if now.is_some_and(|now| {
            now.status == Status::Running && now.supervisor_pid != created.supervisor_pid
        }) {
            note(&format!("{name} was started again, and is not removed"));
        } else {
            silt_sandbox::remove(&home, &name, true)?;
        }
    }
    Ok(exit_code(&followed?))
}

fn say(name: &str) -> Result<ExitCode, Failure> {
    let mut out = Stdout::new();
    out.write(format!("{name}\n").as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn wishes(arguments: Arguments) -> Result<(SandboxSpec, Spawn), Failure> {
    let mut command = texts(arguments.command)?.into_iter();
    let spawn = Spawn {
        program: command.next().unwrap_or_default(),
        args: command.collect(),
        pty: arguments.pty.then(terminal_size),
        stdin: !arguments.detach,
        timeout_ms: arguments.timeout.map(|timeout| timeout.as_millis() as u64),
        end_sandbox: true,
        // Nobody of ours is left to do it.
        remove_sandbox: arguments.rm && arguments.detach,
        ..Spawn::default()
    };
    let spec = SandboxSpec {
        name: arguments.name,
        runtime: arguments.runtime,
        workdir: arguments.workdir,
        mounts: arguments.mount,
        env: environment(&arguments.env)?,
        network: arguments.network,
        limits: Limits {
            memory_bytes: arguments.memory,
            best_effort: arguments.best_effort,
            ..Limits::default()
        },
        logs: LogsSpec {
            max_bytes: arguments.log_max_bytes,
            segment_bytes: arguments.log_segment_bytes,
            ..LogsSpec::default()
        },
        executable: own_executable(),
        ..SandboxSpec::default()
    };
    Ok((spec, spawn))
}
