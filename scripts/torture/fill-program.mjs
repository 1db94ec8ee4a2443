// Takes what room there is on a disk, says so, and takes at once what others make, until it is killed:
//
//   node fill-program.mjs FILE
import { openSync, writeSync } from "node:fs";

const file = openSync(String(process.argv[2]), "a");
const portion = Buffer.alloc(16 << 10);
let said = false;
for (;;) {
  try {
    writeSync(file, portion);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOSPC") throw error;
    if (!said) writeSync(1, "full\n");
    said = true;
  }
}
