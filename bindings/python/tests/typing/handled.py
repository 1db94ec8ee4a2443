"""A program that handles every kind of error: with a new one it does not pass the type check any more."""

from __future__ import annotations

from typing_extensions import assert_never

import silt


def advice(error: silt.SiltError) -> str:
    code = error.code
    match code:
        case "InvalidArgument" | "InvalidCursor":
            return "mend the call"
        case "MissedRotation":
            return "go on from resume_cursor"
        case "Corruption" | "SourceReplaced" | "Truncated":
            return "look at the log"
        case "SandboxNotFound" | "SandboxExists" | "SandboxNotRunning" | "NotFound":
            return "look at what there is"
        case "RuntimeUnavailable" | "LimitUnavailable":
            return "look at the machine"
        case "Locked" | "Io":
            return "try again"
        case "Protocol" | "Internal":
            return "report it"
        case _:
            assert_never(code)
