// A program that handles every kind of error: with a new one it does not pass the type check any more.
import type { MissedRotation, SiltError } from "@silt/sandbox";

export function advice({ code }: SiltError): string {
  switch (code) {
    case "InvalidArgument":
    case "InvalidCursor":
      return "mend the call";
    case "MissedRotation":
      return "go on from resumeCursor";
    case "Corruption":
    case "SourceReplaced":
    case "Truncated":
      return "look at the log";
    case "SandboxNotFound":
    case "SandboxExists":
    case "SandboxNotRunning":
    case "NotFound":
      return "look at what there is";
    case "RuntimeUnavailable":
    case "LimitUnavailable":
      return "look at the machine";
    case "Locked":
    case "Io":
      return "try again";
    case "Protocol":
    case "Internal":
      return "report it";
    default:
      return unhandled(code);
  }
}

/** What a newer core says is still a text when the program runs. */
function unhandled(code: never): string {
  return `look up ${code}`;
}

/** An error's class tells its code. */
export function codeOf(error: MissedRotation): "MissedRotation" {
  return error.code;
}
