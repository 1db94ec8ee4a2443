import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../paths.mjs";
import { pythonEnvironment, pythons } from "../../python.mjs";
import { pythonTools } from "../python-tools.mjs";
import { check } from "./check.mjs";
import { tasks } from "./page.mjs";

/** @param {string} folder @returns {Promise<import("./languages.mjs").Prepared | { missing: string }>} */
export async function preparePython(folder) {
  const python = pythons()[0];
  if (!python) return { missing: "there is no Python of 3.10 or later on the PATH" };
  const tool = await pythonTools(python.path, python.version);
  if (!tool) return { missing: `Python ${python.version} can not install mypy` };
  await mkdir(folder, { recursive: true });
  const files = tasks.map(({ name }) => `${name}.py`);
  for (const { name, programs } of tasks) {
    await writeFile(join(folder, `${name}.py`), programs.python ?? "");
  }
  const config = join(root, "bindings/python/pyproject.toml");
  const env = { ...process.env, MYPYPATH: pythonEnvironment.PYTHONPATH };
  const mypy = ["--strict", "--python-version=3.10", "--config-file=", "--cache-dir=cache"];
  return {
    command: (name) => [tool("python"), join(folder, `${name}.py`)],
    checks: [
      check("pass mypy --strict", [tool("mypy"), ...mypy, ...files], { cwd: folder, env }),
      check("are formatted", [tool("ruff"), "format", "--check", "--config", config, ...files], {
        cwd: folder,
      }),
      check("are linted", [tool("ruff"), "check", "--config", config, ...files], { cwd: folder }),
    ],
  };
}
