// Generated from crates/silt-interface by `npm run generate`. Do not edit.
import { SiltError } from "../errors/silt-error.js";
import type { CursorReason } from "./kinds.js";
import type { GapRange, VerifyReport } from "./records.js";

/** An option is wrong. Nothing was read, written or started. The message says what is expected. */
export class InvalidArgument extends SiltError {
  declare readonly code: "InvalidArgument";
  /** The option that was wrong. */
  declare readonly option: string;
  static {
    InvalidArgument.prototype.name = "InvalidArgument";
  }
}

/** The cursor can not be used on this log. No entry was delivered. Read from a time, or from the oldest entry. */
export class InvalidCursor extends SiltError {
  declare readonly code: "InvalidCursor";
  /** Why the cursor was refused, the first that applies. */
  declare readonly reason: CursorReason;
  static {
    InvalidCursor.prototype.name = "InvalidCursor";
  }
}

/** Entries that were asked for are gone. Resume from `resumeCursor`, or read with `onGap: "report"`. */
export class MissedRotation extends SiltError {
  declare readonly code: "MissedRotation";
  /** The entries that are gone, ends included. */
  declare readonly gaps: readonly GapRange[];
  /** Goes on just after the gaps. */
  declare readonly resumeCursor: string;
  static {
    MissedRotation.prototype.name = "MissedRotation";
  }
}

/** What is on disk can not be read as a log. `verify` lists the damage; what is whole is still read with `onGap: "report"`. */
export class Corruption extends SiltError {
  declare readonly code: "Corruption";
  /** The folder. */
  declare readonly path: string;
  /** What `verify` found; absent elsewhere. */
  declare readonly report: VerifyReport | undefined;
  static {
    Corruption.prototype.name = "Corruption";
  }
}

/** The file that was followed is now another one, and nothing explains where the old one went. Open it anew to read the new one. */
export class SourceReplaced extends SiltError {
  declare readonly code: "SourceReplaced";
  /** The file or folder. */
  declare readonly path: string;
  static {
    SourceReplaced.prototype.name = "SourceReplaced";
  }
}

/** The file that was followed became shorter. Open it anew to read what it holds now. */
export class Truncated extends SiltError {
  declare readonly code: "Truncated";
  /** The file or folder. */
  declare readonly path: string;
  static {
    Truncated.prototype.name = "Truncated";
  }
}

/** There is no sandbox of this name. `silt ls` shows those there are. */
export class SandboxNotFound extends SiltError {
  declare readonly code: "SandboxNotFound";
  /** The sandbox's name. */
  declare readonly sandbox: string;
  static {
    SandboxNotFound.prototype.name = "SandboxNotFound";
  }
}

/** There already is a sandbox of this name. Take another one, or remove that one. */
export class SandboxExists extends SiltError {
  declare readonly code: "SandboxExists";
  /** The sandbox's name. */
  declare readonly sandbox: string;
  static {
    SandboxExists.prototype.name = "SandboxExists";
  }
}

/** The sandbox is stopped. Start it first. */
export class SandboxNotRunning extends SiltError {
  declare readonly code: "SandboxNotRunning";
  /** The sandbox's name. */
  declare readonly sandbox: string;
  static {
    SandboxNotRunning.prototype.name = "SandboxNotRunning";
  }
}

/** This machine can not run this runtime. The message names the mend. */
export class RuntimeUnavailable extends SiltError {
  declare readonly code: "RuntimeUnavailable";
  /** The runtime asked for. */
  declare readonly runtime: string;
  static {
    RuntimeUnavailable.prototype.name = "RuntimeUnavailable";
  }
}

/** This machine can not hold this limit. The message names the mend; `bestEffort: true` goes on without it. */
export class LimitUnavailable extends SiltError {
  declare readonly code: "LimitUnavailable";
  /** The limit asked for. */
  declare readonly limit: string;
  static {
    LimitUnavailable.prototype.name = "LimitUnavailable";
  }
}
