//! Why streams end, as every language tells it.

use silt_log::EndReason;

/// All reasons, in the order in which they are documented.
pub(crate) const END_REASONS: [EndReason; 8] = [
    EndReason::Drained,
    EndReason::Stopped,
    EndReason::Crashed,
    EndReason::Removed,
    EndReason::Until,
    EndReason::Closed,
    EndReason::Aborted,
    EndReason::Unknown,
];

/// When a stream ends so.
pub(crate) fn end_doc(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Drained => {
            "All that was there has been read, without `follow`; or the followed session has ended."
        }
        EndReason::Stopped => "The sandbox has ended in order.",
        EndReason::Crashed => {
            "The sandbox's supervisor died, or stopped on a full disk. What it had written was read to the end, or is a gap."
        }
        EndReason::Removed => "The sandbox or the folder was removed.",
        EndReason::Until => "The time of `until` has come.",
        EndReason::Closed => "The reader closed the stream or left it.",
        EndReason::Aborted => "What the reader gave the stream to be ended by has ended it.",
        EndReason::Unknown => "Whether the log still has a writer can not be told from here.",
    }
}
