// Writes the log that microsandbox's own supervisor would write, line by line, rotation included:
//
//   node msb-log.mjs lines COUNT FOLDER ROTATE_EVERY     rotates after so many entries; paced
//   node msb-log.mjs stamps COUNT FOLDER INTERVAL_MS
//   node msb-log.mjs whole COUNT FOLDER                  as fast as it can, in large writes
import { appendFileSync, closeSync, existsSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { lineOf, PACE } from "./lines.mjs";

const [kind, countText, folder = "", numberText] = process.argv.slice(2);
const count = Number(countText);
const number = Number(numberText ?? 0);
const log = join(folder, "exec.log");

/** @param {string} d */
function entry(d) {
  return `${JSON.stringify({ t: new Date().toISOString(), s: "stdout", d, id: 1 })}\n`;
}

function rotate() {
  for (const i of [3, 2, 1]) {
    if (existsSync(`${log}.${i}`)) renameSync(`${log}.${i}`, `${log}.${i + 1}`);
  }
  renameSync(log, `${log}.1`);
}

if (kind === "whole") {
  for (let i = 0; i < count; ) {
    let block = "";
    for (const end = Math.min(count, i + 5000); i < end; i += 1) block += entry(lineOf(i));
    appendFileSync(log, block);
  }
} else {
  let file = openSync(log, "a");
  for (let i = 0; i < count; i += 1) {
    if (kind === "stamps") {
      await setTimeout(number);
      writeSync(file, entry(`${process.hrtime.bigint()}\n`));
    } else {
      if (i > 0 && i % PACE === 0) await setTimeout(1);
      if (i > 0 && i % number === 0) {
        closeSync(file);
        rotate();
        file = openSync(log, "a");
      }
      writeSync(file, entry(lineOf(i)));
    }
  }
  closeSync(file);
}
