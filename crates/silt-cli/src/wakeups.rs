//! One pipe that wakes the main thread: for signals, for a log that has more,
//! for an answer of the supervisor.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsRawFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

/// The write end, for the signal handler; it stays open until the process ends.
static PIPE: AtomicI32 = AtomicI32::new(-1);
/// How often each of the first 32 signals has come and was not taken.
static SIGNALS: [AtomicU32; 32] = [const { AtomicU32::new(0) }; 32];

/// Something woke while a write was waited for, and [`wait`] has not said so yet.
static UNSEEN: AtomicBool = AtomicBool::new(false);

static ENDS: OnceLock<Ends> = OnceLock::new();

struct Ends {
    read: OwnedFd,
    write: Arc<OwnedFd>,
}

/// How long a file that took nothing is left alone.
const ASK_AGAIN_AFTER: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 10_000_000,
};

pub(crate) const NO_TIME: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// What woke the main thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    Event,
    /// Nobody reads standard output any more.
    OutputClosed,
}

/// Wakes the main thread, from any thread.
#[derive(Clone)]
pub(crate) struct Waker(Arc<OwnedFd>);

impl Waker {
    pub(crate) fn wake(&self) {
        // A full pipe wakes as well as one more byte.
        let _ = rustix::io::write(&self.0, &[0]);
    }
}

/// Makes the pipe; signals in `signals` wake from now on and do nothing else.
/// Programs started later do not inherit that.
pub(crate) fn install(signals: &[i32]) -> io::Result<Waker> {
    let ends = match ENDS.get() {
        Some(ends) => ends,
        None => {
            let (read, write) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
            PIPE.store(write.as_raw_fd(), Ordering::Relaxed);
            let write = Arc::new(write);
            ENDS.get_or_init(|| Ends { read, write })
        }
    };
    for signal in signals {
        // SAFETY: the handler touches atomics and calls write(2) only; the
        // structure is whole, its mask empty. Without SA_RESTART a blocked
        // write to a slow reader is interrupted.
        let result = unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = on_signal as *const () as usize;
            libc::sigemptyset(&mut action.sa_mask);
            libc::sigaction(*signal, &action, std::ptr::null_mut())
        };
        if result != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(Waker(Arc::clone(&ends.write)))
}

extern "C" fn on_signal(signal: libc::c_int) {
    if let Some(count) = usize::try_from(signal).ok().and_then(|at| SIGNALS.get(at)) {
        count.fetch_add(1, Ordering::Relaxed);
    }
    // SAFETY: errno belongs to this thread and is put back as it was; the
    // descriptor is never closed.
    unsafe {
        let errno = libc::__errno_location();
        let before = *errno;
        libc::write(PIPE.load(Ordering::Relaxed), [0u8].as_ptr().cast(), 1);
        *errno = before;
    }
}

/// Whether a signal has come that was not taken.
pub(crate) fn has_come(signal: i32) -> bool {
    SIGNALS[signal as usize].load(Ordering::Relaxed) > 0
}

/// How often a signal has come since it was last taken.
pub(crate) fn take(signal: i32) -> u32 {
    SIGNALS[signal as usize].swap(0, Ordering::Relaxed)
}

/// Blocks until something has come. `output`, if given, is watched for the end
/// of its reader.
pub(crate) fn wait(output: Option<BorrowedFd<'_>>) -> io::Result<Woken> {
    let ends = ends()?;
    let mut watched = vec![PollFd::new(&ends.read, PollFlags::IN)];
    if let Some(output) = &output {
        watched.push(PollFd::new(output, PollFlags::empty()));
    }
    let limit = UNSEEN.swap(false, Ordering::Relaxed).then_some(&NO_TIME);
    poll_until(&mut watched, limit)?;
    let gone = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
    let closed = watched
        .get(1)
        .is_some_and(|it| it.revents().intersects(gone));
    ends.clear();
    Ok(if closed {
        Woken::OutputClosed
    } else {
        Woken::Event
    })
}

/// Blocks until something has come, or `output` takes bytes, which is returned.
/// Where it said so and then took none (`in_vain`), as a terminal may with too
/// little room, it is asked again only after a moment.
pub(crate) fn wait_writable(output: BorrowedFd<'_>, in_vain: bool) -> io::Result<bool> {
    let ends = ends()?;
    let wake = PollFd::new(&ends.read, PollFlags::IN);
    let room = if in_vain {
        poll_until(&mut [wake], Some(&ASK_AGAIN_AFTER))?;
        false
    } else {
        let mut watched = [wake, PollFd::new(&output, PollFlags::OUT)];
        poll_until(&mut watched, None)?;
        !watched[1].revents().is_empty()
    };
    // Signals are looked at now; what else woke is for the next wait.
    if ends.clear() {
        UNSEEN.store(true, Ordering::Relaxed);
    }
    Ok(room)
}

fn poll_until(watched: &mut [PollFd<'_>], limit: Option<&Timespec>) -> io::Result<()> {
    match poll(watched, limit) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn ends() -> io::Result<&'static Ends> {
    ENDS.get()
        .ok_or_else(|| io::Error::other("nothing can wake this wait"))
}

impl Ends {
    /// Whether anything had woken.
    fn clear(&self) -> bool {
        let mut spent = [0; 64];
        let mut any = false;
        while let Ok(count @ 1..) = rustix::io::read(&self.read, &mut spent) {
            any = true;
            if count < spent.len() {
                break;
            }
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn what_woke_while_a_write_was_waited_for_is_not_slept_through() {
        let waker = install(&[]).unwrap();
        let (_reader, writer) = pipe_with(PipeFlags::CLOEXEC).unwrap();
        waker.wake();
        assert!(wait_writable(rustix::fd::AsFd::as_fd(&writer), false).unwrap());
        let (say, said) = channel();
        std::thread::spawn(move || say.send(wait(None).unwrap()));
        assert_eq!(said.recv_timeout(Duration::from_secs(30)), Ok(Woken::Event));
    }
}
