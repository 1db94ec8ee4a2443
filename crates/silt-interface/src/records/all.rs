//! Every record.

use super::{Many, Presence, Record, RecordField, field, list, nullable, optional};

/// All records, those that others hold first.
pub(super) static RECORDS: [Record; 18] = [
    Record {
        name: "GapRange",
        doc: "Entries that are gone, both ends included.",
        fields: &[
            field("log", "logs", "The log that they were in."),
            field("from", "integer", "The first number that is missing."),
            field("to", "integer", "The last number that is missing."),
            nullable(
                "lost",
                "integer",
                "How many entries were lost; null where only a bound is known.",
            ),
            field("reason", "gapReasons", "Why they are gone."),
        ],
    },
    Record {
        name: "RecordedGap",
        doc: "Entries of one log that are gone, both ends included.",
        fields: &[
            field("from", "integer", "The first number that is missing."),
            field("to", "integer", "The last number that is missing."),
            nullable(
                "lost",
                "integer",
                "How many entries were lost; null where only a bound is known.",
            ),
            field("reason", "gapReasons", "Why they are gone."),
        ],
    },
    Record {
        name: "LogTotals",
        doc: "What a stream delivered of one log.",
        fields: &[
            field("entries", "integer", "How many entries."),
            field("bytes", "integer", "Bytes of the entries' data."),
            nullable(
                "firstSequence",
                "integer",
                "Null when nothing was delivered.",
            ),
            nullable(
                "lastSequence",
                "integer",
                "Null when nothing was delivered.",
            ),
            field("gaps", "integer", "How many gaps were delivered."),
        ],
    },
    Record {
        name: "SourceTotals",
        doc: "What a session wrote to one source, or what came of that.",
        fields: &[
            field("source", "sources", "`stdout`, `stderr` or `output`."),
            field("entries", "integer", "How many entries."),
            field("bytes", "integer", "How many bytes."),
            field("sha256", "text", "Of all bytes, in hexadecimal."),
        ],
    },
    Record {
        name: "DeliveredSession",
        doc: "What a stream delivered of an exec session.",
        fields: &[
            field("sessionId", "integer", "Its number in its sandbox."),
            nullable(
                "complete",
                "flag",
                "Whether it is all that the session wrote to the sources asked for, by the totals of its exit record, which were counted where the bytes came in. Null where that can not be said: the session has not ended as far as the stream was read, the stream began after the session's first entry, or it selects by `level`, `grep` or `since`.",
            ),
            list(
                "sources",
                "SourceTotals",
                "Those of which something was delivered.",
            ),
        ],
    },
    Record {
        name: "StreamEnd",
        doc: "How a stream ended.",
        fields: &[
            field("reason", "endReasons", "Why it ended."),
            field(
                "position",
                "text",
                "The cursor from which another stream goes on.",
            ),
            field(
                "truncated",
                "flag",
                "Whether the beginning of the log is gone.",
            ),
            RecordField {
                many: Many::ByLog,
                ..field("logs", "LogTotals", "By log, those that were read.")
            },
            RecordField {
                presence: Presence::Optional,
                ..list(
                    "sessions",
                    "DeliveredSession",
                    "By exec session, in their order; only with the option `digest`.",
                )
            },
        ],
    },
    Record {
        name: "SandboxLimits",
        doc: "How much a sandbox may use. Absent: no limit of Silt's own.",
        fields: &[
            optional(
                "memoryBytes",
                "integer",
                "Memory of the whole sandbox, in bytes.",
            ),
            optional(
                "processes",
                "integer",
                "Processes and threads of the whole sandbox.",
            ),
            optional("openFiles", "integer", "Open files of each process."),
            optional(
                "cpuSeconds",
                "integer",
                "CPU time of each process, in seconds.",
            ),
            field(
                "bestEffort",
                "flag",
                "Whether it goes on without a limit that does not hold.",
            ),
        ],
    },
    Record {
        name: "SessionInfo",
        doc: "A command that ran or runs in a sandbox.",
        fields: &[
            field("sessionId", "integer", "Its number in its sandbox."),
            list("command", "text", "The program and its arguments."),
            nullable(
                "exitCode",
                "integer",
                "Null while it runs and after a signal.",
            ),
            nullable(
                "signal",
                "text",
                "`\"SIGKILL\"`, …; null when it exited by itself.",
            ),
            field("startedAt", "time", "When it was started."),
            nullable("endedAt", "time", "Null while it runs."),
            optional(
                "crashed",
                "flag",
                "Only there, and true, where the supervisor died while it ran: how it ended is not known.",
            ),
        ],
    },
    Record {
        name: "SandboxInfo",
        doc: "What is known of a sandbox; the same as `silt inspect --json`. Times are RFC 3339 in UTC.",
        fields: &[
            field("name", "text", "Its name."),
            field("status", "sandboxStatuses", "Whether it runs."),
            field("runtime", "text", "What it runs in."),
            field("createdAt", "time", "When it was created."),
            nullable("startedAt", "time", "The newest start."),
            nullable("endedAt", "time", "Null while it runs."),
            nullable(
                "durationMs",
                "integer",
                "From the newest start to the end, or to now.",
            ),
            nullable("supervisorPid", "integer", "Null unless it runs."),
            field(
                "workdir",
                "text",
                "The folder on the host that is `/workspace` inside.",
            ),
            field("network", "text", "What it reaches of the network."),
            field("limits", "SandboxLimits", "How much it may use."),
            field("logBytes", "integer", "Size of the log on disk, in bytes."),
            field(
                "logMaxBytes",
                "integer",
                "The size beyond which the oldest entries go, in bytes.",
            ),
            field(
                "truncated",
                "flag",
                "Whether the beginning of the log is gone.",
            ),
            list(
                "sessions",
                "SessionInfo",
                "The newest 1,000, oldest first; empty in a list.",
            ),
            nullable("error", "text", "Why it ended, where it was not asked to."),
        ],
    },
    Record {
        name: "SessionEnd",
        doc: "How a session ended.",
        fields: &[
            field("sessionId", "integer", "Its number in its sandbox."),
            nullable(
                "exitCode",
                "integer",
                "Null after a signal. 127: not found; 126: not executable.",
            ),
            nullable(
                "signal",
                "text",
                "`\"SIGKILL\"`, …; null when it exited by itself.",
            ),
            field("timedOut", "flag", "Whether its time limit ended it."),
            field(
                "detached",
                "flag",
                "Whether a child of it still held its output; what that writes still goes to the log.",
            ),
            field("startedAt", "time", "When it was started."),
            field("endedAt", "time", "When it ended."),
            field("durationMs", "integer", "From start to end."),
            field(
                "lastSequence",
                "integer",
                "All that the session wrote until then is in the log up to this number.",
            ),
            list("totals", "SourceTotals", "Empty while `detached`."),
        ],
    },
    Record {
        name: "SpawnedSession",
        doc: "A command that was started.",
        fields: &[
            field("sessionId", "integer", "Its number in its sandbox."),
            field(
                "cursor",
                "text",
                "Stands just before its first entry, in all three logs.",
            ),
        ],
    },
    Record {
        name: "WriteResult",
        doc: "What became of bytes for a command's input.",
        fields: &[field(
            "closed",
            "flag",
            "Whether the command no longer reads its input.",
        )],
    },
    Record {
        name: "ExposedPort",
        doc: "A port that was made reachable.",
        fields: &[field("port", "integer", "On the host, at 127.0.0.1.")],
    },
    Record {
        name: "FileInfo",
        doc: "A file or folder in a sandbox.",
        fields: &[
            field("name", "text", "Its name in its folder."),
            field("kind", "fileKinds", "What it is."),
            field("size", "integer", "In bytes."),
            field("modifiedAt", "time", "When it was changed."),
        ],
    },
    Record {
        name: "VerifiedLog",
        doc: "One log of a checked folder. Numbers are 0 where there are none.",
        fields: &[
            field("log", "logs", "Which one."),
            field("segments", "integer", "Files read."),
            field("bytes", "integer", "Bytes read."),
            field("entries", "integer", "How many entries it holds."),
            field("firstSequence", "integer", "The number of the first."),
            field("lastSequence", "integer", "The number of the last."),
            field("truncated", "flag", "Whether its beginning is gone."),
            list("gaps", "RecordedGap", "Recorded gaps, the first 1,000."),
            field(
                "tornBytes",
                "integer",
                "Bytes after the last whole line, which count for nothing.",
            ),
        ],
    },
    Record {
        name: "LogDamage",
        doc: "Damage, named by the entries that it touches.",
        fields: &[
            field("log", "logs", "The log that it is in."),
            field(
                "segment",
                "integer",
                "The number of the file it was found in.",
            ),
            field("kind", "damageKinds", "What is wrong."),
            nullable(
                "from",
                "integer",
                "The first number that may be wrong or gone; null where no entry is touched.",
            ),
            nullable("to", "integer", "The last one."),
            field("message", "text", "What was found."),
        ],
    },
    Record {
        name: "VerifiedSessions",
        doc: "Exec sessions whose length and SHA-256 were compared with their exit record.",
        fields: &[
            field("checked", "integer", "Held as a whole, and compared."),
            field(
                "notHeld",
                "integer",
                "Not held as a whole, and not compared.",
            ),
        ],
    },
    Record {
        name: "VerifyReport",
        doc: "What a check of a log folder found.",
        fields: &[
            field(
                "whole",
                "flag",
                "All that is held is as it was written. A beginning that is gone, and recorded gaps, do not matter.",
            ),
            field("logId", "text", "Names the folder, in hexadecimal digits."),
            field(
                "writer",
                "sandboxStatuses",
                "Whether it has a writer, or how the last one ended.",
            ),
            list("logs", "VerifiedLog", "`exec`, `runtime`, `kernel`."),
            field(
                "sessions",
                "VerifiedSessions",
                "Exec sessions that were compared with their exit record.",
            ),
            list("damage", "LogDamage", "The first 1,000."),
            field("damageLeftOut", "integer", "How many more there are."),
        ],
    },
];
