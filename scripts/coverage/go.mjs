import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { $, which } from "zx";
import { modulePath } from "../generate/go.mjs";
import { root } from "../paths.mjs";
import { step } from "../step.mjs";

/** @typedef {import("./row.mjs").Row} Row */

/**
 * The tests of the Go client, and its part of the conformance cases. Go counts statements, not lines.
 *
 * @param {Record<string, string>} environment of instrumented code
 * @returns {Promise<Row[]>} none where there is no Go
 */
export async function coverGo(environment) {
  if (!(await which("go", { nothrow: true }))) return [];
  const temporary = await mkdtemp(join(tmpdir(), "silt-coverage-"));
  try {
    const [tested, conforming] = [join(temporary, "tests"), join(temporary, "conformance")];
    await Promise.all([mkdir(tested), mkdir(conforming)]);
    const go = $({
      ...{ cwd: join(root, "bindings/go"), stdio: "inherit" },
      env: { ...process.env, ...environment },
    });
    await step(go`go test -count=1 -cover . -args -test.gocoverdir=${tested}`);
    const conformance = go({
      env: { ...process.env, ...environment, GOFLAGS: "-cover", GOCOVERDIR: conforming },
    });
    await step(
      conformance`${process.execPath} ${join(root, "scripts/conformance.mjs")} --client go`,
    );
    const profile = join(temporary, "profile");
    await step(go`go tool covdata textfmt -i=${tested},${conforming} -o ${profile}`);
    return [{ name: "silt (Go)", ...statements(await readFile(profile, "utf8")) }];
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @param {string} profile a block a line: place, statements, times run */
function statements(profile) {
  /** @type {Map<string, { count: number, ran: boolean }>} */
  const blocks = new Map();
  for (const [, place = "", count, times] of profile.matchAll(/^(\S+) (\d+) (\d+)$/gm)) {
    if (dirname(place) !== modulePath) continue;
    const ran = times !== "0" || blocks.get(place)?.ran === true;
    blocks.set(place, { count: Number(count), ran });
  }
  const all = [...blocks.values()];
  /** @param {typeof all} some */
  const sum = (some) => some.reduce((total, { count }) => total + count, 0);
  return { covered: sum(all.filter(({ ran }) => ran)), lines: sum(all) };
}
