// Puts the cases of conformance/ to every client and counts the answers that fit.
import { bootstrap } from "./bootstrap.mjs";

const rust = bootstrap();
const { build } = await import("./build/build.mjs");
await build(rust);
const { checkLevels } = await import("./conformance/levels.mjs");
const { line } = await import("./test/counts.mjs");
const counts = await checkLevels();
process.stdout.write(`${line(counts)}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;
