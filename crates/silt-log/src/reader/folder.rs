//! A log folder as readers see it. They take no lock.

use crate::control::{Ancestor, Header, LogId, log_id_text, parse_log_id};
use crate::file_system::network_name;
use crate::lock::{LockFile, Mark};
use crate::segment::{self, Segment};
use crate::{Error, Log, segment_name, sys};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What a folder's headers say of the log as a whole.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) log_id: LogId,
    pub(crate) ancestors: Vec<Ancestor>,
}

impl Identity {
    pub(crate) fn of(header: &Header) -> Option<Identity> {
        Some(Identity {
            log_id: parse_log_id(&header.log_id)?,
            ancestors: header.ancestors.clone(),
        })
    }

    /// Whether this is a log that was copied from another.
    pub(crate) fn descends_from(&self, log_id: &LogId) -> bool {
        let id = log_id_text(log_id);
        self.ancestors.iter().any(|ancestor| ancestor.log_id == id)
    }
}

#[derive(Debug)]
pub(crate) struct ReaderFolder {
    pub(crate) path: PathBuf,
    descriptor: OwnedFd,
    inode: u64,
    lock: OnceLock<LockFile>,
}

impl ReaderFolder {
    pub(crate) fn open(path: &Path) -> Result<ReaderFolder, Error> {
        let failed = |error| Error::io("open", path, error);
        let descriptor = match sys::open_folder(path) {
            Ok(descriptor) => descriptor,
            Err(Errno::NOENT | Errno::NOTDIR) => {
                return Err(Error::NotFound {
                    path: path.to_owned(),
                });
            }
            Err(error) => return Err(failed(error)),
        };
        let inode = sys::identity(descriptor.as_fd()).map_err(failed)?.inode;
        Ok(ReaderFolder {
            path: path.to_owned(),
            descriptor,
            inode,
            lock: OnceLock::new(),
        })
    }

    /// Whether a free lock proves nothing, because the writer may be on another
    /// machine.
    pub(crate) fn hides_its_writer(&self) -> bool {
        !matches!(network_name(self.fd()), Ok(None))
    }

    /// The writer's lock file, opened once it is there and held from then on;
    /// `None` in a folder that never had a writer.
    fn lock(&self) -> Result<Option<&LockFile>, Error> {
        if self.lock.get().is_none() {
            match sys::open_read(self.fd(), segment_name::LOCK) {
                Ok(file) => drop(self.lock.set(LockFile::new(file))),
                Err(Errno::NOENT) => {}
                Err(error) => return Err(Error::io("open the lock of", &self.path, error)),
            }
        }
        Ok(self.lock.get())
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }

    /// What the writer synced last, as far as it can be read.
    pub(crate) fn mark(&self) -> Result<Option<Mark>, Error> {
        match self.lock()? {
            None => Ok(None),
            Some(lock) => lock
                .read()
                .map_err(|error| Error::io("read the lock of", &self.path, error)),
        }
    }

    /// Opens a segment in whatever form it has; `None` when it is not there.
    pub(crate) fn segment(&self, log: Log, number: u64) -> Result<Option<Segment>, Error> {
        let segment = Segment::open(self.fd(), &self.path, log, number)?;
        if let Some(segment) = &segment
            && segment.header.is_none()
        {
            self.first_after(log, segment)?;
        }
        Ok(segment)
    }

    /// The number that the next header that can be read begins with. Without one this
    /// is asked anew each time: a writer may go on.
    pub(super) fn first_after(&self, log: Log, segment: &Segment) -> Result<Option<u64>, Error> {
        if let Some(first) = segment.before.get() {
            return Ok(Some(*first));
        }
        let later = self.numbers(log)?.into_iter();
        let mut later = later.filter(|n| *n > segment.number);
        let header = later.find_map(|later| {
            let segment = Segment::open(self.fd(), &self.path, log, later).ok()??;
            segment.header
        });
        Ok(header.map(|header| *segment.before.get_or_init(|| header.first)))
    }

    /// The numbers of the segments there are, in order.
    pub(crate) fn numbers(&self, log: Log) -> Result<Vec<u64>, Error> {
        segment::list(self.fd(), &self.path, log)
    }

    /// Bytes that a segment takes on disk, in whatever form; 0 when it is gone.
    pub(crate) fn stored_bytes(&self, log: Log, number: u64) -> Result<u64, Error> {
        for name in [
            segment_name::plain(log, number),
            segment_name::compressed(log, number),
        ] {
            if let Ok(file) = sys::open_read(self.fd(), &name) {
                return sys::identity(file.as_fd())
                    .map(|identity| identity.size)
                    .map_err(|error| Error::io("measure", self.path.join(name), error));
            }
        }
        Ok(0)
    }

    /// The oldest segment above `number` that can be opened.
    pub(crate) fn oldest_above(&self, log: Log, number: u64) -> Result<Option<Segment>, Error> {
        loop {
            let mut seen = false;
            for candidate in self.numbers(log)? {
                if candidate > number {
                    seen = true;
                    if let Some(segment) = self.segment(log, candidate)? {
                        return Ok(Some(segment));
                    }
                }
            }
            // All that were listed went meanwhile: list again, newer ones came.
            if !seen {
                return Ok(None);
            }
        }
    }

    /// The newest segment that can be opened and for which `wanted` holds.
    pub(crate) fn newest(
        &self,
        log: Log,
        wanted: impl Fn(&Segment) -> bool,
    ) -> Result<Option<Segment>, Error> {
        loop {
            let mut vanished = false;
            for number in self.numbers(log)?.into_iter().rev() {
                match self.segment(log, number)? {
                    Some(segment) if wanted(&segment) => return Ok(Some(segment)),
                    Some(_) => {}
                    None => vanished = true,
                }
            }
            // Retention took what was listed meanwhile: newer ones came.
            if !vanished {
                return Ok(None);
            }
        }
    }

    /// What the newest header of any of its logs says.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a folder without a log, [`Error::Corruption`]
    /// when no header can be read.
    pub(crate) fn identity(&self) -> Result<Identity, Error> {
        // Not what is listed: it may be gone when it is opened.
        let any = Cell::new(false);
        for log in Log::ALL {
            let newest = self.newest(log, |segment| {
                any.set(true);
                segment.header.is_some()
            })?;
            if let Some(identity) = newest
                .and_then(|segment| segment.header)
                .as_ref()
                .and_then(Identity::of)
            {
                return Ok(identity);
            }
        }
        if any.get() {
            Err(Error::Corruption {
                path: self.path.clone(),
                message: "no header of any segment can be read".into(),
            })
        } else {
            Err(Error::NotFound {
                path: self.path.clone(),
            })
        }
    }

    /// Whether a writer holds the folder.
    pub(crate) fn is_written(&self) -> Result<bool, Error> {
        match self.lock()? {
            None => Ok(false),
            Some(lock) => lock
                .is_held()
                .map_err(|error| Error::io("ask for the lock of", &self.path, error)),
        }
    }

    /// Whether the folder was renamed away or removed.
    pub(crate) fn is_removed(&self) -> Result<bool, Error> {
        let inode =
            sys::inode_at(&self.path).map_err(|error| Error::io("look at", &self.path, error))?;
        Ok(inode != Some(self.inode))
    }
}
