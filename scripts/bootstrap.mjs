// Runs before anything is installed: Node's own modules only.
import { existsSync } from "node:fs";
import { installPackages } from "./npm.mjs";
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
