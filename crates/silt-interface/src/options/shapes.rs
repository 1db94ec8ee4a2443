//! Every option of every method.

use super::spec::{Kind, OptionSpec, Shape, at_least, option};

const LEVELS: Kind = Kind::Choice(&["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]);

const SOURCES: OptionSpec = option(
    "sources",
    Kind::Sources,
    "stdout, stderr and output",
    "Where entries may come from. `\"all\"` is all four; `system` brings the logs `runtime` and `kernel` along.",
);
const SESSIONS: OptionSpec = option(
    "sessions",
    Kind::SessionIds,
    "all sessions",
    "Only entries of these exec sessions.",
);
const LEVEL: OptionSpec = option(
    "level",
    LEVELS,
    "every level",
    "Only entries of this level and above.",
);
const GREP: OptionSpec = option(
    "grep",
    Kind::Text,
    "every entry",
    "Only entries whose text, without colours and line end, matches this pattern (syntax of the Rust `regex` crate).",
);
const SINCE: OptionSpec = OptionSpec {
    excludes: &["fromCursor"],
    ..option(
        "since",
        Kind::Time,
        "the oldest entry",
        "Only entries captured at this time or later.",
    )
};
const UNTIL: OptionSpec = option(
    "until",
    Kind::Time,
    "the newest entry",
    "Only entries captured before this time; with `follow` the stream ends then.",
);
const FROM_CURSOR: OptionSpec = OptionSpec {
    excludes: &["since"],
    ..option(
        "fromCursor",
        Kind::Text,
        "the oldest entry",
        "Only entries after the place this cursor stands at.",
    )
};
const TAIL: OptionSpec = option(
    "tail",
    at_least(0, "entries"),
    "every entry",
    "Only the newest entries, this many, counted after all other filters.",
);

/// Options of `logStream()`.
pub static STREAM: Shape = Shape {
    name: "LogStreamOptions",
    doc: "What a stream reads, and from where.",
    options: &[
        SOURCES,
        SESSIONS,
        LEVEL,
        GREP,
        SINCE,
        UNTIL,
        FROM_CURSOR,
        TAIL,
        option(
            "follow",
            Kind::Flag,
            "false",
            "Wait for entries that are yet to come, until the sandbox stops.",
        ),
        option(
            "onGap",
            Kind::Choice(&["error", "report"]),
            "\"error\"",
            "What happens where entries are gone: `\"error\"` ends the stream with `MissedRotation`, `\"report\"` delivers a `LogGap` in their place and goes on.",
        ),
        option(
            "digest",
            Kind::Flag,
            "false",
            "Count and hash what is delivered of each exec session, for `end.sessions`, which also says whether that is all of it.",
        ),
    ],
};

/// Options of `logs()`.
pub static SNAPSHOT: Shape = Shape {
    name: "LogSnapshotOptions",
    doc: "What a snapshot reads, and from where.",
    options: &[
        SOURCES,
        SESSIONS,
        LEVEL,
        GREP,
        SINCE,
        UNTIL,
        FROM_CURSOR,
        TAIL,
    ],
};

static MOUNT: Shape = Shape {
    name: "MountOptions",
    doc: "A host folder or file shown inside.",
    options: &[
        option("source", Kind::Text, "required", "The path on the host."),
        option("target", Kind::Text, "required", "The path inside."),
        option(
            "readOnly",
            Kind::Flag,
            "true",
            "Whether it can not be written from inside.",
        ),
    ],
};

static LIMITS: Shape = Shape {
    name: "LimitOptions",
    doc: "How much a sandbox may use.",
    options: &[
        option(
            "memoryBytes",
            at_least(1, "bytes"),
            "none",
            "Memory of the whole sandbox, in bytes.",
        ),
        option(
            "processes",
            at_least(1, "processes and threads"),
            "none",
            "Processes and threads of the whole sandbox.",
        ),
        option(
            "openFiles",
            at_least(1, "files"),
            "the host's",
            "Open files of each process.",
        ),
        option(
            "cpuSeconds",
            at_least(1, "seconds"),
            "none",
            "CPU time of each process, in seconds.",
        ),
        option(
            "bestEffort",
            Kind::Flag,
            "false",
            "Go on without a limit that this machine can not hold; each is named in a `system` entry. Otherwise it is `LimitUnavailable`.",
        ),
    ],
};

static LOGS: Shape = Shape {
    name: "LogOptions",
    doc: "How a sandbox's log is kept.",
    options: &[
        option(
            "maxBytes",
            at_least(1, "bytes"),
            "268435456",
            "Size of the log on disk, in bytes; beyond it the oldest entries go.",
        ),
        option(
            "segmentBytes",
            at_least(1, "bytes"),
            "the smaller of 16777216 and maxBytes / 8",
            "Size of one file of the log, in bytes; at most half of `maxBytes`.",
        ),
        option(
            "maxAge",
            Kind::Duration,
            "none",
            "Entries older than this go.",
        ),
        option(
            "sync",
            Kind::Choice(&["segment", "interval", "write"]),
            "\"segment\"",
            "When entries are forced to the disk: at each new file, once a second, or at each write.",
        ),
        option(
            "compress",
            Kind::Choice(&["none", "zstd"]),
            "\"none\"",
            "How older files of the log are compressed.",
        ),
    ],
};

/// Options of `Sandbox.create()`.
pub static CREATE: Shape = Shape {
    name: "SandboxOptions",
    doc: "What a sandbox is made of.",
    options: &[
        option(
            "name",
            Kind::Text,
            "one is made up",
            "Lower-case letters, digits, `.`, `_` and `-`, at most 63, the first a letter or digit.",
        ),
        option(
            "runtime",
            Kind::Choice(&["namespace", "process"]),
            "\"namespace\"",
            "What isolates it. `\"process\"` isolates nothing.",
        ),
        option(
            "workdir",
            Kind::Text,
            "a private folder",
            "The host folder shown, writable, at `/workspace`.",
        ),
        option(
            "mounts",
            Kind::Objects(&MOUNT),
            "none",
            "Further host folders shown inside.",
        ),
        option(
            "env",
            Kind::Environment,
            "none",
            "Environment variables of every command. Their values are never written to disk.",
        ),
        option(
            "network",
            Kind::Choice(&["none", "host"]),
            "\"none\"; \"host\" for the runtime \"process\", which can not isolate it",
            "What it reaches of the network: an own loopback, or all that the host reaches.",
        ),
        option(
            "maxLifetime",
            Kind::Duration,
            "none",
            "The sandbox is stopped this long after its start.",
        ),
        option(
            "idleTimeout",
            Kind::Duration,
            "none",
            "The sandbox is stopped when for this long no session ran and no client was connected.",
        ),
        option(
            "limits",
            Kind::Object(&LIMITS),
            "none",
            "How much it may use.",
        ),
        option(
            "logs",
            Kind::Object(&LOGS),
            "as listed there",
            "How its log is kept.",
        ),
    ],
};

/// Options of `SandboxHandle.start()`.
pub static START: Shape = Shape {
    name: "StartOptions",
    doc: "What a start may change; the rest is as at the sandbox's creation.",
    options: &[option(
        "env",
        Kind::Environment,
        "none",
        "Environment variables of every command, given again: their values were not kept.",
    )],
};

static PTY: Shape = Shape {
    name: "PtyOptions",
    doc: "The size of a terminal.",
    options: &[
        option(
            "columns",
            Kind::Integer {
                min: 1,
                max: 65_535,
                unit: "characters",
            },
            "80",
            "In characters.",
        ),
        option(
            "rows",
            Kind::Integer {
                min: 1,
                max: 65_535,
                unit: "lines",
            },
            "24",
            "In lines.",
        ),
    ],
};

/// Options of `exec()` and `spawn()` that concern the command.
pub static COMMAND: Shape = Shape {
    name: "CommandOptions",
    doc: "How a command is run.",
    options: &[
        option(
            "cwd",
            Kind::Text,
            "/workspace",
            "Working folder inside, relative to `/workspace`.",
        ),
        option(
            "env",
            Kind::Environment,
            "none",
            "Environment variables, over those of the sandbox.",
        ),
        option(
            "timeout",
            Kind::Duration,
            "none",
            "SIGTERM goes to the session's group after this long, SIGKILL 5 s later.",
        ),
        option(
            "pty",
            Kind::FlagOrObject(&PTY),
            "false",
            "Run on a pseudo-terminal: exact order, and one source, `output`.",
        ),
    ],
};

/// The shapes that clients have types for, nested ones first.
pub static SHAPES: [&Shape; 9] = [
    &STREAM, &SNAPSHOT, &MOUNT, &LIMITS, &LOGS, &CREATE, &START, &PTY, &COMMAND,
];
