// Prints lines, as fast as it can in writes of 64 KiB, or paced:
//
//   node write-lines.mjs COUNT [paced]
import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { LINE_BYTES, lineOf, PACE } from "./lines.mjs";

const count = Number(process.argv[2]);
const paced = process.argv[3] === "paced";
const linesPerWrite = paced ? PACE : Math.floor((64 * 1024) / LINE_BYTES);
for (let i = 0; i < count; ) {
  let block = "";
  for (const end = Math.min(count, i + linesPerWrite); i < end; i += 1) block += lineOf(i);
  for (let rest = Buffer.from(block); rest.length > 0; ) rest = rest.subarray(writeSync(1, rest));
  if (paced) await setTimeout(1);
}
