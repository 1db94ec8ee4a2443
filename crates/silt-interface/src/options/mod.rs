//! Options: declared once, decoded and validated once, before any I/O.

mod decode;
mod shapes;
mod spec;
mod stream;

pub use decode::{Fields, duration_ms};
pub use shapes::{COMMAND, CREATE, SHAPES, SNAPSHOT, START, STREAM};
pub use spec::{Kind, MAX_INTEGER, OptionSpec, Shape};
pub use stream::{snapshot_options, stream_options};
