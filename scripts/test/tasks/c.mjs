import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { library, root } from "../../paths.mjs";
import { missingPrograms } from "../debian.mjs";
import { check } from "./check.mjs";
import { header, tasks } from "./page.mjs";

const flags = ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror"];
// What is not freed, and what is read beyond its end, is found here: the page shows how it is done.
const sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/** @param {string} folder @returns {Promise<import("./languages.mjs").Prepared | { missing: string }>} */
export async function prepareC(folder) {
  const missing = missingPrograms({ gcc: "gcc" });
  if (missing) return { missing };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "tasks.h"), header);
  for (const { name, programs } of tasks) {
    await writeFile(join(folder, `${name}.c`), programs.c ?? "");
  }
  const include = ["-I", join(root, "bindings/c/include")];
  const linked = ["-L", library, "-lsilt", `-Wl,-rpath,${library}`];
  return {
    command: (name) => [join(folder, name)],
    checks: tasks.map(({ name }) => {
      const files = ["-o", name, `${name}.c`];
      const command = ["gcc", ...flags, ...sanitizers, ...include, ...files, ...linked];
      return check(`${name}.c compiles without a warning`, command, { cwd: folder });
    }),
  };
}
