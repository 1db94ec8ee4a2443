import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

/** The npm packages of the workspace that have tests. */
export function testedPackages() {
  const parent = join(root, "packages");
  return readdirSync(parent)
    .map((name) => join(parent, name))
    .filter((folder) => existsSync(join(folder, "test")))
    .map((folder) => {
      /** @type {{ name: string }} */
      const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return { folder, name };
    });
}
