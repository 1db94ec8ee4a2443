//! Terminals made inside the sandbox, so that `/dev/pts` there knows them.

use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;
use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

pub(super) struct Terminal {
    pub(super) master: OwnedFd,
    pub(super) slave: OwnedFd,
}

pub(super) fn open(cols: u16, rows: u16) -> Result<Terminal, Errno> {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags)?;
    unlockpt(&master)?;
    let slave = ioctl_tiocgptpeer(&master, flags)?;
    resize(&master, cols, rows)?;
    Ok(Terminal { master, slave })
}

pub(super) fn resize(master: impl AsFd, cols: u16, rows: u16) -> Result<(), Errno> {
    tcsetwinsize(
        master,
        Winsize {
            ws_col: cols,
            ws_row: rows,
            ws_xpixel: 0,
            ws_ypixel: 0,
        },
    )
}
