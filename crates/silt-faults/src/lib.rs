//! What the tests of the crates share to make things go wrong. Every call to the
//! kernel fails once in every way that it can, and the process is killed before
//! and after each: what is done to a call, what decides on it, the table that
//! shows it, and tests in a process of their own. Bytes from outside are all that
//! the fuzzers kept. A machine that lacks something, or a small disk,
//! is made for one program.
//!
//! Which calls there are is each crate's own, in its module `sys`.

pub mod alone;
mod calls;
mod corpus;
mod deed;
mod error_path;
mod fault;
mod lacking;
mod matrix;
mod order;
mod small_disk;
mod trial;

pub use calls::Calls;
pub use corpus::replay;
pub use deed::{DEEDS, Deed, Kind};
pub use fault::{Fault, die};
pub use lacking::{without_control_groups, without_user_namespaces};
pub use matrix::Matrix;
pub use order::Order;
pub use small_disk::on_small_disk;
pub use trial::{Ran, Subject, try_all};
