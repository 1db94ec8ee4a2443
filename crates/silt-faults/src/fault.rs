//! What happens to a call instead of itself.

use rustix::io::Errno;

/// What a call does instead.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    Error(Errno),
    /// A write takes this many bytes only.
    Short(usize),
    /// Half of what could be read or written is.
    Half,
    /// All but the last byte is read or written.
    AllButOne,
    /// The call is made, and the process dies.
    ThenKill,
    /// All but the last byte is written, and the process dies.
    AllButOneThenKill,
}

/// Dies as the kernel kills: nothing is cleaned up.
pub fn die() -> ! {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    unreachable!("nobody survives that signal")
}

impl Fault {
    /// A call that is neither a read nor a write, with what is done to it.
    pub fn call<T, E: From<Errno>>(
        fault: Option<Fault>,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        match fault {
            Some(Fault::Error(error)) => Err(error.into()),
            Some(Fault::ThenKill | Fault::AllButOneThenKill) => {
                let _ = make();
                die()
            }
            _ => make(),
        }
    }

    pub fn read<E: From<Errno>>(
        fault: Option<Fault>,
        make: impl FnOnce() -> Result<usize, E>,
    ) -> Result<usize, E> {
        match fault {
            Some(Fault::Error(error)) => Err(error.into()),
            Some(Fault::ThenKill | Fault::AllButOneThenKill) => die(),
            Some(fault) => make().map(|count| fault.part(count)),
            None => make(),
        }
    }

    pub fn write<E: From<Errno>>(
        fault: Option<Fault>,
        bytes: &[u8],
        make: impl FnOnce(&[u8]) -> Result<usize, E>,
    ) -> Result<usize, E> {
        match fault {
            Some(Fault::Error(error)) => Err(error.into()),
            Some(fault @ (Fault::ThenKill | Fault::AllButOneThenKill)) => {
                let _ = make(&bytes[..fault.part(bytes.len())]);
                die()
            }
            Some(fault) => make(&bytes[..fault.part(bytes.len())]),
            None => make(bytes),
        }
    }

    /// How much goes through of what there is; 0 would say that there is no more.
    fn part(self, length: usize) -> usize {
        match self {
            Fault::Short(most) => most.min(length),
            Fault::Half => (length / 2).max(1).min(length),
            Fault::AllButOne | Fault::AllButOneThenKill => {
                length.saturating_sub(1).max(1).min(length)
            }
            Fault::Error(_) | Fault::ThenKill => length,
        }
    }
}
