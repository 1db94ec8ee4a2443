//! What becomes of a sandbox when a call about its files fails, or whoever makes
//! it is killed: it can be started again, what was told of its sessions stays
//! true, and its log is whole.

mod check;
mod faults;
mod found_by_faults;
mod scenario;
mod this_program;
mod told;
