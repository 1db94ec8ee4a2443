//! What the tests of the crates share to make every call to the kernel fail once
//! in every way that it can, and to kill the process before and after each: what
//! is done to a call, the table that shows it, and tests in a process of their own.
//!
//! Which calls there are is each crate's own, in its module `sys`.

pub mod alone;
mod deed;
mod fault;
mod matrix;

pub use deed::{DEEDS, Deed, Kind};
pub use fault::{Fault, die};
pub use matrix::Matrix;
