//! The one thread of a process that reads from all its connections. It is
//! there while there is a connection, and never more than once.

use super::link::Link;
use rustix::event::epoll;
use rustix::event::{EventfdFlags, eventfd};
use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

static READER: Mutex<Option<Arc<Reader>>> = Mutex::new(None);

const WAKE: u64 = u64::MAX;
const CHUNK: usize = 64 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Interest {
    Read,
    ReadWrite,
}

struct Reader {
    epoll: OwnedFd,
    wake: OwnedFd,
    /// A fork has the value but not the thread.
    process: u32,
    links: Mutex<HashMap<u64, Arc<Link>>>,
}

impl Reader {
    fn links(&self) -> MutexGuard<'_, HashMap<u64, Arc<Link>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn current() -> MutexGuard<'static, Option<Arc<Reader>>> {
    READER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A link is known by its socket's number while it is registered.
fn key(link: &Link) -> u64 {
    link.as_fd().as_raw_fd() as u64
}

pub(super) fn add(link: &Arc<Link>) -> io::Result<()> {
    let mut current = current();
    let reader = match &*current {
        Some(reader) if reader.process == std::process::id() => reader.clone(),
        _ => {
            let reader = start()?;
            *current = Some(reader.clone());
            reader
        }
    };
    reader.links().insert(key(link), link.clone());
    let data = epoll::EventData::new_u64(key(link));
    epoll::add(&reader.epoll, link.as_ref(), data, epoll::EventFlags::IN)?;
    Ok(())
}

pub(super) fn watch(link: &Arc<Link>, interest: Interest) {
    let flags = match interest {
        Interest::Read => epoll::EventFlags::IN,
        Interest::ReadWrite => epoll::EventFlags::IN | epoll::EventFlags::OUT,
    };
    if let Some(reader) = &*current() {
        let data = epoll::EventData::new_u64(key(link));
        let _ = epoll::modify(&reader.epoll, link.as_ref(), data, flags);
    }
}

pub(super) fn remove(link: &Link) {
    let mut current = current();
    let Some(reader) = current.clone() else {
        return;
    };
    let _ = epoll::delete(&reader.epoll, link);
    let mut links = reader.links();
    links.remove(&key(link));
    if links.is_empty() {
        *current = None;
        let _ = rustix::io::write(&reader.wake, &1_u64.to_ne_bytes());
    }
}

fn start() -> io::Result<Arc<Reader>> {
    let reader = Arc::new(Reader {
        epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
        wake: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
        process: std::process::id(),
        links: Mutex::new(HashMap::new()),
    });
    let data = epoll::EventData::new_u64(WAKE);
    epoll::add(&reader.epoll, &reader.wake, data, epoll::EventFlags::IN)?;
    let run = reader.clone();
    std::thread::Builder::new()
        .name("silt-client".into())
        .spawn(move || read_until_unused(&run))?;
    Ok(reader)
}

fn read_until_unused(reader: &Reader) {
    let mut events = Vec::with_capacity(64);
    let mut chunk = vec![0; CHUNK];
    loop {
        events.clear();
        let waited = epoll::wait(
            &reader.epoll,
            rustix::buffer::spare_capacity(&mut events),
            None,
        );
        match waited {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
        for event in &events {
            let key = event.data.u64();
            if key == WAKE {
                return;
            }
            let Some(link) = reader.links().get(&key).cloned() else {
                continue;
            };
            let flags = event.flags;
            // A callback that panics must not take all other connections along.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                if flags.contains(epoll::EventFlags::OUT) {
                    link.writable();
                }
                if flags.intersects(!epoll::EventFlags::OUT) {
                    link.readable(&mut chunk);
                }
            }));
        }
    }
}
