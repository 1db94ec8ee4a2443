// Runs in the sandbox: starts a command, passes on what it prints, and leaves in a file what that was.
// Silt never reads the file, so it can bear witness to what Silt delivered.
//
//   node tee.mjs FILE COMMAND [ARGUMENT…]
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";

const [file = "", command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });

/** @param {import("node:stream").Readable} from @param {NodeJS.WriteStream} to */
async function pass(from, to) {
  const hash = createHash("sha256");
  let bytes = 0;
  let lines = 0;
  for await (const chunk of from) {
    hash.update(chunk);
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 0x0a) lines += 1;
    if (!to.write(chunk)) await once(to, "drain");
  }
  return { bytes, lines, sha256: hash.digest("hex") };
}

const ended = once(child, "close");
const [stdout, stderr] = await Promise.all([
  pass(child.stdout, process.stdout),
  pass(child.stderr, process.stderr),
]);
const [code] = await ended;
writeFileSync(file, JSON.stringify({ stdout, stderr }));
process.exitCode = code ?? 1;
