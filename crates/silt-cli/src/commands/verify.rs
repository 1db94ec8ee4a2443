//! `silt verify`.

use super::log_place::LogPlace;
use crate::failure::{CORRUPTION, Failure};
use crate::output::{Stdout, bytes_text, gap_text, note};
use clap::Args;
use rustix::termios::isatty;
use silt_log::{Damage, Progress, VerifyReport};
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
    out.write(text.as_bytes())?;
    out.flush()?;
    if report.whole {
        return Ok(ExitCode::SUCCESS);
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
    let mut out = String::new();
    for log in &report.logs {
        out.push_str(&format!(
            "{}: {} entries in {} segments, {}",
            log.log.name(),
            log.entries,
            log.segments,
            bytes_text(log.bytes)
        ));
        if log.entries > 0 {
            out.push_str(&format!(
                ", {} to {}",
                log.first_sequence, log.last_sequence
            ));
        }
        if log.truncated {
            out.push_str("; its beginning was evicted");
        }
        if log.torn_bytes > 0 {
            out.push_str(&format!("; {} bytes of unfinished lines", log.torn_bytes));
        }
        out.push('\n');
        for gap in &log.gaps {
            out.push_str(&format!("  recorded gap: {}\n", gap_text(gap)));
        }
    }
    out.push_str(&format!(
        "sessions: {} as their exit records say, {} not held as a whole\n",
        report.sessions.checked, report.sessions.not_held
    ));
    for damage in &report.damage {
        out.push_str(&damage_text(damage));
    }
    if report.damage_left_out > 0 {
        out.push_str(&format!("damage: {} more\n", report.damage_left_out));
    }
    out.push_str(if report.whole { "whole\n" } else { "DAMAGED\n" });
    out
}

fn damage_text(damage: &Damage) -> String {
    let entries = match (damage.from, damage.to) {
        (Some(from), Some(to)) if from == to => format!("entry {from}"),
        (Some(from), Some(to)) => format!("entries {from} to {to}"),
        _ => "no entry".to_owned(),
    };
    format!(
        "damage: {} {entries}, segment {}: {}\n",
        damage.log.name(),
        damage.segment,
        damage.message
    )
}
