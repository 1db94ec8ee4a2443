//! What a command's end means for this process.

use silt_log::{BatchLimits, Log, LogDirectory, Next, Source, SourceSet, StreamOptions};
use silt_sandbox::SessionEnd;
use std::path::Path;
use std::process::ExitCode;

/// The exit code after `--timeout`, as of timeout(1).
const TIMED_OUT: u8 = 124;

/// The command's own status; 128 and the number after a signal.
pub(crate) fn exit_code(end: &SessionEnd) -> ExitCode {
    if end.timed_out {
        return ExitCode::from(TIMED_OUT);
    }
    let code = match (end.exit_code, &end.signal) {
        (Some(code), _) => code as u8,
        (None, Some(signal)) => silt_sandbox::signal_number(signal)
            .and_then(|number| u8::try_from(128 + number).ok())
            .unwrap_or(1),
        (None, None) => 1,
    };
    ExitCode::from(code)
}

/// Why a program was not found or not executable: a shell would have said it,
/// and here a `system` entry does. Empty when the program has run.
pub(crate) fn why_not_started(folder: &Path, cursor: &str, end: &SessionEnd) -> Vec<String> {
    if !matches!(end.exit_code, Some(126 | 127)) {
        return Vec::new();
    }
    let options = StreamOptions {
        sources: SourceSet::of([Source::System]),
        from_cursor: Some(cursor.to_owned()),
        ..StreamOptions::default()
    };
    let mut reasons = Vec::new();
    let Ok(mut stream) = LogDirectory::open(folder).and_then(|logs| logs.stream(&options)) else {
        return reasons;
    };
    while let Ok(Next::Batch(batch)) = stream.next(BatchLimits::default()) {
        let system = batch
            .items
            .iter()
            .filter(|item| item.log == Log::Exec && item.sequence <= end.last_sequence);
        reasons.extend(system.map(|item| {
            String::from_utf8_lossy(batch.data(item))
                .trim_end()
                .to_owned()
        }));
    }
    reasons
}
