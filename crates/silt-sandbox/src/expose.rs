//! Carries connections from the host's loopback to ports of a sandbox, in a
//! thread of its own.
//!
//! The thread accepts at once and asks for a connection inside (a [`Want`]);
//! the supervisor, which alone talks to the agent, gives it the descriptor.

mod relay;

use crate::descriptors;
use relay::{Relay, Side};
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::event::{EventfdFlags, Timespec, eventfd};
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Connections at once; further ones wait in the kernel's queue.
const MOST_RELAYS: usize = 1024;
/// How long they wait there when there were no descriptors.
const PAUSE: Duration = Duration::from_millis(100);
const WAKE: u64 = 0;

/// A connection into the sandbox that the proxy wants.
pub(crate) struct Want {
    pub token: u64,
    pub port: u16,
}

enum Order {
    Listen(TcpListener, u16),
    Connected(u64, Option<OwnedFd>),
}

/// The supervisor's handle of the thread. Dropping it closes every connection.
pub(crate) struct Proxy {
    orders: Option<Sender<Order>>,
    wake: Arc<OwnedFd>,
    wants: Arc<Wants>,
    thread: Option<JoinHandle<()>>,
}

struct Wants {
    list: Mutex<Vec<Want>>,
    ready: OwnedFd,
}

impl Proxy {
    pub(crate) fn new() -> io::Result<Proxy> {
        let event = || eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        Ok(Proxy {
            orders: None,
            wake: Arc::new(event()?),
            wants: Arc::new(Wants {
                list: Mutex::new(Vec::new()),
                ready: event()?,
            }),
            thread: None,
        })
    }

