// Prints lines with the monotonic time of their writing, one every few milliseconds:
//
//   node write-stamped.mjs COUNT INTERVAL_MS
import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

const [count, interval] = process.argv.slice(2).map(Number);
for (let i = 0; i < Number(count); i += 1) {
  await setTimeout(interval);
  writeSync(1, `${process.hrtime.bigint()}\n`);
}
