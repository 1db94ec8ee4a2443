import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { languages } from "../bench/languages/languages.mjs";
import { live } from "../bench/live.mjs";
import * as silt from "../bench/peers/silt.mjs";
import { drainRows, wakeRows } from "../bench/rows/languages.mjs";
import { root } from "../paths.mjs";

const strict = process.env.CI !== undefined && process.env.CI !== "false";
const COUNT = 3000;
const once = { silt: 1, microsandbox: 0 };

/** @type {string} */
let folder;
/** @type {import("../bench/languages/language.mjs").Language[]} */
let known;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "silt-bench-"));
  process.env.SILT_HOME = join(folder, "home");
  known = languages(folder, false);
});
after(() => rm(folder, { recursive: true, force: true }));

describe("the readers that are measured in each language", () => {
  test("are there for all languages", (t) => {
    const ids = known.map(({ id }) => id);
    const all = ["node", "python-for", "python-async-for", "go", "c"];
    const missing = all.filter((id) => !ids.includes(id));
    if (missing.length > 0 && !strict) return t.skip(`not here: ${missing.join(", ")}`);
    assert.deepEqual(ids, all);
  });

  test("are given each line once, and count those that are not there", async () => {
    const lines = join(root, "scripts/bench/programs/write-lines.mjs");
    await silt.record("whole", [process.execPath, lines, String(COUNT)]);
    for (const { id, figures } of await drainRows(known, "whole", COUNT, once)) {
      assert.deepEqual({ ...figures.silt, value: 0 }, { value: 0, lost: 0, repeated: 0 }, id);
      assert.ok(Number(figures.silt?.value) > 0, id);
    }
    for (const { id, figures } of await drainRows(known, "whole", COUNT + 7, once)) {
      assert.equal(figures.silt?.lost, 7, id);
    }
  });

  test("count lines that come again, and those that are left out in between", async () => {
    const script = `const { lineOf } = await import(${JSON.stringify(join(root, "scripts/bench/programs/lines.mjs"))});
      process.stdout.write([0, 1, 1, 2, 5, 6, 3].map(lineOf).join(""));`;
    await silt.record("broken", [process.execPath, "--input-type=module", "-e", script]);
    for (const { id, figures } of await drainRows(known, "broken", 7, once)) {
      assert.deepEqual({ ...figures.silt, value: 0 }, { value: 0, lost: 2, repeated: 2 }, id);
    }
  });

  test("follow from the write of a line to their callback", async () => {
    const rows = await wakeRows(known, live, { times: once, stamps: 20 });
    assert.equal(rows.length, 2 * known.length);
    for (const { id, figures } of rows) {
      // No time is too long on a busy machine; but none is negative, or without a clock in common.
      assert.ok(Number(figures.silt?.value) > 0 && Number(figures.silt?.value) < 60_000, id);
      assert.equal(figures.silt?.lost ?? 0, 0, id);
    }
  });
});
