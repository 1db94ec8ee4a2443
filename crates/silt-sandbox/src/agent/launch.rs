//! Starting the agent's executable with its control socket as descriptor 3.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};

use super::{AGENT_VERB, CONTROL_FD};

/// The child and this side's end of its control socket. Neither the environment
/// nor any descriptor but the socket is handed on, and argv says nothing.
pub(super) fn launch(executable: Option<&Path>) -> io::Result<(Child, OwnedFd)> {
    let (ours, theirs) = socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?;
    let mut command = Command::new(executable.unwrap_or(Path::new("/proc/self/exe")));
    command
        .arg0(OsStr::new("silt"))
        .arg(AGENT_VERB)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Otherwise what counts the agent's lines would write into the sandbox's folder.
    #[cfg(silt_coverage)]
    command.envs(std::env::vars_os().filter(|(name, _)| name == "LLVM_PROFILE_FILE"));
    let socket = theirs.as_raw_fd();
    // SAFETY: between fork and exec only dup2 and fcntl run, both async-signal-safe,
    // on a descriptor that `theirs` keeps open until after the spawn.
    unsafe {
        command.pre_exec(move || {
            let done = if socket == CONTROL_FD {
                libc::fcntl(socket, libc::F_SETFD, 0)
            } else {
                libc::dup2(socket, CONTROL_FD)
            };
            if done < 0 {
                Err(io::Error::last_os_error())
            } else {
                Ok(())
            }
        });
    }
    let child = command.spawn()?;
    drop(theirs);
    Ok((child, ours))
}
