//! The verbs, and what comes of each.

use crate::commands::{
    doctor, exec, external, inspect, kill, logs, ls, prune, rm, run, start, stop, verify,
};
use crate::failure::Failure;
use crate::output::Stdout;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

const AFTER_HELP: &str = "\
Further verbs, each from a package of its own:
  serve    the sandboxes' logs over HTTP                (npm install @silt/server)
  open     a sandbox's log in the browser               (npm install @silt/server)
  ship     logs into Redis and S3                       (npm install @silt/ship)
  jobs     build jobs                                   (npm install @silt/jobs)

Exit codes:
  0    fine; also a log that ends, a reader that closes the pipe, Ctrl-C during `logs -f`
  1    anything that is not below
  2    usage: an option or a value is wrong
  3    there is no such sandbox, or no such log folder
  4    entries that were asked for are gone (missed rotation)
  5    the cursor can not be used
  6    the log is damaged
  `run` and `exec` end as their command did: its own status, 128 + N after signal N,
  124 past --timeout, 126 not executable, 127 not found.

Environment:
  SILT_HOME        where the sandboxes are; default ~/.silt
  SILT_EXECUTABLE  the program that supervises; default this one
  SILT_UID         the user inside, when root starts a sandbox
  NO_COLOR         no colour unless --color always";

/// Runs commands in sandboxes and never loses a line of what they say.
#[derive(Parser)]
#[command(name = "silt", version, after_help = AFTER_HELP, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Run(run::Arguments),
    Exec(exec::Arguments),
    Start(start::Arguments),
    Ls(ls::Arguments),
    Inspect(inspect::Arguments),
    Logs(logs::Arguments),
    Verify(verify::Arguments),
    Stop(stop::Arguments),
    Kill(kill::Arguments),
    Rm(rm::Arguments),
    Prune(prune::Arguments),
    Doctor(doctor::Arguments),
    #[command(external_subcommand)]
    External(Vec<OsString>),
}

/// Reads the arguments and does what they say.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(wrong) if wrong.use_stderr() => wrong.exit(),
        Err(asked) => return show(&asked).map_or_else(Failure::report, |()| ExitCode::SUCCESS),
    };
    let outcome = match cli.verb {
        Verb::Run(arguments) => run::run(arguments),
        Verb::Exec(arguments) => exec::run(arguments),
        Verb::Start(arguments) => start::run(arguments),
        Verb::Ls(arguments) => ls::run(&arguments),
        Verb::Inspect(arguments) => inspect::run(&arguments),
        Verb::Logs(arguments) => logs::run(arguments),
        Verb::Verify(arguments) => verify::run(&arguments),
        Verb::Stop(arguments) => stop::run(&arguments),
        Verb::Kill(arguments) => kill::run(&arguments),
        Verb::Rm(arguments) => rm::run(&arguments),
        Verb::Prune(arguments) => prune::run(&arguments),
        Verb::Doctor(arguments) => doctor::run(&arguments),
        Verb::External(arguments) => external::run(&arguments),
    };
    outcome.unwrap_or_else(Failure::report)
}

/// Help, or the version.
fn show(asked: &clap::Error) -> Result<(), Failure> {
    let mut out = Stdout::new();
    if !out.is_closed() {
        // With the colours of a terminal.
        asked.print()?;
        return Ok(std::io::stdout().flush()?);
    }
    out.write(asked.to_string().as_bytes())?;
    Ok(out.flush()?)
}
