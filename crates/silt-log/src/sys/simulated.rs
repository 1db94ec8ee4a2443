//! What tests put in place of the kernel, by thread: another boot, another
//! clock, calls that fail.

use rustix::io::Errno;
use std::cell::{Cell, RefCell};

/// The calls that can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Write,
    WriteAt,
    Reserve,
    SyncData,
    SyncAll,
    Create,
    Rename,
    Open,
}

/// What a call does instead.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Error(Errno),
    /// A write takes this many bytes only.
    Short(usize),
}

type Decide = Box<dyn FnMut(Call) -> Option<Fault>>;

thread_local! {
    static BOOT: RefCell<Option<String>> = const { RefCell::new(None) };
    static NOW: Cell<Option<i64>> = const { Cell::new(None) };
    static DECIDE: RefCell<Option<Decide>> = const { RefCell::new(None) };
}

/// From now on this thread sees a machine that was booted anew.
pub(crate) fn reboot() {
    let next = format!("boot-{:016x}", u64::from_le_bytes(super::random_bytes()));
    BOOT.set(Some(next));
}

pub(crate) fn set_now(time_ns: i64) {
    NOW.set(Some(time_ns));
}

/// Asked at each call of this thread.
pub(crate) fn on_calls(decide: impl FnMut(Call) -> Option<Fault> + 'static) {
    DECIDE.set(Some(Box::new(decide)));
}

pub(crate) fn all_calls_work() {
    DECIDE.set(None);
}

pub(super) fn boot() -> Option<String> {
    BOOT.with_borrow(Clone::clone)
}

pub(super) fn now() -> Option<i64> {
    NOW.get()
}

/// The error that a call ends with instead of being made.
pub(super) fn fail(call: Call) -> super::Result<()> {
    match decide(call) {
        Some(Fault::Error(error)) => Err(error),
        _ => Ok(()),
    }
}

/// How much of a write goes through.
pub(super) fn cut(bytes: &[u8]) -> super::Result<&[u8]> {
    match decide(Call::Write) {
        Some(Fault::Error(error)) => Err(error),
        Some(Fault::Short(length)) => Ok(&bytes[..length.min(bytes.len())]),
        None => Ok(bytes),
    }
}

fn decide(call: Call) -> Option<Fault> {
    DECIDE.with_borrow_mut(|decide| decide.as_mut().and_then(|decide| decide(call)))
}
