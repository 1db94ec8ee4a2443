// Runs before anything is installed: Node's own modules only.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** npm's own JavaScript, to be run by any Node: the npm that runs this script, else the one on the PATH. */
export function npmProgram() {
  const running = process.env.npm_execpath;
  if (running?.endsWith(".js")) return running;
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "npm"))
    .find((path) => existsSync(path));
  if (!found) throw new Error("npm is not on the PATH");
  return realpathSync(found);
}

/**
 * Installs what a folder's lock file names, or its package.json where it has none, unless that was done before.
 *
 * @param {string} folder
 * @param {string} [node] the Node to run npm with, where it must be another than this one
 */
export function installPackages(folder, node = process.execPath) {
  const lock = join(folder, "package-lock.json");
  const locked = existsSync(lock);
  const named = readFileSync(locked ? lock : join(folder, "package.json"));
  const platform = `${process.platform}-${process.arch}`;
  const wanted = `${createHash("sha256").update(named).digest("hex")} ${platform}\n`;
  const stamp = join(folder, "node_modules/.installed-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;

  process.stderr.write(`Installing packages in ${folder} …\n`);
  const verb = locked ? ["ci"] : ["install", "--no-package-lock"];
  const args = [...verb, "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync(node, [npmProgram(), ...args], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
  });
  if (error) throw new Error(`npm cannot be started: ${error.message}`, { cause: error });
  if (status !== 0) throw new Error(`npm ${verb[0]} failed in ${folder}; its messages are above.`);
  writeFileSync(stamp, wanted);
}
