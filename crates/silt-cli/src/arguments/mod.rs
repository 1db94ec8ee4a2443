//! Values of options, as people write them.

mod environment;
mod mount;
mod values;

pub(crate) use environment::environment;
pub(crate) use mount::mount;
pub(crate) use values::{
    count, duration, level, network, runtime, session_id, size, source, texts, time,
};
