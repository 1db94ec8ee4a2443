// Brings what runs of the fuzzer have found into the committed corpora, as few and small inputs as reach the same:
//
//   node scripts/fuzz/minimize.mjs [target…]
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { bootstrap } from "../bootstrap.mjs";
import { buildTargets, corpus, found, targets } from "./tool.mjs";

/** They are replayed by `npm test`. */
const most = { files: 250, bytes: 64 << 10 };

const rust = bootstrap();
const program = rust && buildTargets(rust);
if (!program) process.exit(1);
const chosen = process.argv.slice(2);
for (const target of chosen.length > 0 ? chosen : targets()) {
  mkdirSync(found(target), { recursive: true });
  const merged = `${found(target)}.merged`;
  rmSync(merged, { recursive: true, force: true });
  mkdirSync(merged);
  // Committed inputs stay, under their names: some are there for what went wrong on them once.
  const args = ["-merge=1", merged, corpus(target), found(target)];
  const { status } = spawnSync(program(target), args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) process.exit(1);
  const held = readdirSync(corpus(target)).map((name) => join(corpus(target), name));
  const left = { files: most.files - held.length, bytes: most.bytes - bytesOf(held) };
  const bySize = readdirSync(merged)
    .map((name) => ({ name, size: statSync(join(merged, name)).size }))
    .sort((a, b) => a.size - b.size);
  for (const { name, size } of bySize) {
    if (left.files <= 0 || left.bytes < size) break;
    left.files -= 1;
    left.bytes -= size;
    renameSync(join(merged, name), join(corpus(target), name));
  }
  rmSync(merged, { recursive: true });
  process.stdout.write(`${target}: ${readdirSync(corpus(target)).length} inputs\n`);
}

/** @param {string[]} paths */
function bytesOf(paths) {
  return paths.reduce((sum, path) => sum + statSync(path).size, 0);
}
