// Follows a log in a process of its own until its last line has come, or for a while nothing has:
//
//   node follow.mjs silt|microsandbox SANDBOX lines|stamps COUNT
import { Tally } from "../programs/lines.mjs";

/** A reader that was given nothing for so long is not given the rest either. */
const PATIENCE_MS = 3000;

const [peer, sandbox = "", kind, countText] = process.argv.slice(2);
const count = Number(countText);
const { openHandle } = await import(`../peers/${peer}.mjs`);
const stream = await (await openHandle(sandbox)).logStream({ follow: true });
const tally = new Tally();
/** @type {number[]} */
const delays = [];
let seen = 0;
let patience = setTimeout(report, 20_000);

process.send?.("following");
try {
  await follow();
} catch (error) {
  // A reader that is told what it missed has still missed it; the count says how much.
  process.stderr.write(`${peer}: ${error}\n`);
}
report();

async function follow() {
  for await (const entry of stream) {
    if (kind === "stamps") {
      delays.push(Number(process.hrtime.bigint() - BigInt(entry.text().trim())) / 1e6);
    } else tally.add(entry.data);
    seen += 1;
    if (seen === count) break;
    if (seen % 100 === 1) {
      clearTimeout(patience);
      patience = setTimeout(report, PATIENCE_MS);
    }
  }
}

function report() {
  clearTimeout(patience);
  const counts = kind === "lines" ? tally.finish(count) : { lost: count - seen, repeated: 0 };
  process.send?.({ delays, ...counts }, () => process.exit(0));
}
