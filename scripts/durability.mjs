// What each way to `sync` costs, and what a crash of the machine could take:
//
//   npm run proof -- --only durability
//
// A program prints as fast as its pipe takes it. Runs without a tracer give the throughput; in further ones strace sees
// every write and every sync of the supervisor, and so what is written and not synced at each moment.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "5000000" },
    runs: { type: "string", default: "5" },
  },
});
const rust = bootstrap();
const { build } = await import("./build/build.mjs");
await build(rust);
const { median } = await import("./bench/median.mjs");
const { capture, traceable } = await import("./durability/capture.mjs");

const home = await mkdtemp(join(tmpdir(), "silt-durability-"));
process.env.SILT_HOME = join(home, "home");
process.env.SILT_EXECUTABLE = await traceable(home);
const modes = /** @type {const} */ (["segment", "interval", "write"]);
/** @type {Record<string, { rates: number[], traced: number[], medians: number[], most: number[], entries: number[] }>} */
const found = {};
try {
  // By turns, so that what else the machine does meets all alike.
  for (let i = 0; i < Number(values.runs); i += 1) {
    for (const sync of modes) {
      found[sync] ??= { rates: [], traced: [], medians: [], most: [], entries: [] };
      const figures = found[sync];
      figures.rates.push((await capture(sync, Number(values.lines), home, false)).rate);
      const traced = await capture(sync, Number(values.lines), home, true);
      figures.traced.push(traced.rate);
      figures.medians.push(traced.unsynced.median);
      figures.most.push(traced.unsynced.most);
      figures.entries.push(traced.bytesAnEntry);
    }
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
const kind = execFileSync("stat", ["-f", "-c", "%T", tmpdir()], { encoding: "utf8" }).trim();
const million = (/** @type {number} */ n) => `${(n / 1e6).toFixed(2)} million`;
process.stdout.write(`${values.lines} lines, ${values.runs} runs each, on ${kind}\n`);
for (const [sync, { rates, traced, medians, most, entries }] of Object.entries(found)) {
  const each = median(entries);
  const lost = (/** @type {number} */ bytes) =>
    `${(bytes / 2 ** 20).toFixed(2)} MiB (${Math.round(bytes / each)} entries)`;
  process.stdout.write(
    `${sync}: ${million(median(rates))} lines/s; traced ${million(median(traced))} lines/s, ` +
      `not synced at the median moment ${lost(median(medians))}, at the worst ${lost(Math.max(...most))}\n`,
  );
}
