//! `silt verify`.

use super::log_place::LogPlace;
use crate::failure::{CORRUPTION, Failure};
use crate::output::{Stdout, bytes_text, gap_text, note, table};
use clap::Args;
use rustix::termios::isatty;
use silt_log::{Progress, VerifyReport};
use std::io::Write;
use std::process::ExitCode;

/// Check a log: every byte against checksums, numbers, times and exit records
#[derive(Args)]
#[command(after_help = "\
Ends with 0 when all that is held is whole; an evicted beginning, recorded gaps and a torn
tail are no damage. Ends with 6 when damage was found.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: LogPlace,
    /// The report as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let directory = arguments.place.open()?;
    let shows_progress = isatty(rustix::stdio::stderr());
    let report = directory.verify(&mut |progress| {
        if shows_progress {
            show(progress);
        }
    })?;
    if shows_progress {
        let _ = std::io::stderr().write_all(b"\r\x1b[K");
    }
    let mut out = Stdout::new();
    let text = if arguments.json {
        format!("{}\n", serde_json::json!(report))
    } else {
        text(&report)
    };
    let shown = out.write(text.as_bytes()).and_then(|()| out.flush());
    if report.whole {
        shown?;
        return Ok(ExitCode::SUCCESS);
    }
    // Damage is what scripts ask for, whatever became of the report.
    if let Err(error) = shown {
        Failure::from(error).report();
    }
    let found = report.damage.len() as u64 + report.damage_left_out;
    if arguments.json {
        note(&format!("the log is damaged: {found} findings"));
    }
    Ok(ExitCode::from(CORRUPTION))
}

fn show(progress: Progress) {
    let line = format!(
        "\rchecked {} of {} segments",
        progress.segments_checked, progress.segments
    );
    let _ = std::io::stderr().write_all(line.as_bytes());
}

fn text(report: &VerifyReport) -> String {
    let mut out = table(&logs(report));
    for log in &report.logs {
        let name = log.log.name();
        if log.truncated {
            out.push_str(&format!("{name}: its beginning was evicted\n"));
        }
        if log.torn_bytes > 0 {
            let bytes = log.torn_bytes;
            out.push_str(&format!("{name}: {bytes} bytes of unfinished lines\n"));
        }
        for gap in &log.gaps {
            out.push_str(&format!("recorded gap: {}\n", gap_text(gap)));
        }
    }
    out.push_str(&format!(
        "sessions: {} as their exit records say, {} not held as a whole\n",
        report.sessions.checked, report.sessions.not_held
    ));
    if !report.whole {
        out.push('\n');
        out.push_str(&table(&damage(report)));
    }
    if report.damage_left_out > 0 {
        out.push_str(&format!("and {} more\n", report.damage_left_out));
    }
    out.push_str(if report.whole { "whole\n" } else { "DAMAGED\n" });
    out
}

fn logs(report: &VerifyReport) -> Vec<Vec<String>> {
    let head = ["LOG", "ENTRIES", "NUMBERS", "SEGMENTS", "SIZE"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    rows.extend(report.logs.iter().map(|log| {
        let numbers = match log.entries {
            0 => "-".to_owned(),
            _ => format!("{} to {}", log.first_sequence, log.last_sequence),
        };
        vec![
            log.log.name().to_owned(),
            log.entries.to_string(),
            numbers,
            log.segments.to_string(),
            bytes_text(log.bytes),
        ]
    }));
    rows
}

fn damage(report: &VerifyReport) -> Vec<Vec<String>> {
    let head = ["DAMAGE", "ENTRIES", "SEGMENT", "WHAT"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    rows.extend(report.damage.iter().map(|damage| {
        let entries = match (damage.from, damage.to) {
            (Some(from), Some(to)) if from == to => from.to_string(),
            (Some(from), Some(to)) => format!("{from} to {to}"),
            _ => "none".to_owned(),
        };
        vec![
            damage.log.name().to_owned(),
            entries,
            damage.segment.to_string(),
            damage.message.clone(),
        ]
    }));
    rows
}
