// Generated from crates/silt-interface by `npm run generate`. Do not edit.

/** Byte offsets in the header, and sizes in bytes. */
export const header = {
  dataLength: 20,
  dataOffset: 16,
  end: 144,
  gapBytes: 32,
  gaps: 8,
  itemBytes: 44,
  items: 4,
  logId: 32,
  logs: 24,
  magic: 0,
  positionBytes: 32,
  segmentBytes: 16,
  segments: 12,
  size: 240,
  start: 48,
} as const;

/** How many 32-bit words an item takes in the columns before this one, and in all. */
export const column = {
  times: 0,
  sequences: 2,
  sessions: 4,
  endOffsets: 6,
  dataOffsets: 8,
  dataLengths: 9,
  meta: 10,
  words: 11,
} as const;

/** Bit offsets in the column `meta`. */
export const meta = {
  gap: 6,
  level: 8,
  log: 0,
  part: 4,
  segment: 16,
  source: 2,
  utf8: 7,
} as const;
