//! Where a sandbox stands between ready and ended. It only ever goes forward.

use std::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Running,
    /// Everything was sent SIGTERM and has until then.
    Terminating {
        until: Instant,
    },
    /// Everything was sent SIGKILL; its exits are awaited until then.
    Killing {
        until: Instant,
    },
    /// Nothing runs any more; what is left in the pipes is read until then.
    Draining {
        until: Instant,
    },
    Over,
}

impl Phase {
    /// When the phase ends at the latest.
    pub(super) fn due(self) -> Option<Instant> {
        match self {
            Phase::Terminating { until } | Phase::Killing { until } | Phase::Draining { until } => {
                Some(until)
            }
            Phase::Running | Phase::Over => None,
        }
    }
}
