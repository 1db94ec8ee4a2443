//! Error codes: the names by which every language tells failures apart.

/// What kind of failure an error is. A code never changes its meaning; new
/// ones may come, so that clients treat an unknown code as a plain error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    InvalidArgument,
    InvalidCursor,
    MissedRotation,
    Corruption,
    SourceReplaced,
    Truncated,
    SandboxNotFound,
    SandboxExists,
    SandboxNotRunning,
    RuntimeUnavailable,
    LimitUnavailable,
    NotFound,
    Locked,
    Protocol,
    Io,
    Internal,
}

impl ErrorCode {
    /// All codes, in the order in which they are documented.
    pub const ALL: [ErrorCode; 16] = [
        ErrorCode::InvalidArgument,
        ErrorCode::InvalidCursor,
        ErrorCode::MissedRotation,
        ErrorCode::Corruption,
        ErrorCode::SourceReplaced,
        ErrorCode::Truncated,
        ErrorCode::SandboxNotFound,
        ErrorCode::SandboxExists,
        ErrorCode::SandboxNotRunning,
        ErrorCode::RuntimeUnavailable,
        ErrorCode::LimitUnavailable,
        ErrorCode::NotFound,
        ErrorCode::Locked,
        ErrorCode::Protocol,
        ErrorCode::Io,
        ErrorCode::Internal,
    ];

    /// The code as text, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            ErrorCode::InvalidArgument => "InvalidArgument",
            ErrorCode::InvalidCursor => "InvalidCursor",
            ErrorCode::MissedRotation => "MissedRotation",
            ErrorCode::Corruption => "Corruption",
            ErrorCode::SourceReplaced => "SourceReplaced",
            ErrorCode::Truncated => "Truncated",
            ErrorCode::SandboxNotFound => "SandboxNotFound",
            ErrorCode::SandboxExists => "SandboxExists",
            ErrorCode::SandboxNotRunning => "SandboxNotRunning",
            ErrorCode::RuntimeUnavailable => "RuntimeUnavailable",
            ErrorCode::LimitUnavailable => "LimitUnavailable",
            ErrorCode::NotFound => "NotFound",
            ErrorCode::Locked => "Locked",
            ErrorCode::Protocol => "Protocol",
            ErrorCode::Io => "Io",
            ErrorCode::Internal => "Internal",
        }
    }

    /// Whether clients have a class of this name. The others are instances of
    /// the base class, told apart by their code.
    pub fn has_class(self) -> bool {
        match self {
            ErrorCode::InvalidArgument
            | ErrorCode::InvalidCursor
            | ErrorCode::MissedRotation
            | ErrorCode::Corruption
            | ErrorCode::SourceReplaced
            | ErrorCode::Truncated
            | ErrorCode::SandboxNotFound
            | ErrorCode::SandboxExists
            | ErrorCode::SandboxNotRunning
            | ErrorCode::RuntimeUnavailable
            | ErrorCode::LimitUnavailable => true,
            ErrorCode::NotFound
            | ErrorCode::Locked
            | ErrorCode::Protocol
            | ErrorCode::Io
            | ErrorCode::Internal => false,
        }
    }

    /// Whether the same call can succeed later without the caller changing it.
    pub fn retryable(self) -> bool {
        match self {
            ErrorCode::Locked | ErrorCode::Io => true,
            ErrorCode::InvalidArgument
            | ErrorCode::InvalidCursor
            | ErrorCode::MissedRotation
            | ErrorCode::Corruption
            | ErrorCode::SourceReplaced
            | ErrorCode::Truncated
            | ErrorCode::SandboxNotFound
            | ErrorCode::SandboxExists
            | ErrorCode::SandboxNotRunning
            | ErrorCode::RuntimeUnavailable
            | ErrorCode::LimitUnavailable
            | ErrorCode::NotFound
            | ErrorCode::Protocol
            | ErrorCode::Internal => false,
        }
    }

    /// The fields that an error of this code carries: name, type, what it is.
    pub fn fields(self) -> &'static [(&'static str, &'static str, &'static str)] {
        match self {
            ErrorCode::InvalidArgument => &[("option", "text", "The option that was wrong.")],
            ErrorCode::InvalidCursor => &[(
                "reason",
                "cursorReason",
                "Why the cursor was refused, the first that applies.",
            )],
            ErrorCode::MissedRotation => &[
                ("gaps", "gaps", "The entries that are gone, ends included."),
                ("resumeCursor", "text", "Goes on just after the gaps."),
            ],
            ErrorCode::SandboxNotFound
            | ErrorCode::SandboxExists
            | ErrorCode::SandboxNotRunning => &[("sandbox", "text", "The sandbox's name.")],
            ErrorCode::Corruption => &[
                ("path", "text", "The folder."),
                (
                    "report",
                    "verifyReport",
                    "What `verify` found; absent elsewhere.",
                ),
            ],
            ErrorCode::SourceReplaced
            | ErrorCode::Truncated
            | ErrorCode::NotFound
            | ErrorCode::Locked
            | ErrorCode::Io => &[("path", "text", "The file or folder.")],
            ErrorCode::RuntimeUnavailable => &[("runtime", "text", "The runtime asked for.")],
            ErrorCode::LimitUnavailable => &[("limit", "text", "The limit asked for.")],
            ErrorCode::Protocol | ErrorCode::Internal => &[],
        }
    }

    /// When it happens and what to do.
    pub fn doc(self) -> &'static str {
        match self {
            ErrorCode::InvalidArgument => {
                "An option is wrong. Nothing was read, written or started. The message says what is expected."
            }
            ErrorCode::InvalidCursor => {
                "The cursor can not be used on this log. No entry was delivered. Read from a time, or from the oldest entry."
            }
            ErrorCode::MissedRotation => {
                "Entries that were asked for are gone. Resume from `resumeCursor`, or read with `onGap: \"report\"`."
            }
            ErrorCode::Corruption => {
                "What is on disk can not be read as a log. `verify` lists the damage; what is whole is still read with `onGap: \"report\"`."
            }
            ErrorCode::SourceReplaced => {
                "The file that was followed is now another one, and nothing explains where the old one went. Open it anew to read the new one."
            }
            ErrorCode::Truncated => {
                "The file that was followed became shorter. Open it anew to read what it holds now."
            }
            ErrorCode::SandboxNotFound => {
                "There is no sandbox of this name. `silt ls` shows those there are."
            }
            ErrorCode::SandboxExists => {
                "There already is a sandbox of this name. Take another one, or remove that one."
            }
            ErrorCode::SandboxNotRunning => "The sandbox is stopped. Start it first.",
            ErrorCode::RuntimeUnavailable => {
                "This machine can not run this runtime. The message names the mend."
            }
            ErrorCode::LimitUnavailable => {
                "This machine can not hold this limit. The message names the mend; `bestEffort: true` goes on without it."
            }
            ErrorCode::NotFound => "There is no file or folder at this path. Correct the path.",
            ErrorCode::Locked => {
                "Another writer holds the log folder. Try again when it has ended, or take another folder."
            }
            ErrorCode::Protocol => {
                "The sandbox's supervisor went away or speaks another version. Where it still is `running`, use the release that made it; else start it again."
            }
            ErrorCode::Io => {
                "The system refused a call. The message has the system's reason: mend that, and try again."
            }
            ErrorCode::Internal => "A fault in Silt itself. Please report it.",
        }
    }
}
