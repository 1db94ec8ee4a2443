import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Sandbox } from "@silt/sandbox";
import { executable, testPrograms } from "../paths.mjs";
import { unsynced } from "./unsynced.mjs";

const CALLS = "write,writev,pwrite64,fdatasync,fsync";

/**
 * Captures so many lines.
 *
 * @param {"segment" | "interval" | "write"} sync
 * @param {number} lines
 * @param {string} folder of {@link traceable}
 * @param {boolean} traced
 */
export async function capture(sync, lines, folder, traced) {
  const trace = join(folder, "trace");
  if (traced) await writeFile(join(folder, "traced"), "");
  const logs = { maxBytes: 4 * 2 ** 30, segmentBytes: 16 << 20, sync };
  const sandbox = await Sandbox.create({ runtime: "process", logs });
  try {
    const { supervisorPid } = await sandbox.inspect();
    const started = performance.now();
    const program = join(testPrograms, "print-lines");
    const { exitCode } = await sandbox.exec(program, [String(lines), "account"]);
    const rate = (lines / (performance.now() - started)) * 1000;
    if (exitCode !== 0) throw new Error(`print-lines ended with ${exitCode}`);
    await sandbox.stop();
    const { logBytes } = (await Sandbox.get(sandbox.name)).info;
    const held = traced
      ? unsynced(await whole(trace, Number(supervisorPid)))
      : { median: 0, most: 0 };
    return { rate, unsynced: held, bytesAnEntry: logBytes / lines };
  } finally {
    await (await Sandbox.get(sandbox.name)).remove({ force: true });
    for (const path of [trace, join(folder, "traced")]) await rm(path, { force: true });
  }
}

/** The lines of a trace, once they say that the process has ended. @param {string} trace @param {number} pid */
async function whole(trace, pid) {
  for (;;) {
    const lines = (await readFile(trace, "utf8")).split("\n");
    if (lines.some((line) => line.startsWith(`${pid} `) && line.includes("+++ exited")))
      return lines;
    await setTimeout(10);
  }
}

/**
 * An executable that is Silt's, under strace while there is a file `traced` beside it. Started under it, and not attached
 * to, only the calls of interest stop the supervisor, and it is as fast as without.
 *
 * @param {string} folder where to put it
 */
export async function traceable(folder) {
  const path = join(folder, "silt");
  const how = `-D -f --seccomp-bpf -y -ttt -T -s 0 -e trace=${CALLS} -o '${folder}/trace'`;
  await writeFile(
    path,
    `#!/bin/sh
if [ "$1" = __supervise ] && [ -e '${folder}/traced' ]; then exec strace ${how} '${executable}' "$@"; fi
exec '${executable}' "$@"
`,
    { mode: 0o755 },
  );
  return path;
}
