//! Who decides what happens to each call of a thread.

use crate::{Deed, Fault, Order};
use rustix::io::Errno;
use std::cell::RefCell;
use std::rc::Rc;

type Decide<C> = Box<dyn FnMut(C) -> Option<Fault>>;

/// What stands between a thread and the kernel: a crate keeps one in a
/// `thread_local!` and passes each call, named by `C`, through it. Until
/// somebody decides, all calls work.
pub struct Calls<C> {
    decide: RefCell<Option<Decide<C>>>,
}

impl<C> Calls<C> {
    #[expect(clippy::new_without_default, reason = "it is made in a constant")]
    pub const fn new() -> Calls<C> {
        Calls {
            decide: RefCell::new(None),
        }
    }

    /// `decide` is asked at each call from now on, but for those that it makes
    /// itself.
    pub fn decide_by(&self, decide: impl FnMut(C) -> Option<Fault> + 'static) {
        self.decide.replace(Some(Box::new(decide)));
    }

    /// From now on the calls are counted, and what is ordered is done to them. The
    /// list grows with each call.
    pub fn watch(&self, order: Order) -> Rc<RefCell<Vec<C>>>
    where
        C: 'static,
    {
        let calls = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&calls);
        self.decide_by(move |call| {
            let mut seen = seen.borrow_mut();
            seen.push(call);
            order.deed(seen.len() - 1).map(Deed::comes)
        });
        calls
    }

    pub fn all_work(&self) {
        self.decide.take();
    }

    /// What `look` does is not decided on.
    pub fn unwatched<T>(&self, look: impl FnOnce() -> T) -> T {
        let decide = self.decide.take();
        let seen = look();
        self.decide.replace(decide);
        seen
    }

    /// A call that is neither a read nor a write.
    pub fn call<T, E: From<Errno>>(
        &self,
        call: C,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        Fault::call(self.fault(call), make)
    }

    pub fn read<E: From<Errno>>(
        &self,
        call: C,
        make: impl FnOnce() -> Result<usize, E>,
    ) -> Result<usize, E> {
        Fault::read(self.fault(call), make)
    }

    pub fn write<E: From<Errno>>(
        &self,
        call: C,
        bytes: &[u8],
        make: impl FnOnce(&[u8]) -> Result<usize, E>,
    ) -> Result<usize, E> {
        Fault::write(self.fault(call), bytes, make)
    }

    fn fault(&self, call: C) -> Option<Fault> {
        let mut decide = self.decide.take()?;
        let fault = decide(call);
        // It may have given way to another.
        self.decide.borrow_mut().get_or_insert(decide);
        fault
    }
}
