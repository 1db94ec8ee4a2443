/**
 * The lists of words, with the name and the description of the type that each has in the clients.
 *
 * @type {Readonly<Record<string, readonly [type: string, doc: string]>>}
 */
export const wordTypes = {
  logs: [
    "LogName",
    "One of the three logs: what commands wrote, what the supervisor did, what the kernel did.",
  ],
  sources: ["Source", "Where an entry's bytes came from; `output` is a terminal."],
  parts: ["Part", "Which part of a split line an entry is."],
  levels: ["Level", "How severe a line is."],
  gapReasons: ["GapReason", "Why entries are missing."],
  endReasons: ["EndReason", "Why a stream ended."],
  cursorReasons: ["CursorReason", "Why a cursor was refused."],
  formats: ["BytesFormat", "A form of a log as bytes."],
  sandboxStatuses: [
    "SandboxStatus",
    "Whether a sandbox runs; `crashed`: its supervisor ended without ending the log.",
  ],
  fileKinds: ["FileKind", "What is found under a name; a link is not followed."],
  damageKinds: ["DamageKind", "What is wrong with a log on disk."],
};

/** The type of a field, where that is a list of words. @param {string} list */
export function wordType(list) {
  return wordTypes[list]?.[0];
}
