// Random writers, readers and crashes, held against what must come of them:
//
//   npm run torture -- --minutes 10 --seed 7
//
// The same seed makes the same choices. A round that fails prints its own seed; `--seed S --rounds 1` repeats it.
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    rounds: { type: "string" },
  },
});
const rust = bootstrap();
const { build } = await import("./build/build.mjs");
await build(rust);
const { torture } = await import("./torture/torture.mjs");
process.exitCode = await torture({
  minutes: Number(values.minutes),
  seed: Number(values.seed),
  rounds: values.rounds === undefined ? Number.POSITIVE_INFINITY : Number(values.rounds),
});
