import type { LogSnapshotOptions } from "../generated/options.js";
import { optionsGiven } from "../native/given.js";
import type { LogEntry } from "./entry.js";
import type { LogGap } from "./gap.js";
import { takeOne } from "./item.js";
import { BatchReader } from "./reader.js";
import type { LogSource } from "./source.js";
import { nextTurn, turn } from "./turn.js";

// Larger than a stream's: fewer blocks of memory to keep.
const BATCH_ENTRIES = 4096;

/** The entries of a log as they are now, those of several logs merged by time. */
export class LogSnapshot extends Array<LogEntry> {
  /** Stands after the last entry: a stream with `fromCursor` goes on there. */
  cursor = "";
  /** Whether the beginning of the log is gone. */
  truncated = false;
  /** Where entries are missing in between. */
  gaps: LogGap[] = [];

  /** What is made from a snapshot, by `map` or `filter`, is an ordinary array. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** Reads a log from one end to the other, in portions that leave the event loop its turns. */
export async function readSnapshot(
  source: LogSource,
  given: LogSnapshotOptions,
): Promise<LogSnapshot> {
  // Before it is open: one that is short is done as soon as it holds any files, however many there are. What was
  // asked for is as it was at the call.
  const options = { ...optionsGiven(given) };
  if (turn.isOver()) await nextTurn();
  const reader = new BatchReader(source, options, "snapshot", BATCH_ENTRIES);
  const snapshot = new LogSnapshot();
  try {
    for (let batches = 0; reader.ready() !== "end"; batches += 1) {
      while (reader.batch !== undefined && reader.index < reader.batch.items) {
        const item = takeOne(reader);
        if (item.type === "entry") snapshot.push(item);
        else snapshot.gaps.push(item);
      }
      if (batches > 0 && turn.isOver()) await nextTurn();
    }
    snapshot.cursor = reader.position;
    snapshot.truncated = reader.truncated;
    return snapshot;
  } finally {
    reader.close("closed");
  }
}
