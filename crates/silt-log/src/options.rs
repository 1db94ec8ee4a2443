//! Options of a writer.

use crate::Error;
use std::time::Duration;

/// When what was written is forced to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sync {
    /// When a segment is sealed: a machine crash can lose the newest segment.
    #[default]
    Segment,
    /// Also once a second while something is written.
    Interval,
    /// After every write.
    Write,
}

/// Whether sealed segments are compressed in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Compress {
    #[default]
    None,
    Zstd,
}

/// Options of a writer. The default keeps 256 MiB in segments of 16 MiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriterOptions {
    /// What the `exec` log may take on disk, in bytes; beyond it the oldest
    /// segment goes. At least 4,096. Default 256 MiB.
    pub max_bytes: u64,
    /// Size of a segment in bytes. Default: the smaller of 16 MiB and
    /// `max_bytes / 8`; more than half of `max_bytes` is refused.
    pub segment_bytes: Option<u64>,
    /// Segments whose newest entry is older than this go. Default: none.
    pub max_age: Option<Duration>,
    pub sync: Sync,
    pub compress: Compress,
}

impl Default for WriterOptions {
    fn default() -> Self {
        WriterOptions {
            max_bytes: 256 << 20,
            segment_bytes: None,
            max_age: None,
            sync: Sync::default(),
            compress: Compress::default(),
        }
    }
}

/// The runtime and kernel logs have a cap of their own, each.
pub(crate) const SIDE_LOG_BYTES: u64 = 4 << 20;
pub(crate) const SIDE_SEGMENT_BYTES: u64 = 512 << 10;

const SMALLEST_LOG: u64 = 4096;

/// More numbers than it can give are kept free in every log.
const LARGEST_SEGMENT: u64 = 1 << 40;

impl WriterOptions {
    /// Checks the options against each other.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] names the option and what it takes.
    pub fn validate(&self) -> Result<(), Error> {
        if self.max_bytes < SMALLEST_LOG {
            return Err(Error::InvalidArgument {
                option: "maxBytes",
                message: format!(
                    "{} is too small; a log needs at least {SMALLEST_LOG} bytes",
                    self.max_bytes
                ),
            });
        }
        match self.segment_bytes {
            Some(bytes) if bytes > self.max_bytes / 2 => Err(Error::InvalidArgument {
                option: "segmentBytes",
                message: format!(
                    "{bytes} is more than half of maxBytes ({}); at least two segments must fit",
                    self.max_bytes
                ),
            }),
            Some(bytes) if bytes > LARGEST_SEGMENT => Err(Error::InvalidArgument {
                option: "segmentBytes",
                message: format!(
                    "{bytes} is too large; a segment has at most {LARGEST_SEGMENT} bytes (1 TiB)"
                ),
            }),
            Some(bytes) if bytes < 512 => Err(Error::InvalidArgument {
                option: "segmentBytes",
                message: format!("{bytes} is too small; a segment needs at least 512 bytes"),
            }),
            _ => Ok(()),
        }
    }

    /// The size of a segment of the `exec` log, in bytes.
    pub fn effective_segment_bytes(&self) -> u64 {
        self.segment_bytes
            .unwrap_or_else(|| (16 << 20).min(self.max_bytes / 8))
    }
}
