// Supervisors that are killed, programs that print known bytes, and readers in many processes that come and go, held
// against what must come of them:
//
//   npm run torture -- --minutes 10 --seed 7
//   npm run torture -- --seed 2000007 --kind full --lives 1     one life again
//
// The same seed makes the same choices; the order in which processes run is the operating system's.
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    kind: { type: "string" },
    lives: { type: "string" },
  },
});
const rust = bootstrap();
const { build } = await import("./build/build.mjs");
await build(rust);
const { summary, torture } = await import("./torture/torture.mjs");
process.stdout.write(`seed ${values.seed}\n`);
const total = await torture({
  seconds: Number(values.minutes) * 60,
  seed: Number(values.seed),
  ...(values.kind && { kinds: [/** @type {import("./torture/life.mjs").Kind} */ (values.kind)] }),
  ...(values.lives && { lives: Number(values.lives) }),
  say: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`${total.lives} sandboxes: ${summary(total)}\n`);
process.exitCode = total.lost + total.repeated + total.wrong.length > 0 ? 1 : 0;
