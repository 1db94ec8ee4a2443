//! `silt ls`.

use crate::failure::Failure;
use crate::output::{Stdout, bytes_text, table};
use clap::Args;
use serde_json::{Value, json};
use silt_sandbox::{Home, Info};
use std::process::ExitCode;

/// List sandboxes, running or not
#[derive(Args)]
pub(crate) struct Arguments {
    /// An array, as `inspect --json` but without sessions
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let all = silt_sandbox::list(&Home::from_env()?)?;
    let text = if arguments.json {
        let all: Vec<Value> = all.iter().map(without_sessions).collect();
        format!("{}\n", json!(all))
    } else {
        text(&all)
    };
    let mut out = Stdout::new();
    out.write(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn without_sessions(info: &Info) -> Value {
    let mut info = json!(info);
    if let Some(fields) = info.as_object_mut() {
        fields.remove("sessions");
    }
    info
}

fn text(all: &[Info]) -> String {
    let head = ["NAME", "STATUS", "RUNTIME", "CREATED", "LOG"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    rows.extend(all.iter().map(|info| {
        vec![
            info.name.clone(),
            info.status.name().to_owned(),
            info.runtime.name().to_owned(),
            // To the second.
            format!("{}Z", info.created_at.get(..19).unwrap_or(&info.created_at)),
            bytes_text(info.log_bytes),
        ]
    }));
    table(&rows)
}
