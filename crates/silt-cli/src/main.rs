//! The `silt` command.
fn main() {}
