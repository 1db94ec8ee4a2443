import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { pythonEnvironment, pythons } from "../python.mjs";
import { run } from "./command.mjs";
import { checked, ofCheck, ofPytest, skipped, sum } from "./counts.mjs";
import { missingPrograms } from "./debian.mjs";
import { pythonTools } from "./python-tools.mjs";

/** @typedef {import("./counts.mjs").Counts} Counts */

const folder = join(root, "bindings/python");

/** Tests of the Python client, and checks of its types, on the oldest and the newest Python here. */
export async function python() {
  const missing = missingPrograms({ python3: "python3-venv" });
  if (missing) return skipped(missing);
  const found = pythons();
  if (found.length === 0) return skipped("there is no Python of 3.10 or later on the PATH");
  if (!existsSync(pythonEnvironment.SILT_LIBRARY))
    return skipped("there is no libsilt.so: npm run build");
  let counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [index, { path, version }] of found.entries()) {
    process.stderr.write(`Python ${version}\n`);
    const tool = await pythonTools(path, version);
    if (!tool)
      return skipped(
        `Python ${version} can not install pytest: it needs a registry and venv (Debian, Ubuntu: sudo apt install python3-venv)`,
      );
    if (index === 0) counts = sum(counts, await checks(tool));
    counts = sum(counts, await tests(tool));
  }
  return counts;
}

/** @param {(name: string) => string} tool */
async function checks(tool) {
  let counts = ofCheck(await run(tool("ruff"), ["check", "."], { cwd: folder }));
  const format = await run(tool("ruff"), ["format", "--check", "."], { cwd: folder });
  counts = sum(counts, ofCheck(format));
  return sum(counts, ofCheck(await run(tool("mypy"), [], { cwd: folder })));
}

/** @param {(name: string) => string} tool @returns {Promise<Counts>} */
async function tests(tool) {
  const args = ["-q", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=240"];
  const ended = await run(tool("pytest"), args, {
    cwd: folder,
    env: { ...process.env, ...pythonEnvironment },
  });
  return checked(ofPytest(ended.output), ended);
}
