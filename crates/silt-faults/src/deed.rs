//! The columns of the table: all that is done to each call.

use crate::{Fault, die};
use rustix::io::Errno;

/// What is done to a call.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    Fault(Fault),
    KillBefore,
}

/// Which faults a call can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Read,
    Write,
    Other,
}

/// All deeds, by their names in the table.
pub const DEEDS: [(&str, Deed); 10] = [
    ("ENOSPC", Deed::Fault(Fault::Error(Errno::NOSPC))),
    ("EIO", Deed::Fault(Fault::Error(Errno::IO))),
    ("EINTR", Deed::Fault(Fault::Error(Errno::INTR))),
    ("EMFILE", Deed::Fault(Fault::Error(Errno::MFILE))),
    ("EACCES", Deed::Fault(Fault::Error(Errno::ACCESS))),
    ("half", Deed::Fault(Fault::Half)),
    ("all but 1", Deed::Fault(Fault::AllButOne)),
    ("kill before", Deed::KillBefore),
    ("kill after", Deed::Fault(Fault::ThenKill)),
    ("torn, kill", Deed::Fault(Fault::AllButOneThenKill)),
];

impl Deed {
    /// One of [`DEEDS`].
    ///
    /// # Panics
    /// When there is none of this name.
    pub fn named(name: &str) -> Deed {
        DEEDS.iter().find(|(deed, _)| *deed == name).unwrap().1
    }

    pub fn kills(self) -> bool {
        matches!(
            self,
            Deed::KillBefore | Deed::Fault(Fault::ThenKill | Fault::AllButOneThenKill)
        )
    }

    /// Whether this can happen to such a call.
    pub fn fits(self, kind: Kind) -> bool {
        match self {
            Deed::Fault(Fault::Half | Fault::AllButOne) => kind != Kind::Other,
            Deed::Fault(Fault::AllButOneThenKill) => kind == Kind::Write,
            _ => true,
        }
    }

    /// To be asked just before the call is made.
    pub fn comes(self) -> Fault {
        match self {
            Deed::Fault(fault) => fault,
            Deed::KillBefore => die(),
        }
    }
}
