//! From a request to a running program: everything is laid out before `fork`, so
//! that between `fork` and `exec` only async-signal-safe calls remain.

use std::ffi::{CStr, CString, c_char};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};

use super::environment::Variables;
use super::wire::Rlimits;

/// Where in the child something failed; a byte on the start pipe before the errno.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Step {
    Stdio = 0,
    Cwd = 1,
    Limit = 2,
    Exec = 3,
}

impl Step {
    pub(super) fn from_byte(byte: u8) -> Self {
        [Self::Stdio, Self::Cwd, Self::Limit, Self::Exec][usize::from(byte & 3)]
    }
}

/// A command laid out for `fork`.
pub(super) struct Command {
    /// The paths to try, in order.
    pub(super) candidates: Vec<CString>,
    argv: Vec<CString>,
    env: Vec<CString>,
    cwd: Option<CString>,
}

pub(super) struct Started {
    pub(super) pid: i32,
    /// At its end the program runs; before that a [`Step`] and an errno.
    pub(super) start: OwnedFd,
}

impl Command {
    /// `None` where a NUL byte slipped through.
    pub(super) fn new(
        program: &str,
        args: &[String],
        cwd: Option<&str>,
        env: &Variables,
    ) -> Option<Self> {
        let texts = std::iter::once(program).chain(args.iter().map(String::as_str));
        Some(Self {
            candidates: candidates(program, env.path())?,
            argv: texts
                .map(|text| CString::new(text).ok())
                .collect::<Option<_>>()?,
            env: env.strings(),
            cwd: cwd.map(CString::new).transpose().ok()?,
        })
    }

    /// Forks. `stdio` are the descriptors for 0, 1 and 2, the first a terminal if `terminal`.
    pub(super) fn start(
        &self,
        stdio: [RawFd; 3],
        terminal: bool,
        rlimits: &Rlimits,
    ) -> Result<Started, Errno> {
        let (start, report) = pipe_with(PipeFlags::CLOEXEC)?;
        let paths = pointers(&self.candidates);
        let argv = pointers(&self.argv);
        let env = pointers(&self.env);
        let child = Child {
            paths: &paths[..self.candidates.len()],
            argv: &argv,
            env: &env,
            cwd: self.cwd.as_deref(),
            stdio,
            terminal,
            report: report.as_raw_fd(),
            limits: limits(rlimits),
            kill_first: rlimits.prefer_killing_commands,
        };
        // SAFETY: the agent has one thread; the child runs only `Child::run`, which
        // is async-signal-safe and never returns.
        match unsafe { libc::fork() } {
            -1 => Err(last_errno()),
            // SAFETY: this is the child just forked, and all pointers are to memory
            // that the fork copied.
            0 => unsafe { child.run() },
            pid => Ok(Started { pid, start }),
        }
    }
}

/// As `execvp` looks for a program: a slash means a path, else each folder of `PATH`.
fn candidates(program: &str, path: &str) -> Option<Vec<CString>> {
    if program.contains('/') {
        return Some(vec![CString::new(program).ok()?]);
    }
    let one = |folder: &str| {
        let folder = if folder.is_empty() { "." } else { folder };
        CString::new(format!("{folder}/{program}")).ok()
    };
    path.split(':').map(one).collect()
}

fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings
        .iter()
        .map(|s| s.as_ptr())
        .chain([std::ptr::null()])
        .collect()
}

type Limit = (libc::__rlimit_resource_t, u64, u64);

fn limits(rlimits: &Rlimits) -> [Option<Limit>; 2] {
    [
        rlimits.open_files.map(|n| (libc::RLIMIT_NOFILE, n, n)),
        rlimits
            .cpu_seconds
            .map(|n| (libc::RLIMIT_CPU, n, n.saturating_add(1))),
    ]
}

fn last_errno() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
}

/// What the child needs, all of it allocated before the fork.
struct Child<'a> {
    paths: &'a [*const c_char],
    argv: &'a [*const c_char],
    env: &'a [*const c_char],
    cwd: Option<&'a CStr>,
    stdio: [RawFd; 3],
    terminal: bool,
    report: RawFd,
    limits: [Option<Limit>; 2],
    kill_first: bool,
}

const REPORT_FD: RawFd = 3;

