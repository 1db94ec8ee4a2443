// Runs before anything is installed: Node's own modules only.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { executable, root } from "./paths.mjs";
import { findRust, rustAdvice } from "./toolchain.mjs";

/** @typedef {import("./toolchain.mjs").Toolchain} Toolchain */

const LEAST_NODE = [20, 17];

/** @param {string} message @returns {never} */
function giveUp(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE;
  if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
    giveUp(`Node ${LEAST_NODE.join(".")} or newer is needed; this is ${process.versions.node}.`);
  }
}

/**
 * Installs what a folder's lock file names, unless that was done before.
 *
 * @param {string} folder
 */
export function installPackages(folder) {
  const lock = readFileSync(join(folder, "package-lock.json"));
  const platform = `${process.platform}-${process.arch}`;
  const wanted = `${createHash("sha256").update(lock).digest("hex")} ${platform}\n`;
  const stamp = join(folder, "node_modules/.installed-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;

  process.stderr.write(`Installing packages (npm ci in ${folder}) …\n`);
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...args], { cwd: folder, stdio: ["ignore", 2, 2] })
    : spawnSync("npm", args, { cwd: folder, stdio: ["ignore", 2, 2] });
  if (error) throw new Error(`npm cannot be started: ${error.message}`, { cause: error });
  if (status !== 0) throw new Error(`npm ci failed in ${folder}; its messages are above.`);
  writeFileSync(stamp, wanted);
}

/**
 * Brings a fresh clone to the point where scripts can import their dependencies and cargo can build.
 * Where there is no Rust but the tree was built before, the return value is null and what is there is used.
 *
 * @returns {Toolchain | null}
 */
export function bootstrap() {
  checkNode();
  try {
    installPackages(root);
  } catch (error) {
    giveUp(error instanceof Error ? error.message : String(error));
  }
  const rust = findRust();
  if (!("problem" in rust)) return rust;
  if (!existsSync(executable)) giveUp(`${rust.problem}.\n\n${rustAdvice}`);
  process.stderr.write(`${rust.problem}: what was built before is used as it is.\n`);
  return null;
}

if (process.argv[1] === import.meta.filename) bootstrap();
