//! What tests put in place of the kernel, by thread: calls that fail.

pub(crate) use super::call::Call;
use silt_faults::{Calls, Deed, Fault, Order};
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{Result, Write};
use std::path::Path;
use std::rc::Rc;

thread_local! {
    static KERNEL: Calls<Call> = const { Calls::new() };
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

/// Where a supervisor is told what to do to which of its calls: an [`Order`].
pub(crate) const ORDER: &str = "fault";
/// Where it lists its calls then.
pub(crate) const CALLS: &str = "calls";

/// Does what the home says to the calls of this process.
pub(crate) fn obey(home: &Path) {
    let path = home.join(ORDER);
    let Ok(text) = fs::read_to_string(&path) else {
        return;
    };
    fs::remove_file(path).unwrap();
    let order = Order::parse(&text);
    let mut calls = File::create(home.join(CALLS)).unwrap();
    let mut made = 0;
    on_calls(move |call| {
        writeln!(calls, "{}", serde_json::to_string(&call).unwrap()).unwrap();
        made += 1;
        order.deed(made - 1).map(Deed::comes)
    });
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
