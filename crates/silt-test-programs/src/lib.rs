//! What a test program wrote, counted and hashed on its side of the pipe, in a
//! file that Silt never reads.

use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::path::Path;

/// Passes bytes on and keeps account of them.
pub struct Accounted<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Accounted<W> {
    pub fn new(inner: W) -> Accounted<W> {
        Accounted {
            inner,
            bytes: 0,
            hash: Sha256::new(),
        }
    }

    /// Writes all of `bytes`, in as many calls as the pipe takes.
    ///
    /// # Errors
    /// What the pipe refused.
    pub fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.inner.write_all(bytes)?;
        self.inner.flush()?;
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
        Ok(())
    }

    /// `bytes sha256`, as a line.
    pub fn account(&self, name: &str) -> String {
        format!("{name} {} {:x}\n", self.bytes, self.hash.clone().finalize())
    }
}

/// Leaves the account where a test finds it, whole or not at all.
///
/// # Errors
/// What the file system refused.
pub fn leave_account(path: &Path, account: &str) -> io::Result<()> {
    let temporary = path.with_extension("new");
    std::fs::write(&temporary, account)?;
    std::fs::rename(temporary, path)
}
