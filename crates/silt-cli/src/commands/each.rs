//! Verbs that take several sandboxes.

use crate::failure::Failure;
use std::process::ExitCode;

/// Does it to every sandbox, also after one that fails. Each failure is told;
/// the code is that of the first. A reader that has gone is none.
pub(super) fn each(
    names: &[String],
    mut action: impl FnMut(&str) -> Result<(), Failure>,
) -> Result<ExitCode, Failure> {
    let mut first = None;
    for name in names {
        if let Err(failure) = action(name) {
            let is_failure = failure.went_wrong();
            let code = failure.report();
            if is_failure {
                first.get_or_insert(code);
            }
        }
    }
    Ok(first.unwrap_or(ExitCode::SUCCESS))
}
