//! Starting a supervisor and hearing from it whether it is ready.

use crate::error::WireError;
use crate::folder::Folder;
use crate::protocol::{Frames, encode};
use crate::record::Record;
use crate::spec::Environment;
use crate::{Error, SUPERVISE_VERB};
use serde::{Deserialize, Serialize};
use std::ffi::CString;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::ptr;
use std::time::Duration;

/// The descriptor on which a supervisor finds its order.
pub(crate) const ORDER_FD: i32 = 3;

/// Longer than any start takes; a supervisor that hangs is reported, not waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a new supervisor is told. It travels over a socket: argv and the
/// environment of a process can be read by others.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub home: PathBuf,
    pub folder: PathBuf,
    /// The sandbox is being made: it goes when its creator goes before it is ready.
    pub created: bool,
    pub record: Record,
    pub env: Environment,
}

/// What it answers, once.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Readiness {
    Ready {},
    Failed(WireError),
}

/// The program to start: the given one, else `$SILT_EXECUTABLE`.
pub(crate) fn executable(given: Option<&Path>) -> Result<PathBuf, Error> {
    let set = std::env::var_os("SILT_EXECUTABLE").filter(|value| !value.is_empty());
    let path = match (given, set) {
        (Some(path), _) => path.to_owned(),
        (None, Some(path)) => PathBuf::from(path),
        (None, None) => {
            return Err(Error::argument(
                "SILT_EXECUTABLE",
                "it is not known which program is the supervisor; set SILT_EXECUTABLE to the path of the silt command",
            ));
        }
    };
    std::path::absolute(&path).map_err(|error| Error::io("find", path, error))
}

/// Starts a supervisor that outlives this process, and waits until the sandbox
/// is ready. On an error nothing of it runs any more.
pub(crate) fn launch(executable: &Path, order: &Order) -> Result<(), Error> {
    let (ours, theirs) =
        UnixStream::pair().map_err(|error| Error::io("make a socket for", executable, error))?;
    let child = spawn(executable, &order.record.name, &theirs.into())?;
    let answer = talk(ours, order);
    // The supervisor has left this process's family by then; what is reaped
    // here is only the process that it forked from.
    reap(child);
    match answer {
        Ok(Readiness::Ready {}) => Ok(()),
        Ok(Readiness::Failed(error)) => Err(error.into()),
        Err(error) => {
            let mut message = format!(
                "{} did not become a supervisor: {error}",
                executable.display()
            );
            if let Ok(panic) = std::fs::read_to_string(Folder::at(&order.folder).panic()) {
                message = format!("the supervisor failed: {}", panic.trim());
            }
            Err(Error::protocol(format!(
                "{message}; if SILT_EXECUTABLE is set, it must be the silt command of this release"
            )))
        }
    }
}

fn talk(mut socket: UnixStream, order: &Order) -> io::Result<Readiness> {
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    socket.write_all(&encode(order, b""))?;
    let readiness = read_frame(&mut socket)?;
    if matches!(readiness, Readiness::Ready {}) {
        socket.write_all(ACKNOWLEDGED)?;
    }
    Ok(readiness)
}

/// Told to a supervisor that is ready. Without it nobody knows that it runs, so
/// it ends again.
const ACKNOWLEDGED: &[u8; 1] = b".";

/// Says that the supervisor is ready; false when nobody heard it.
pub(crate) fn report_ready(mut socket: UnixStream) -> bool {
    let mut heard = [0];
    socket.set_read_timeout(Some(PATIENCE)).is_ok()
        && socket.write_all(&encode(&Readiness::Ready {}, b"")).is_ok()
        && socket.read_exact(&mut heard).is_ok()
        && &heard == ACKNOWLEDGED
}

/// Says why the supervisor could not become ready.
pub(crate) fn report_failure(mut socket: UnixStream, error: &Error) {
    let readiness = Readiness::Failed(WireError::from(error));
    // Whoever asked is gone then, and does not need to know.
    let _ = socket.write_all(&encode(&readiness, b""));
}

