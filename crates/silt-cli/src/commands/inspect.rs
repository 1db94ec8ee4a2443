//! `silt inspect`.

use crate::failure::Failure;
use crate::output::{Stdout, bytes_text, table};
use clap::Args;
use serde_json::json;
use silt_sandbox::{Home, Info, SessionInfo};
use std::process::ExitCode;

/// Show one sandbox: its state, its limits, its sessions
#[derive(Args)]
pub(crate) struct Arguments {
    /// Sandbox
    #[arg(value_name = "N")]
    name: String,
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let info = silt_sandbox::get(&Home::from_env()?, &arguments.name)?;
    let text = if arguments.json {
        format!("{:#}\n", json!(info))
    } else {
        text(&info)
    };
    let mut out = Stdout::new();
    out.write(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn text(info: &Info) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |key: &str, value: String| rows.push(vec![key.to_owned(), value]);
    row("name", info.name.clone());
    row("status", info.status.name().to_owned());
    if let Some(error) = &info.error {
        row("error", error.clone());
    }
    row("runtime", info.runtime.name().to_owned());
    row("network", info.network.name().to_owned());
    row("workdir", info.workdir.display().to_string());
    row("created", info.created_at.clone());
    if let Some(started) = &info.started_at {
        row("started", started.clone());
    }
    if let Some(ended) = &info.ended_at {
        row("ended", ended.clone());
    }
    if let Some(pid) = info.supervisor_pid {
        row("supervisor", pid.to_string());
    }
    if let Some(limits) = json!(info.limits).as_object() {
        for (name, value) in limits.iter().filter(|(_, value)| !value.is_null()) {
            row(&format!("limit {name}"), value.to_string());
        }
    }
    let truncated = if info.truncated {
        "; its beginning is gone"
    } else {
        ""
    };
    let log = format!(
        "{} of {}{truncated}",
        bytes_text(info.log_bytes),
        bytes_text(info.log_max_bytes)
    );
    row("log", log);
    let mut out = table(&rows);
    if !info.sessions.is_empty() {
        let mut rows = vec![
            ["SESSION", "STARTED", "END", "COMMAND"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(info.sessions.iter().map(session));
        out.push('\n');
        out.push_str(&table(&rows));
    }
    out
}

fn session(session: &SessionInfo) -> Vec<String> {
    let end = match (session.exit_code, &session.signal) {
        (Some(code), _) => format!("exit {code}"),
        (None, Some(signal)) => signal.clone(),
        (None, None) if session.crashed => "unknown".to_owned(),
        (None, None) => "running".to_owned(),
    };
    let command: Vec<String> = session
        .command
        .iter()
        .map(|word| word.escape_debug().to_string())
        .collect();
    vec![
        session.session_id.to_string(),
        format!("{}Z", session.started_at.get(..19).unwrap_or_default()),
        end,
        command.join(" "),
    ]
}
