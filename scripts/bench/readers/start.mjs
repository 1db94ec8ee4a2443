import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../../paths.mjs";

/** @typedef {{ next: () => Promise<any> }} Reader a process that reads, and the next thing it says */

/**
 * Starts one of the readers in this folder.
 *
 * @param {"read" | "follow"} reader
 * @param {...string} args
 * @returns {Reader}
 */
export function startReader(reader, ...args) {
  const child = fork(join(root, `scripts/bench/readers/${reader}.mjs`), args);
  child.once("exit", (code) => {
    if (code !== 0)
      child.emit("error", new Error(`${reader} ${args.join(" ")} ended with ${code}`));
  });
  return {
    next: async () => (await once(child, "message"))[0],
  };
}
