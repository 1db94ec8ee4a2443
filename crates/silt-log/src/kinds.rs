//! The small enumerations that every layer shares.

/// One of the three logs of a folder. Each counts its own sequence numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Log {
    /// What commands wrote, and stage events.
    Exec = 0,
    /// What the supervisor did.
    Runtime = 1,
    /// What the kernel did to the sandbox.
    Kernel = 2,
}

impl Log {
    /// All logs, in the order of their numbers.
    pub const ALL: [Log; 3] = [Log::Exec, Log::Runtime, Log::Kernel];

    /// The name used in file names and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Log::Exec => "exec",
            Log::Runtime => "runtime",
            Log::Kernel => "kernel",
        }
    }

    /// The log of this name.
    pub fn parse(name: &str) -> Option<Log> {
        Log::ALL.into_iter().find(|log| log.name() == name)
    }
}

/// Where the bytes of an entry came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Source {
    Stdout = 0,
    Stderr = 1,
    /// A pseudo-terminal, where the kernel has merged stdout and stderr.
    Output = 2,
    /// Silt itself: stage events, and all of the runtime and kernel logs.
    System = 3,
}

impl Source {
    /// All sources, in the order of their numbers.
    pub const ALL: [Source; 4] = [
        Source::Stdout,
        Source::Stderr,
        Source::Output,
        Source::System,
    ];

    /// The name used on disk, in options and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Source::Stdout => "stdout",
            Source::Stderr => "stderr",
            Source::Output => "output",
            Source::System => "system",
        }
    }

    /// The source of this name.
    pub fn parse(name: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// A set of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceSet(u8);

impl SourceSet {
    /// `stdout`, `stderr` and `output`: what commands wrote.
    pub const DEFAULT: SourceSet = SourceSet(0b0111);
    /// All four.
    pub const ALL: SourceSet = SourceSet(0b1111);

    /// The set of the given sources.
    pub fn of(sources: impl IntoIterator<Item = Source>) -> SourceSet {
        SourceSet(
            sources
                .into_iter()
                .fold(0, |bits, source| bits | 1 << source as u8),
        )
    }

    /// Whether `source` is in the set.
    #[inline]
    pub fn contains(self, source: Source) -> bool {
        self.0 & (1 << source as u8) != 0
    }

    /// Whether no source is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether entries of `log` can be in the set: the runtime and kernel logs
    /// hold nothing but `system`.
    pub fn reads(self, log: Log) -> bool {
        match log {
            Log::Exec => !self.is_empty(),
            Log::Runtime | Log::Kernel => self.contains(Source::System),
        }
    }
}

impl Default for SourceSet {
    fn default() -> Self {
        SourceSet::DEFAULT
    }
}

/// Which part of a split line an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Part {
    /// The line was not split.
    Whole = 0,
    First = 1,
    Middle = 2,
    Last = 3,
}

impl Part {
    /// The name used on disk and in JSON; none for a line that was not split.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Part::Whole => None,
            Part::First => Some("first"),
            Part::Middle => Some("middle"),
            Part::Last => Some("last"),
        }
    }
}

/// The severity of a line. Ordered: `Debug` is the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    Debug = 0,
    Info = 1,
    Warning = 2,
    Error = 3,
    Critical = 4,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Level; 5] = [
        Level::Debug,
        Level::Info,
        Level::Warning,
        Level::Error,
        Level::Critical,
    ];

    /// The name in capitals, as on disk and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warning => "WARNING",
            Level::Error => "ERROR",
            Level::Critical => "CRITICAL",
        }
    }

    /// The level of this name, letter case ignored.
    pub fn parse(name: &str) -> Option<Level> {
        Level::ALL
            .into_iter()
            .find(|level| level.name().eq_ignore_ascii_case(name))
    }
}

/// Why entries are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum GapReason {
    /// Retention removed them before they were read.
    Rotated = 0,
    /// The machine died before they were on disk.
    Crash = 1,
    /// There was no room to keep them.
    DiskFull = 2,
    /// They were on disk once and can not be read any more.
    Damage = 3,
}

impl GapReason {
    /// The name used on disk and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            GapReason::Rotated => "rotated",
            GapReason::Crash => "crash",
            GapReason::DiskFull => "disk-full",
            GapReason::Damage => "damage",
        }
    }

    /// The reason of this name.
    pub fn parse(name: &str) -> Option<GapReason> {
        [
            GapReason::Rotated,
            GapReason::Crash,
            GapReason::DiskFull,
            GapReason::Damage,
        ]
        .into_iter()
        .find(|reason| reason.name() == name)
    }
}

/// A range of sequence numbers of one log that a reader did not get, both ends
/// included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub log: Log,
    pub from: u64,
    pub to: u64,
    /// How many entries are missing; `None` where only a bound is known.
    pub lost: Option<u64>,
    pub reason: GapReason,
}
