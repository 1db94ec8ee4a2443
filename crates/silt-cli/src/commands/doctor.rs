//! `silt doctor`.

use crate::failure::Failure;
use crate::output::{Stdout, table};
use crate::session::own_executable;
use clap::Args;
use serde_json::json;
use silt_sandbox::{Connection, Home, Limits, Reply, Request, Runtime, SandboxSpec, Spawn};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::ExitCode;

/// Try what this machine can do: runtimes and limits, each with a real sandbox
#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    json: bool,
}

struct Check {
    name: &'static str,
    /// Without it the default does not work.
    needed: bool,
    outcome: Result<String, String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut checks = vec![Check {
        name: "home",
        needed: true,
        outcome: home(),
    }];
    let trial = Trial::new()?;
    let plain = Limits::default;
    let cases = [
        ("runtime namespace", true, Runtime::Namespace, plain()),
        ("runtime process", false, Runtime::Process, plain()),
        (
            "limit memoryBytes",
            false,
            Runtime::Namespace,
            Limits {
                memory_bytes: Some(256 << 20),
                ..plain()
            },
        ),
        (
            "limit processes",
            false,
            Runtime::Namespace,
            Limits {
                processes: Some(64),
                ..plain()
            },
        ),
        (
            "limit openFiles",
            false,
            Runtime::Namespace,
            Limits {
                open_files: Some(256),
                ..plain()
            },
        ),
        (
            "limit cpuSeconds",
            false,
            Runtime::Namespace,
            Limits {
                cpu_seconds: Some(10),
                ..plain()
            },
        ),
    ];
    for (name, needed, runtime, limits) in cases {
        let outcome = trial.sandbox(runtime, limits);
        let stop = name == "runtime namespace" && outcome.is_err();
        checks.push(Check {
            name,
            needed,
            outcome,
        });
        if stop {
            break;
        }
    }
    drop(trial);
    let fine = checks
        .iter()
        .all(|check| !check.needed || check.outcome.is_ok());
    let text = if arguments.json {
        json_text(&checks, fine)
    } else {
        text(&checks)
    };
    let mut out = Stdout::new();
    let shown = out.write(text.as_bytes()).and_then(|()| out.flush());
    if fine {
        shown?;
        return Ok(ExitCode::SUCCESS);
    }
    // As with `verify`: the code says it, whatever became of the text.
    if let Err(error) = shown {
        Failure::from(error).report();
    }
    Ok(ExitCode::FAILURE)
}

fn home() -> Result<String, String> {
    let home = Home::from_env().map_err(|error| error.to_string())?;
    let sandboxes = silt_sandbox::list(&home).map_err(|error| error.to_string())?;
    Ok(format!(
        "{}, {} sandboxes",
        home.path().display(),
        sandboxes.len()
    ))
}

/// A home of its own that goes again.
struct Trial {
    path: PathBuf,
    home: Home,
}

impl Trial {
    fn new() -> Result<Trial, Failure> {
        let path = std::env::temp_dir().join(format!("silt-doctor-{}", std::process::id()));
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| {
                Failure::other(format!("could not make {}: {error}", path.display()))
            })?;
        let home = Home::at(&path);
        Ok(Trial { path, home })
    }

    /// Runs `true` in a real sandbox.
    fn sandbox(&self, runtime: Runtime, limits: Limits) -> Result<String, String> {
        let spec = SandboxSpec {
            runtime,
            limits,
            executable: own_executable(),
            ..SandboxSpec::default()
        };
        let text = |error: silt_sandbox::Error| error.to_string();
        let info = silt_sandbox::create(&self.home, spec).map_err(text)?;
        let ran = self.run_true(&info.name).map_err(text);
        silt_sandbox::remove(&self.home, &info.name, true).map_err(text)?;
        match ran? {
            Some(0) => Ok("works".to_owned()),
            code => Err(format!("`true` ended with {code:?} in it")),
        }
    }

    fn run_true(&self, name: &str) -> Result<Option<i32>, silt_sandbox::Error> {
        let connection = Connection::open(&self.home, name)?;
        let spawn = Request::Spawn(Spawn {
            program: "true".to_owned(),
            ..Spawn::default()
        });
        let (reply, _) = connection.call(spawn, Vec::new())?;
        let Reply::Spawned { session_id, .. } = reply else {
            return Ok(None);
        };
        match connection.call(Request::Wait { session_id }, Vec::new())?.0 {
            Reply::Ended(end) => Ok(end.exit_code),
            _ => Ok(None),
        }
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn text(checks: &[Check]) -> String {
    let rows: Vec<Vec<String>> = checks
        .iter()
        .map(|check| {
            let (mark, message) = match &check.outcome {
                Ok(message) => ("ok", message),
                Err(message) if check.needed => ("FAILED", message),
                Err(message) => ("no", message),
            };
            vec![check.name.to_owned(), mark.to_owned(), message.clone()]
        })
        .collect();
    table(&rows)
}

fn json_text(checks: &[Check], fine: bool) -> String {
    let checks: Vec<_> = checks
        .iter()
        .map(|check| {
            let (Ok(message) | Err(message)) = &check.outcome;
            json!({ "name": check.name, "ok": check.outcome.is_ok(), "needed": check.needed, "message": message })
        })
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "{:#}\n",
        json!({ "version": version, "ok": fine, "checks": checks })
    )
}
