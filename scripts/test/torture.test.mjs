import assert from "node:assert/strict";
import { test } from "node:test";
import { summary, torture } from "../torture/torture.mjs";

test("tortured logs lose and repeat nothing, and report every gap", async (t) => {
  const total = await torture({ seconds: 60, seed: 1, programs: 6 });
  t.diagnostic(summary(total));
  assert.deepEqual(total.wrong, []);
  assert.equal(total.lost, 0);
  assert.equal(total.repeated, 0);
  assert.equal(total.gapsAsDue, total.gapsDue);
  assert.ok(total.entries > 0 && total.resumes > 0 && total.rotations > 0);
  assert.ok(total.crashes > 0 && total.gapsDue > 0);
});
