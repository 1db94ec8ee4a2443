import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { root } from "../paths.mjs";
import { pythonEnvironment, pythons } from "../python.mjs";
import { step } from "../step.mjs";
import { pythonTools } from "../test/python-tools.mjs";

/** @typedef {import("./row.mjs").Row} Row */

/**
 * The tests of the Python client on the newest Python here.
 *
 * @param {Record<string, string>} environment of instrumented code
 * @returns {Promise<Row[]>} none where there is no Python
 */
export async function coverPython(environment) {
  const newest = pythons().at(-1);
  const tool = newest && (await pythonTools(newest.path, newest.version));
  if (!tool) return [];
  const temporary = await mkdtemp(join(tmpdir(), "silt-coverage-"));
  try {
    const data = join(temporary, "data");
    const run = $({
      ...{ cwd: join(root, "bindings/python"), stdio: "inherit" },
      env: { ...process.env, ...pythonEnvironment, ...environment, COVERAGE_FILE: data },
    });
    const python = tool("python");
    await step(run`${python} -m coverage run --source=silt -m pytest -q -p no:cacheprovider`);
    const report = join(temporary, "report.json");
    await step(run`${python} -m coverage json -q -o ${report}`);
    const { totals } = JSON.parse(await readFile(report, "utf8"));
    return [{ name: "silt (Python)", covered: totals.covered_lines, lines: totals.num_statements }];
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
