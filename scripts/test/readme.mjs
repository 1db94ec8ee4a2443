import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../paths.mjs";

/** The program that README.md shows, as it stands. */
export async function readmeExample() {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const code = readme.match(/```js\n(.*?)```/s)?.[1];
  if (!code) throw new Error("README.md has no example");
  return code;
}
