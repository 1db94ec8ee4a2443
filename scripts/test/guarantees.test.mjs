import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../paths.mjs";
import { isThere, namedTests } from "./guarantees.mjs";

test("every test that docs/guarantees.md names is there", async () => {
  const named = namedTests(await readFile(join(root, "docs/guarantees.md"), "utf8"));
  assert.ok(named.length > 20, `${named.length} tests are named`);
  for (const one of named) assert.ok(await isThere(one), `${one.file} has no test "${one.name}"`);
});

test("a test that is not there is noticed", async () => {
  const file = "crates/silt-log/tests/round_trip.rs";
  const [there, gone] = namedTests(
    `\`${file}\`: \`a_second_writer_is_refused\`, \`a_test_of_nobody\``,
  );
  assert.equal(there && (await isThere(there)), true);
  assert.equal(gone && (await isThere(gone)), false);
});
