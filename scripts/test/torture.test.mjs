import assert from "node:assert/strict";
import { test } from "node:test";
import { summary, torture } from "../torture/torture.mjs";

test("tortured logs lose and repeat nothing, and report every gap", async (t) => {
  const total = await torture({ seconds: 60, seed: 1, programs: 6 });
  t.diagnostic(summary(total));
  assert.deepEqual(total.wrong, []);
  // Only root may mount a small disk; then it has to have been full.
  const isRoot = process.getuid?.() === 0;
  const lanes = isRoot ? ["full", "roomy", "tight"] : ["roomy", "tight"];
  assert.deepEqual(Object.keys(total.lanes).sort(), lanes);
  assert.ok(!isRoot || total.gapsOfDisk > 0);
  assert.equal(total.lost, 0);
  assert.equal(total.repeated, 0);
  assert.equal(total.gapsAsDue, total.gapsDue);
  assert.ok(total.entries > 0 && total.resumes > 0 && total.rotations > 0);
  assert.ok(total.crashes > 0 && total.gapsDue > 0);
});
