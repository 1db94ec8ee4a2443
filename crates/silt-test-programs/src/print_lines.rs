//! `print-lines COUNT FILE`: prints `line 0` … as fast as the pipe takes them,
//! and leaves in FILE how many bytes that were, and their SHA-256.

use silt_test_programs::{Accounted, leave_account};
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::PathBuf;

/// Bytes of one `write(2)`, roughly.
const PORTION: usize = 64 << 10;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments
        .next()
        .and_then(|count| count.parse().ok())
        .expect("usage: print-lines COUNT FILE");
    let account = PathBuf::from(arguments.next().expect("usage: print-lines COUNT FILE"));

    // Not std's stdout: its buffer by lines would make a call of each line.
    let stdout = File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
    let mut stdout = Accounted::new(stdout);
    let mut portion = Vec::with_capacity(PORTION + 64);
    for n in 0..count {
        writeln!(portion, "line {n}")?;
        if portion.len() >= PORTION {
            stdout.write_all(&portion)?;
            portion.clear();
        }
    }
    stdout.write_all(&portion)?;
    leave_account(&account, &stdout.account("stdout"))
}
