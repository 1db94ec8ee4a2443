import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../paths.mjs";

/**
 * The programs that a page shows, as they stand.
 *
 * @param {string} page a path below the checkout
 */
export async function examplesOf(page) {
  const text = await readFile(join(root, page), "utf8");
  const programs = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code = ""]) => code);
  if (programs.length === 0) throw new Error(`${page} has no example`);
  return programs;
}
