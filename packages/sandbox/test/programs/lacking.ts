import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { executable } from "../../src/native/executable.js";

/**
 * Runs a program of this folder where no user namespace can be made: the switch that forbids them is each user
 * namespace's own, so it is turned in one that the program alone lives in.
 *
 * @returns What the program said on standard output, as JSON.
 */
export async function withoutUserNamespaces(name: string, ...args: string[]): Promise<unknown> {
  const script = 'echo; read go && echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
  const program = [process.execPath, fileURLToPath(new URL(name, import.meta.url)), ...args];
  const below = ["--user", "--mount", "--keep-caps", "sh", "-c", script, "sh", ...program];
  const child = spawn("unshare", below, { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  keepIds(child.pid ?? 0);
  child.stdin.end("go\n");
  await closed;
  return JSON.parse(output);
}

/** Every id that may be mapped stays the same: all of them for root, else one's own. */
function keepIds(pid: number): void {
  const ids = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  if (ids.uid !== 0) writeFileSync(`/proc/${pid}/setgroups`, "deny");
  for (const [kind, id] of Object.entries(ids)) {
    const same = readFileSync(`/proc/self/${kind}_map`, "utf8").replace(/^ *(\d+) +\d+/gm, "$1 $1");
    writeFileSync(`/proc/${pid}/${kind}_map`, ids.uid === 0 ? same : `${id} ${id} 1`);
  }
}

/** Makes a supervisor in `folder` that has no control group in reach. */
export function withoutControlGroups(folder: string): string {
  const path = join(folder, "supervisor");
  const own = process.geteuid?.() === 0 ? "" : "--user --map-current-user --keep-caps";
  const script = `#!/bin/sh
exec unshare ${own} --mount sh -c 'mount -t tmpfs -o ro none /sys/fs/cgroup && exec "$0" "$@"' '${executable()}' "$@"
`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}
