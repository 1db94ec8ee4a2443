import type { Batch } from "./batch.js";
import { LogEntry } from "./entry.js";
import { LogGap } from "./gap.js";
import type { BatchReader } from "./reader.js";

/** The item at `index`. */
function itemAt(batch: Batch, index: number): LogEntry | LogGap {
  return batch.isGap(index) ? new LogGap(batch, index) : new LogEntry(batch, index);
}

/** Hands over the item at hand. */
export function takeOne(reader: BatchReader): LogEntry | LogGap {
  const item = itemAt(reader.batch as Batch, reader.index);
  reader.index += 1;
  return item;
}

/** Hands over the item at hand and all that came with it. */
export function takeAll(reader: BatchReader): (LogEntry | LogGap)[] {
  const batch = reader.batch as Batch;
  const items = new Array<LogEntry | LogGap>(batch.items - reader.index);
  for (let i = 0; i < items.length; i += 1) items[i] = itemAt(batch, reader.index + i);
  reader.index = batch.items;
  return items;
}
