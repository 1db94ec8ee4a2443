import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $, which } from "zx";
import { root } from "../paths.mjs";

/** @typedef {import("./row.mjs").Row} Row */

/**
 * The tests of the Go client. Go counts statements, not lines.
 *
 * @param {Record<string, string>} environment of instrumented code
 * @returns {Promise<Row[]>} none where there is no Go
 */
export async function coverGo(environment) {
  if (!(await which("go", { nothrow: true }))) return [];
  const temporary = await mkdtemp(join(tmpdir(), "silt-coverage-"));
  try {
    const profile = join(temporary, "profile");
    await $({
      ...{ cwd: join(root, "bindings/go"), stdio: "inherit" },
      env: { ...process.env, ...environment },
    })`go test -count=1 -coverprofile=${profile} .`;
    return [{ name: "silt (Go)", ...statements(await readFile(profile, "utf8")) }];
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @param {string} profile a block a line: place, statements, times run */
function statements(profile) {
  let [covered, lines] = [0, 0];
  for (const [, count, times] of profile.matchAll(/ (\d+) (\d+)$/gm)) {
    lines += Number(count);
    if (times !== "0") covered += Number(count);
  }
  return { covered, lines };
}
