//! What tests put in place of the kernel, by thread: another boot, another
//! clock, calls that fail.

use super::Result;
pub(crate) use super::call::Call;
pub(crate) use silt_faults::Fault;
use silt_faults::{Calls, Order};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

thread_local! {
    static BOOT: RefCell<Option<String>> = const { RefCell::new(None) };
    static NOW: Cell<Option<i64>> = const { Cell::new(None) };
    static MOMENT: Cell<Option<Instant>> = const { Cell::new(None) };
    static SINGLE: Cell<bool> = const { Cell::new(false) };
    static JOBS: Cell<usize> = const { Cell::new(0) };
    static KERNEL: Calls<Call> = const { Calls::new() };
}

/// From now on this thread sees a machine that was booted anew.
pub(crate) fn reboot() {
    let next = format!("boot-{:016x}", u64::from_le_bytes(super::random_bytes()));
    BOOT.set(Some(next));
}

/// The same, with a boot id that a test chooses.
pub(crate) fn set_boot(boot: &str) {
    BOOT.set(Some(boot.to_owned()));
}

pub(crate) fn set_now(time_ns: i64) {
    NOW.set(Some(time_ns));
}

/// From now on the clock that only goes forward stands still, but for this.
pub(crate) fn pass(time: Duration) {
    MOMENT.set(Some(MOMENT.get().unwrap_or_else(Instant::now) + time));
}

/// Asked at each call of this thread, but for the calls that it makes itself.
pub(crate) fn on_calls(decide: impl FnMut(Call) -> Option<Fault> + 'static) {
    KERNEL.with(|calls| calls.decide_by(decide));
}

/// As [`Calls::watch`].
pub(crate) fn watch(order: Order) -> Rc<RefCell<Vec<Call>>> {
    KERNEL.with(|calls| calls.watch(order))
}

pub(crate) fn all_calls_work() {
    KERNEL.with(Calls::all_work);
}

/// What `look` does is not decided on.
pub(crate) fn unwatched<T>(look: impl FnOnce() -> T) -> T {
    KERNEL.with(|calls| calls.unwatched(look))
}

pub(super) fn boot() -> Option<String> {
    BOOT.with_borrow(Clone::clone)
}

pub(super) fn now() -> Option<i64> {
    NOW.get()
}

pub(super) fn moment() -> Option<Instant> {
    MOMENT.get()
}

/// This thread makes all calls itself: writers start no thread.
pub(crate) fn stay_single_threaded(stay: bool) {
    SINGLE.set(stay);
}

pub(crate) fn single_threaded() -> bool {
    SINGLE.get()
}

/// Without a thread of their own, so many jobs of a writer wait before one is
/// done.
pub(crate) fn let_jobs_wait(count: usize) {
    JOBS.set(count);
}

pub(crate) fn jobs_that_may_wait() -> usize {
    JOBS.get()
}

pub(crate) fn call<T>(call: Call, make: impl FnOnce() -> Result<T>) -> Result<T> {
    KERNEL.with(|calls| calls.call(call, make))
}

pub(crate) fn read_some(call: Call, make: impl FnOnce() -> Result<usize>) -> Result<usize> {
    KERNEL.with(|calls| calls.read(call, make))
}

pub(crate) fn write_some(
    call: Call,
    bytes: &[u8],
    make: impl FnOnce(&[u8]) -> Result<usize>,
) -> Result<usize> {
    KERNEL.with(|calls| calls.write(call, bytes, make))
}
