//! What befalls a writer at one of its calls to come: it dies, the disk refuses
//! it, the power goes.

use crate::sys::memory::{self, Survivor};
use crate::sys::simulated::{Call, Fault};
use rustix::io::Errno;

#[derive(Default)]
pub(super) struct Fate {
    /// Calls until then, and how many bytes of a write still go in.
    pub(super) dies_in: Option<(u16, u16)>,
    pub(super) power_goes_in: Option<u16>,
    pub(super) refused_in: Option<(u16, u16)>,
    /// Calls have no effect any more.
    pub(super) dead: bool,
    pub(super) survivor: Option<Survivor>,
    /// The disk refused something, since that was last asked.
    pub(super) troubled: bool,
    pub(super) renames: u64,
}

const ERRORS: [Errno; 4] = [Errno::IO, Errno::NOSPC, Errno::MFILE, Errno::ACCESS];

pub(super) fn error(which: u16) -> Errno {
    ERRORS[usize::from(which) % ERRORS.len()]
}

/// Whether this call is the one; else it is one less to go.
fn is_now<T: Copy>(countdown: &mut Option<(u16, T)>) -> Option<T> {
    match countdown {
        Some((0, what)) => {
            let what = *what;
            *countdown = None;
            Some(what)
        }
        Some((left, _)) => {
            *left -= 1;
            None
        }
        None => None,
    }
}

impl Fate {
    pub(super) fn at(&mut self, call: Call) -> Option<Fault> {
        if self.dead {
            return Some(Fault::Error(Errno::IO));
        }
        self.renames += u64::from(call == Call::Rename);
        if let Some(bytes) = is_now(&mut self.dies_in) {
            self.dead = true;
            return Some(match call {
                Call::Write | Call::WriteAt => Fault::Short(usize::from(bytes)),
                _ => Fault::Error(Errno::IO),
            });
        }
        let mut power = self.power_goes_in.map(|left| (left, ()));
        let goes = is_now(&mut power).is_some();
        self.power_goes_in = power.map(|(left, ())| left);
        if goes {
            self.survivor = Some(memory::with(|disk| disk.without_power()));
            self.dead = true;
            return Some(Fault::Error(Errno::IO));
        }
        let which = is_now(&mut self.refused_in)?;
        self.troubled = true;
        Some(Fault::Error(error(which)))
    }
}
