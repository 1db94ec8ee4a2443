// Measures Silt beside what users would pick instead: the same lines, the same machine, one run.
//
//   npm run bench                    writes bench/results/, docs/benchmarks.md and the table of README.md
//   npm run bench -- --entries N     another size than 500,000 entries; then nothing is written
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { installPackages } from "./npm.mjs";
import { root } from "./paths.mjs";

const { values } = parseArgs({ options: { entries: { type: "string" } } });
const rust = bootstrap();
const { currentNode } = await import("./test/current-node.mjs");
const node = currentNode();
if ("missing" in node) throw new Error(`${node.missing}; microsandbox needs it`);
// Its packages are for a current Node, and npm leaves those out that the running one is too old for.
installPackages(join(root, "bench/microsandbox"), node.path);
const { build } = await import("./build/build.mjs");
await build(rust);

const size = values.entries === undefined ? [] : [values.entries];
const { status } = spawnSync(node.path, [join(root, "scripts/bench/bench.mjs"), ...size], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