/// Reads one frame of JSON from a blocking socket.
pub(crate) fn read_frame<T: for<'de> Deserialize<'de>>(socket: &mut UnixStream) -> io::Result<T> {
    let mut frames = Frames::default();
    let mut chunk = vec![0; 64 << 10];
    loop {
        let frame = frames.next().map_err(io::Error::other)?;
        if let Some((header, _)) = frame {
            return serde_json::from_slice(header).map_err(io::Error::other);
        }
        match socket.read(&mut chunk) {
            Ok(0) => {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "it ended without an answer",
                ));
            }
            Ok(read) => frames.push(&chunk[..read]),
            // A socket with a time limit is interrupted by any signal and any debugger.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// All that a supervisor gets of its creator's environment: what it reads itself.
const VARIABLES: &[&str] = &[
    "PATH",
    "SILT_UID",
    "RUST_BACKTRACE",
    #[cfg(silt_coverage)]
    "LLVM_PROFILE_FILE",
];

/// `posix_spawn` and not `fork`: the caller may be a large process with many
/// threads, of which a fork would copy the page tables.
fn spawn(executable: &Path, name: &str, socket: &OwnedFd) -> Result<libc::pid_t, Error> {
    let invalid = |_| Error::argument("SILT_EXECUTABLE", "a path can not hold a zero byte");
    let path = CString::new(executable.as_os_str().as_bytes()).map_err(invalid)?;
    let words = [
        path.clone(),
        CString::new(SUPERVISE_VERB).expect("no zero byte"),
        // For people who read a process list; the supervisor ignores it.
        CString::new(name).map_err(invalid)?,
    ];
    let argv: Vec<*mut libc::c_char> = words
        .iter()
        .map(|word| word.as_ptr().cast_mut())
        .chain([ptr::null_mut()])
        .collect();
    let variables: Vec<CString> = VARIABLES
        .iter()
        .filter_map(|name| {
            let value = std::env::var_os(name)?;
            CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).ok()
        })
        .collect();
    let envp: Vec<*mut libc::c_char> = variables
        .iter()
        .map(|variable| variable.as_ptr().cast_mut())
        .chain([ptr::null_mut()])
        .collect();

    let mut pid = 0;
    // SAFETY: every pointer lives until after the call, the lists end with a
    // null pointer, and actions and attributes are initialised before their use
    // and destroyed after it.
    let result = unsafe {
        let mut actions = std::mem::zeroed();
        libc::posix_spawn_file_actions_init(&mut actions);
        for fd in 0..3 {
            libc::posix_spawn_file_actions_addopen(
                &mut actions,
                fd,
                c"/dev/null".as_ptr(),
                libc::O_RDWR,
                0,
            );
        }
        libc::posix_spawn_file_actions_adddup2(&mut actions, socket.as_raw_fd(), ORDER_FD);
        let mut attributes = std::mem::zeroed();
        libc::posix_spawnattr_init(&mut attributes);
        let mut signals = std::mem::zeroed();
        libc::sigfillset(&mut signals);
        libc::posix_spawnattr_setsigdefault(&mut attributes, &signals);
        libc::sigemptyset(&mut signals);
        libc::posix_spawnattr_setsigmask(&mut attributes, &signals);
        let signals = libc::POSIX_SPAWN_SETSIGDEF | libc::POSIX_SPAWN_SETSIGMASK;
        let flags = signals as libc::c_short | libc::POSIX_SPAWN_SETSID;
        libc::posix_spawnattr_setflags(&mut attributes, flags);
        let result = libc::posix_spawn(
            &mut pid,
            path.as_ptr(),
            &actions,
            &attributes,
            argv.as_ptr(),
            envp.as_ptr(),
        );
        libc::posix_spawnattr_destroy(&mut attributes);
        libc::posix_spawn_file_actions_destroy(&mut actions);
        result
    };
    match result {
        0 => Ok(pid),
        errno => Err(Error::io(
            "start the supervisor (SILT_EXECUTABLE)",
            executable,
            io::Error::from_raw_os_error(errno),
        )),
    }
}

fn reap(child: libc::pid_t) {
    if let Some(pid) = rustix::process::Pid::from_raw(child) {
        let _ = rustix::process::waitpid(Some(pid), rustix::process::WaitOptions::empty());
    }
}
