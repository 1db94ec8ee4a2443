//! Values of options, as people write them.

mod environment;
mod mount;
mod values;

pub(crate) use environment::environment;
pub(crate) use mount::mount;
pub(crate) use values::{duration, level, network, runtime, size, source, texts, time};
