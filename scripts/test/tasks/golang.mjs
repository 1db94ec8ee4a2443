import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { modulePath } from "../../generate/go.mjs";
import { root } from "../../paths.mjs";
import { check } from "./check.mjs";
import { tasks } from "./page.mjs";

/** @param {string} folder @returns {Promise<import("./languages.mjs").Prepared | { missing: string }>} */
export async function prepareGo(folder) {
  if (spawnSync("go", ["version"]).status !== 0) return { missing: "there is no go on the PATH" };
  await mkdir(folder, { recursive: true });
  const client = join(root, "bindings/go");
  const mod = await readFile(join(client, "go.mod"), "utf8");
  await writeFile(
    join(folder, "go.mod"),
    `${mod.replace(/^module .*$/m, "module example.invalid/tasks")}
require ${modulePath} v0.0.0

replace ${modulePath} => ${client}
`,
  );
  await cp(join(client, "go.sum"), join(folder, "go.sum"));
  for (const { name, programs } of tasks) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "main.go"), programs.go ?? "");
  }
  await mkdir(join(folder, "bin"));
  return {
    command: (name) => [join(folder, "bin", name)],
    checks: [
      check("are formatted", ["gofmt", "-l", "."], { cwd: folder, lists: true }),
      check("pass go vet", ["go", "vet", "./..."], { cwd: folder }),
      check("compile", ["go", "build", "-o", "bin/", "./..."], { cwd: folder }),
    ],
  };
}
