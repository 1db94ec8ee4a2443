import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../paths.mjs";
import { check } from "./check.mjs";
import { tasks } from "./page.mjs";

const options = {
  ...{ target: "ES2022", lib: ["ES2023", "DOM"], module: "NodeNext", types: ["node"] },
  ...{ strict: true, noUnusedLocals: true, noUncheckedIndexedAccess: true },
  ...{
    skipLibCheck: true,
    rootDir: ".",
    outDir: "out",
    typeRoots: [join(root, "node_modules/@types")],
  },
};

/** @param {string} folder @returns {Promise<import("./languages.mjs").Prepared>} */
export async function prepareTypescript(folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  const config = { compilerOptions: options, files: tasks.map(({ name }) => `${name}.ts`) };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  for (const { name, programs } of tasks) {
    await writeFile(join(folder, `${name}.ts`), programs.ts ?? "");
  }
  const modules = join(root, "node_modules");
  const types = [process.execPath, join(modules, "typescript/bin/tsc"), "-p", folder];
  return {
    command: (name) => [process.execPath, join(folder, "out", `${name}.js`)],
    checks: [
      check("have the types that they need", types, { cwd: folder }),
      ...tasks.map(({ name, programs }) => formatted(name, programs.ts ?? "")),
    ],
  };
}

/** By its text: Biome looks at nothing below node_modules. @param {string} name @param {string} code */
function formatted(name, code) {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const { stdout } = spawnSync(
    process.execPath,
    [biome, "format", `--stdin-file-path=${name}.ts`],
    {
      cwd: root,
      input: code,
      encoding: "utf8",
    },
  );
  return { name: `${name}.ts is formatted`, output: stdout === code ? "" : `rather:\n${stdout}` };
}