    /// Readable when there are wants to take.
    pub(crate) fn wants(&self) -> BorrowedFd<'_> {
        self.wants.ready.as_fd()
    }

    pub(crate) fn take_wants(&self) -> Vec<Want> {
        clear(&self.wants.ready);
        let mut list = self
            .wants
            .list
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *list)
    }

    /// Connections to `listener` go to `port` inside. The thread is started by
    /// the first.
    pub(crate) fn listen(&mut self, listener: TcpListener, port: u16) -> io::Result<()> {
        if self.orders.is_none() {
            let (sender, receiver) = channel();
            let carrier = Carrier::new(receiver, self.wake.clone(), self.wants.clone())?;
            let thread = std::thread::Builder::new()
                .name("silt-proxy".into())
                .spawn(move || carrier.run())?;
            self.thread = Some(thread);
            self.orders = Some(sender);
        }
        self.order(Order::Listen(listener, port));
        Ok(())
    }

    /// The answer to a want; none when nothing accepts inside.
    pub(crate) fn connected(&self, token: u64, inner: Option<OwnedFd>) {
        self.order(Order::Connected(token, inner));
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders
            && orders.send(order).is_ok()
        {
            signal(&self.wake);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.orders = None;
        signal(&self.wake);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread itself.
struct Carrier {
    epoll: OwnedFd,
    orders: Receiver<Order>,
    wake: Arc<OwnedFd>,
    wants: Arc<Wants>,
    listeners: Vec<(TcpListener, u16)>,
    relays: BTreeMap<u64, Relay>,
    next: u64,
    /// Relays whose connection inside is on its way.
    awaited: u64,
    /// No connection is taken before then, unless one ends.
    paused: Option<Instant>,
}

/// Even numbers of `epoll` data above the wake-up and the listeners.
fn key(token: u64, side: Side) -> u64 {
    (1 << 32) + token * 2 + side as u64
}

impl Carrier {
    fn new(orders: Receiver<Order>, wake: Arc<OwnedFd>, wants: Arc<Wants>) -> io::Result<Carrier> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let data = EventData::new_u64(WAKE);
        epoll::add(&epoll, wake.as_fd(), data, EventFlags::IN)?;
        Ok(Carrier {
            epoll,
            orders,
            wake,
            wants,
            listeners: Vec::new(),
            relays: BTreeMap::new(),
            next: 0,
            awaited: 0,
            paused: None,
        })
    }

    fn run(mut self) {
        let mut events = Vec::with_capacity(256);
        loop {
            events.clear();
            let spare = rustix::buffer::spare_capacity(&mut events);
            let patience = self.paused.map(|until| {
                let left = until.saturating_duration_since(Instant::now());
                Timespec {
                    tv_sec: left.as_secs() as i64,
                    tv_nsec: left.subsec_nanos().into(),
                }
            });
            match epoll::wait(&self.epoll, spare, patience.as_ref()) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
            if self.paused.is_some_and(|until| until <= Instant::now()) {
                self.go_on();
            }
            for event in &events {
                let flags = event.flags;
                match event.data.u64() {
                    WAKE if !self.take_orders() => return,
                    WAKE => {}
                    listener if listener < 1 << 32 => self.accept(listener as usize - 1),
                    packed => {
                        let packed = packed - (1 << 32);
                        let side = if packed % 2 == 0 {
                            Side::Outer
                        } else {
                            Side::Inner
                        };
                        self.carry(packed / 2, side, flags);
                    }
                }
            }
        }
    }

    /// False when the supervisor has let go.
    fn take_orders(&mut self) -> bool {
        clear(&self.wake);
        loop {
            match self.orders.try_recv() {
                Ok(Order::Listen(listener, port)) => {
                    self.listeners.push((listener, port));
                    self.watch_listeners(self.listeners.len() - 1);
                }
                Ok(Order::Connected(token, inner)) => {
                    self.awaited -= 1;
                    match inner {
                        Some(inner) => self.connected(token, inner),
                        None => self.end(token),
                    }
                }
                Err(std::sync::mpsc::TryRecvError::Empty) => return true,
                Err(std::sync::mpsc::TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn watch_listeners(&self, from: usize) {
        for (index, (listener, _)) in self.listeners.iter().enumerate().skip(from) {
            let data = EventData::new_u64(index as u64 + 1);
            let _ = epoll::add(&self.epoll, listener, data, EventFlags::IN);
        }
    }

    fn accept(&mut self, index: usize) {
        let (listener, port) = &self.listeners[index];
        let accepted =
            descriptors::room_for_connection(self.awaited).and_then(|()| listener.accept());
        let outer = match accepted {
            Ok((outer, _)) => outer,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
            // Out of descriptors, most likely; others than connections take them too.
            Err(_) => return self.pause(),
        };
        let _ = outer.set_nonblocking(true);
        let _ = outer.set_nodelay(true);
        let token = self.next;
        self.next += 1;
        let port = *port;
        // Not watched yet: what the client sends may wait in the kernel.
        self.relays.insert(token, Relay::new(outer.into()));
        self.awaited += 1;
        self.wants
            .list
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Want { token, port });
        signal(&self.wants.ready);
        if self.relays.len() >= MOST_RELAYS {
            self.pause();
        }
    }

    fn pause(&mut self) {
        if self.paused.replace(Instant::now() + PAUSE).is_none() {
            for (listener, _) in &self.listeners {
                let _ = epoll::delete(&self.epoll, listener);
            }
        }
    }

    fn connected(&mut self, token: u64, inner: OwnedFd) {
        let Some(relay) = self.relays.get_mut(&token) else {
            return;
        };
        relay.connect(inner);
        self.watch(token);
    }

    fn carry(&mut self, token: u64, side: Side, flags: EventFlags) {
        let Some(relay) = self.relays.get_mut(&token) else {
            return;
        };
        if flags.contains(EventFlags::ERR) || relay.carry(side).is_err() || relay.is_over() {
            return self.end(token);
        }
        self.watch(token);
    }

    /// Each side is watched for what the buffers have room or bytes for, and
    /// not at all when that is nothing: a hang-up would be reported without end.
    fn watch(&mut self, token: u64) {
        let Some(relay) = self.relays.get_mut(&token) else {
            return;
        };
        for side in [Side::Outer, Side::Inner] {
            let mut flags = EventFlags::empty();
            flags.set(EventFlags::IN, relay.wants_read(side));
            flags.set(EventFlags::OUT, relay.wants_write(side));
            let was = std::mem::replace(&mut relay.watched[side as usize], flags);
            let fd = relay.fd(side);
            let data = EventData::new_u64(key(token, side));
            let _ = match (was.is_empty(), flags.is_empty()) {
                (true, true) => Ok(()),
                (true, false) => epoll::add(&self.epoll, fd, data, flags),
                (false, true) => epoll::delete(&self.epoll, fd),
                (false, false) if was == flags => Ok(()),
                (false, false) => epoll::modify(&self.epoll, fd, data, flags),
            };
        }
    }

    fn end(&mut self, token: u64) {
        self.relays.remove(&token);
        self.go_on();
    }

    fn go_on(&mut self) {
        if self.relays.len() >= MOST_RELAYS {
            self.paused = Some(Instant::now() + PAUSE);
        } else if self.paused.take().is_some() {
            self.watch_listeners(0);
        }
    }
}

fn signal(event: &OwnedFd) {
    let _ = rustix::io::write(event, &1_u64.to_ne_bytes());
}

fn clear(event: &OwnedFd) {
    let _ = rustix::io::read(event, &mut [0; 8]);
}
