// Reads a whole log in a process of its own and sends what it saw to its parent:
//
//   node read.mjs silt|microsandbox SANDBOX stream|snapshot COUNT
import { Tally } from "../programs/lines.mjs";

const [peer, sandbox = "", way, count] = process.argv.slice(2);
const { openHandle } = await import(`../peers/${peer}.mjs`);
const handle = await openHandle(sandbox);
const tally = new Tally();
const began = performance.now();
if (way === "stream") {
  for await (const entry of await handle.logStream()) tally.add(entry.data);
} else {
  for (const entry of await handle.logs()) tally.add(entry.data);
}
const seconds = (performance.now() - began) / 1000;
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.send?.({ seconds, peakBytes, ...tally.finish(Number(count)) }, () => process.exit(0));
