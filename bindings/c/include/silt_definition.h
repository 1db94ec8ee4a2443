/* Generated from crates/silt-interface by `npm run generate`. Do not edit. */

#ifndef SILT_DEFINITION_H
#define SILT_DEFINITION_H

/* Words, error codes and numbers of Silt. */

#include <stdint.h>
#include <string.h>

/* What silt_abi() of the library has to return. */
#define SILT_ABI UINT64_C(0x9c545f90d1ce6f11)
#define SILT_VERSION "0.1.0"

enum SiltLog {
  SILT_LOG_EXEC = 0,
  SILT_LOG_RUNTIME = 1,
  SILT_LOG_KERNEL = 2,
};
static inline const char *silt_log_name(enum SiltLog value) {
  static const char *const names[] = {"exec", "runtime", "kernel"};
  return (unsigned)value < 3 ? names[(unsigned)value] : "";
}

enum SiltSource {
  SILT_SOURCE_STDOUT = 0,
  SILT_SOURCE_STDERR = 1,
  SILT_SOURCE_OUTPUT = 2,
  SILT_SOURCE_SYSTEM = 3,
};
static inline const char *silt_source_name(enum SiltSource value) {
  static const char *const names[] = {"stdout", "stderr", "output", "system"};
  return (unsigned)value < 4 ? names[(unsigned)value] : "";
}

enum SiltPart {
  SILT_PART_WHOLE = 0,
  SILT_PART_FIRST = 1,
  SILT_PART_MIDDLE = 2,
  SILT_PART_LAST = 3,
};
static inline const char *silt_part_name(enum SiltPart value) {
  static const char *const names[] = {"", "first", "middle", "last"};
  return (unsigned)value < 4 ? names[(unsigned)value] : "";
}

enum SiltLevel {
  SILT_LEVEL_DEBUG = 0,
  SILT_LEVEL_INFO = 1,
  SILT_LEVEL_WARNING = 2,
  SILT_LEVEL_ERROR = 3,
  SILT_LEVEL_CRITICAL = 4,
};
static inline const char *silt_level_name(enum SiltLevel value) {
  static const char *const names[] = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
  return (unsigned)value < 5 ? names[(unsigned)value] : "";
}

enum SiltGapReason {
  SILT_GAP_REASON_ROTATED = 0,
  SILT_GAP_REASON_CRASH = 1,
  SILT_GAP_REASON_DISK_FULL = 2,
  SILT_GAP_REASON_DAMAGE = 3,
};
static inline const char *silt_gap_reason_name(enum SiltGapReason value) {
  static const char *const names[] = {"rotated", "crash", "disk-full", "damage"};
  return (unsigned)value < 4 ? names[(unsigned)value] : "";
}

/* Codes of errors. A switch over them without a default tells, by -Wswitch, of new ones. */
enum SiltCode {
  /* An option is wrong. Nothing was read, written or started. The message says what is expected. */
  SILT_CODE_INVALID_ARGUMENT,
  /* The cursor can not be used on this log. No entry was delivered. Read from a time, or from the oldest entry. */
  SILT_CODE_INVALID_CURSOR,
  /* Entries that were asked for are gone. Resume from `resumeCursor`, or read with `onGap: "report"`. */
  SILT_CODE_MISSED_ROTATION,
  /* What is on disk can not be read as a log. `verify` lists the damage; what is whole is still read with `onGap: "report"`. */
  SILT_CODE_CORRUPTION,
  /* The file that was followed is now another one, and nothing explains where the old one went. Open it anew to read the new one. */
  SILT_CODE_SOURCE_REPLACED,
  /* The file that was followed became shorter. Open it anew to read what it holds now. */
  SILT_CODE_TRUNCATED,
  /* There is no sandbox of this name. `silt ls` shows those there are. */
  SILT_CODE_SANDBOX_NOT_FOUND,
  /* There already is a sandbox of this name. Take another one, or remove that one. */
  SILT_CODE_SANDBOX_EXISTS,
  /* The sandbox is stopped. Start it first. */
  SILT_CODE_SANDBOX_NOT_RUNNING,
  /* This machine can not run this runtime. The message names the mend. */
  SILT_CODE_RUNTIME_UNAVAILABLE,
  /* This machine can not hold this limit. The message names the mend; `bestEffort: true` goes on without it. */
  SILT_CODE_LIMIT_UNAVAILABLE,
  /* There is no file or folder at this path. Correct the path. */
  SILT_CODE_NOT_FOUND,
  /* Another writer holds the log folder. Try again when it has ended, or take another folder. */
  SILT_CODE_LOCKED,
  /* The sandbox's supervisor went away or speaks another version. Where it still is `running`, use the release that made it; else start it again. */
  SILT_CODE_PROTOCOL,
  /* The system refused a call. The message has the system's reason: mend that, and try again. */
  SILT_CODE_IO,
  /* A fault in Silt itself. Please report it. */
  SILT_CODE_INTERNAL,
};

/* The code of this name; -1 for one that came with a newer library. */
static inline int silt_code_of(const char *name, size_t len) {
  static const char *const names[] = {
    "InvalidArgument",
    "InvalidCursor",
    "MissedRotation",
    "Corruption",
    "SourceReplaced",
    "Truncated",
    "SandboxNotFound",
    "SandboxExists",
    "SandboxNotRunning",
    "RuntimeUnavailable",
    "LimitUnavailable",
    "NotFound",
    "Locked",
    "Protocol",
    "Io",
    "Internal",
  };
  for (int code = 0; code < 16; code++) {
    if (strlen(names[code]) == len && memcmp(names[code], name, len) == 0) return code;
  }
  return -1;
}

#endif /* SILT_DEFINITION_H */
