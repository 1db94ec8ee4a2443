import type { Batch } from "./batch.js";
import type { BatchReader } from "./reader.js";

/** The items of a batch from `from` on. */
export interface Portion {
  batch: Batch;
  from: number;
}

/** Hands over the item at hand and all that came with it, as they are packed. */
export function takePortion(reader: BatchReader): Portion {
  const portion = { batch: reader.batch as Batch, from: reader.index };
  reader.index = portion.batch.items;
  return portion;
}
