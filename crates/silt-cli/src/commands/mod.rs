//! One file a verb.

pub(crate) mod doctor;
pub(crate) mod exec;
pub(crate) mod external;
pub(crate) mod inspect;
pub(crate) mod kill;
pub(crate) mod logs;
pub(crate) mod ls;
pub(crate) mod prune;
pub(crate) mod rm;
pub(crate) mod run;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod verify;

mod each;
mod log_place;
mod logs_again;
