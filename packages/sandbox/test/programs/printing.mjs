// Prints more than a pipe holds without waiting for who reads: for that its standard output has to block, as it did.
//
//   node printing.mjs BYTES
import { writeSync } from "node:fs";
import "@silt/sandbox";

for (let rest = Buffer.alloc(Number(process.argv[2]), "x"); rest.length > 0; ) {
  rest = rest.subarray(writeSync(1, rest));
}