impl Child<'_> {
    /// # Safety
    /// Only in a freshly forked child. Allocates nothing and takes no lock.
    unsafe fn run(&self) -> ! {
        // SAFETY: all calls are async-signal-safe system calls on memory laid out
        // before the fork; `errno` is this thread's own.
        unsafe {
            let mut report = self.report;
            if let Err(step) = self.prepare(&mut report) {
                fail(report, step, *libc::__errno_location());
            }
            let mut errno = libc::ENOENT;
            for &path in self.paths {
                libc::execve(path, self.argv.as_ptr(), self.env.as_ptr());
                match *libc::__errno_location() {
                    libc::ENOENT | libc::ENOTDIR => {}
                    libc::EACCES => errno = libc::EACCES,
                    other => fail(report, Step::Exec, other),
                }
            }
            fail(report, Step::Exec, errno)
        }
    }

    /// # Safety
    /// As [`run`](Self::run).
    unsafe fn prepare(&self, report: &mut RawFd) -> Result<(), Step> {
        let ok = |done: i32, step| if done < 0 { Err(step) } else { Ok(()) };
        // SAFETY: as in `run`.
        unsafe {
            // If the agent dies, so does the command, also in the `process` runtime.
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            libc::setsid();
            if self.kill_first {
                prefer_to_be_killed();
            }
            // First out of the way of 0 to 3, then into place.
            let mut moved = [0; 3];
            for (to, from) in moved.iter_mut().zip(self.stdio) {
                *to = libc::fcntl(from, libc::F_DUPFD_CLOEXEC, 10);
                ok(*to, Step::Stdio)?;
            }
            let high = libc::fcntl(*report, libc::F_DUPFD_CLOEXEC, 10);
            ok(high, Step::Stdio)?;
            *report = high;
            for (to, from) in (0..).zip(moved) {
                ok(libc::dup2(from, to), Step::Stdio)?;
            }
            ok(libc::dup3(high, REPORT_FD, libc::O_CLOEXEC), Step::Stdio)?;
            *report = REPORT_FD;
            libc::close_range(REPORT_FD as u32 + 1, u32::MAX, 0);
            if self.terminal {
                ok(libc::ioctl(0, libc::TIOCSCTTY, 0), Step::Stdio)?;
            }
            if let Some(cwd) = self.cwd {
                ok(libc::chdir(cwd.as_ptr()), Step::Cwd)?;
            }
            for &(resource, soft, hard) in self.limits.iter().flatten() {
                ok(lower(resource, soft, hard), Step::Limit)?;
            }
            // By the system call: the C library's `signal` leaves two out that a
            // careless caller may have handed on ignored.
            let default = [0_u64; 4];
            for signal in 1..=64 {
                let none = std::ptr::null_mut::<u64>();
                libc::syscall(libc::SYS_rt_sigaction, signal, default.as_ptr(), none, 8);
            }
            let mut none = std::mem::zeroed();
            libc::sigemptyset(&mut none);
            libc::sigprocmask(libc::SIG_SETMASK, &none, std::ptr::null_mut());
        }
        Ok(())
    }
}

/// Lowers a limit; one that is already lower stays, since it holds all the more.
///
/// # Safety
/// Async-signal-safe.
unsafe fn lower(resource: libc::__rlimit_resource_t, soft: u64, hard: u64) -> i32 {
    // SAFETY: both calls get a valid structure.
    unsafe {
        let mut now: libc::rlimit = std::mem::zeroed();
        if libc::getrlimit(resource, &mut now) < 0 {
            return -1;
        }
        now.rlim_max = now.rlim_max.min(hard);
        now.rlim_cur = soft.min(now.rlim_max);
        libc::setrlimit(resource, &now)
    }
}

/// When memory runs out the agent, whose end is the sandbox's, goes last.
///
/// # Safety
/// Async-signal-safe.
unsafe fn prefer_to_be_killed() {
    // SAFETY: the path and the value are static.
    unsafe {
        let file = libc::open(
            c"/proc/self/oom_score_adj".as_ptr(),
            libc::O_WRONLY | libc::O_CLOEXEC,
        );
        if file >= 0 {
            libc::write(file, c"300".as_ptr().cast(), 3);
            libc::close(file);
        }
    }
}

/// # Safety
/// Async-signal-safe; ends the process.
unsafe fn fail(report: RawFd, step: Step, errno: i32) -> ! {
    let [a, b, c, d] = errno.to_ne_bytes();
    let bytes = [step as u8, a, b, c, d];
    // SAFETY: the buffer outlives the call. Without a reader there is nobody to tell.
    unsafe {
        libc::write(report, bytes.as_ptr().cast(), bytes.len());
        libc::_exit(127)
    }
}
