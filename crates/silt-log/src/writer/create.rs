//! Opening a folder for writing: locked, recovered, with a new segment in each
//! log.

use super::background::Background;
use super::chain::Chain;
use super::folder::WriterFolder;
use super::segment::is_no_room;
use super::{Writer, recover};
use crate::file_system::network_name;
use crate::lock::{LockFile, Mark};
use crate::options::{SIDE_LOG_BYTES, SIDE_SEGMENT_BYTES};
use crate::{Error, Log, Sync, WriterOptions, control, segment_name, sys};
use rustix::fd::AsFd;
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

impl Writer {
    /// Opens a folder for writing, or makes it, whole and locked, at `path`.
    /// Each of its logs starts a new segment.
    ///
    /// # Errors
    /// [`Error::Locked`] while another writer holds it, [`Error::InvalidArgument`]
    /// for options that do not fit, [`Error::Io`] for what the system refused.
    pub fn create(path: &Path, options: &WriterOptions) -> Result<Writer, Error> {
        options.validate()?;
        loop {
            match sys::open_folder(path) {
                Ok(_) => return Writer::open(path, path, options),
                Err(Errno::NOENT) => {}
                Err(error) => return Err(Error::io("open", path, error)),
            }
            match Writer::make(path, options) {
                // Another was faster.
                Err(Error::Io { source, .. }) if source.kind() == ErrorKind::AlreadyExists => {}
                other => return other,
            }
        }
    }

    /// Readers that find the folder find it locked and with headers.
    fn make(path: &Path, options: &WriterOptions) -> Result<Writer, Error> {
        let failed = |error| Error::io("create", path, error);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let random = u64::from_le_bytes(sys::random_bytes());
        let temporary = path.with_file_name(format!(".{name}.{random:016x}"));
        sys::make_folder(&temporary).map_err(|error| Error::io("create", &temporary, error))?;
        let made = Writer::open(&temporary, path, options).and_then(|writer| {
            sys::rename_path(&temporary, path).map_err(failed)?;
            Ok(writer)
        });
        if made.is_err() {
            let _ = sys::remove_tree(&temporary);
        } else if let Some(parent) = path.parent()
            && let Ok(parent) = sys::open_folder(parent)
        {
            // If this fails, a machine crash can take the folder as a whole.
            let _ = sys::sync_all(parent.as_fd());
        }
        made
    }

    fn open(at: &Path, path: &Path, options: &WriterOptions) -> Result<Writer, Error> {
        let failed = |action| move |error| Error::io(action, path, error);
        let descriptor = sys::open_folder(at).map_err(failed("open"))?;
        if let Some(name) = network_name(descriptor.as_fd()).map_err(failed("look at"))? {
            return Err(Error::InvalidArgument {
                option: "folder",
                message: format!(
                    "{} lies on {name}; a log is written on a local file system only, because a network one does not keep a second writer out for certain",
                    path.display()
                ),
            });
        }
        let lock = take_lock(&descriptor, path)?;
        let boot = sys::boot_id();
        let machine = sys::machine_id();
        let before = lock.read().map_err(failed("read the lock of"))?;
        let recovered =
            recover::recover(descriptor.as_fd(), path, before.as_ref(), &boot, &machine)?;
        let log_id = recovered.log_id.unwrap_or_else(sys::random_bytes);
        let background = Background::start(
            sys::duplicate(descriptor.as_fd()).map_err(failed("open"))?,
            options.compress,
        )
        .map_err(|error| Error::io("start a thread for", path, error))?;

        let mut mark = Mark {
            generation: before.as_ref().map_or(0, |mark| mark.generation),
            log_id: control::log_id_text(&log_id),
            machine,
            boot,
            session: recovered.next_session - 1,
            ..Mark::default()
        };
        for log in Log::ALL {
            let found = &recovered.logs[log as usize];
            let marked = &mut mark.logs[log as usize];
            marked.segment = found.next_number - 1;
            marked.limit = found.next_sequence - 1;
            marked.next = Some(found.next_sequence);
            // Until a header states it.
            marked.losing = found.gap.map(|gap| gap.from);
        }
        let exec = &recovered.logs[Log::Exec as usize];
        let ended_before = exec.ended_sessions();
        let mut folder = WriterFolder {
            path: path.to_owned(),
            descriptor,
            lock,
            mark,
            log_id,
            ancestors: recovered.ancestors,
            background,
        };
        let sizes = [
            (options.effective_segment_bytes(), options.max_bytes),
            (SIDE_SEGMENT_BYTES, SIDE_LOG_BYTES),
            (SIDE_SEGMENT_BYTES, SIDE_LOG_BYTES),
        ];
        let mut chains = Vec::with_capacity(3);
        for (log, found) in Log::ALL.into_iter().zip(recovered.logs) {
            let (segment_bytes, max_bytes) = sizes[log as usize];
            chains.push(Chain::new(
                log,
                segment_bytes,
                max_bytes,
                options.max_age,
                found,
            ));
        }
        let mut chains: [Chain; 3] = chains.try_into().unwrap_or_else(|_| unreachable!());
        for chain in &mut chains {
            chain.syncs_at_seal = options.sync == Sync::Write;
        }
        // Written twice at first: both slots then have their room for good.
        folder.write_mark().map_err(failed("write the lock of"))?;
        folder.write_mark().map_err(failed("write the lock of"))?;
        open_first(&mut chains, &mut folder).map_err(failed("start a segment in"))?;
        Ok(Writer {
            folder,
            chains,
            streams: BTreeMap::new(),
            next_session: recovered.next_session,
            ended_before,
            sync: options.sync,
            synced_at: sys::moment(),
            aged_at: sys::moment(),
            ages: options.max_age.is_some(),
            max_bytes: options.max_bytes,
        })
    }
}

/// The first segment of each log. On a disk that `exec` has filled, its oldest
/// segments go for the other two as well.
fn open_first(chains: &mut [Chain; 3], folder: &mut WriterFolder) -> sys::Result<()> {
    for log in Log::ALL {
        loop {
            match chains[log as usize].open_first(folder) {
                Err(error)
                    if is_no_room(error) && chains[Log::Exec as usize].give_up_oldest(folder) => {}
                other => break other?,
            }
        }
    }
    Ok(())
}

/// Takes the writer's lock, and makes sure that the locked file is still the
/// one that the folder names.
fn take_lock(descriptor: &rustix::fd::OwnedFd, path: &Path) -> Result<LockFile, Error> {
    let failed = |error| Error::io("lock", path, error);
    loop {
        let lock =
            LockFile::new(sys::open_lock(descriptor.as_fd(), segment_name::LOCK).map_err(failed)?);
        if !lock.try_lock().map_err(failed)? {
            return Err(Error::Locked {
                path: path.to_owned(),
            });
        }
        let named = sys::open_read(descriptor.as_fd(), segment_name::LOCK)
            .and_then(|file| Ok(sys::identity(file.as_fd())?.inode));
        if named == Ok(lock.inode().map_err(failed)?) {
            return Ok(lock);
        }
    }
}
