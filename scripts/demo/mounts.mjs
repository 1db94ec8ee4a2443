import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { npmProgram } from "../npm.mjs";

const shownAnyway = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt"];

/** @param {string} path */
function isShown(path) {
  return shownAnyway.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/**
 * What the sandbox needs of Node and npm: the folders to mount read-only where they lie outside what every
 * sandbox sees, and the way to call them.
 */
export function nodeInside() {
  const node = realpathSync(process.execPath);
  const npm = realpathSync(npmProgram());
  const installation = resolve(dirname(node), "..");
  const folders = new Set(
    [installation, resolve(dirname(npm), "..")].filter((path) => !isShown(path)),
  );
  return {
    node,
    npm,
    path: `${dirname(node)}:/usr/local/bin:/usr/bin:/bin`,
    mounts: [...folders].map((folder) => ({ source: folder, target: folder, readOnly: true })),
  };
}
