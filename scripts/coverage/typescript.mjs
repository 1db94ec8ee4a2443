import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { root } from "../paths.mjs";
import { step } from "../step.mjs";
import { testedPackages } from "../test/packages.mjs";

/** @typedef {import("./row.mjs").Row} Row */

/** @returns {Promise<Row[]>} */
export async function coverTypeScript() {
  /** @type {Row[]} */
  const rows = [];
  for (const { folder, name } of testedPackages()) {
    const temporary = await mkdtemp(join(tmpdir(), "silt-coverage-"));
    try {
      await step(
        $({
          cwd: folder,
          preferLocal: root,
          stdio: "inherit",
        })`vitest run --coverage.enabled --coverage.provider=v8 --coverage.include=src --coverage.reporter=json-summary --coverage.reportsDirectory=${temporary}`,
      );
      const summary = JSON.parse(await readFile(join(temporary, "coverage-summary.json"), "utf8"));
      const { total, covered } = summary.total.lines;
      rows.push({ name, covered, lines: total });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }
  return rows;
}
