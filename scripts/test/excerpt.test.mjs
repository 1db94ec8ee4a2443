import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../paths.mjs";
import { excerpt } from "./excerpt.mjs";

const filler = Array.from({ length: 300 }, (_, i) => `something else ${i}`).join("\n");

/**
 * A test that fails between many that pass.
 *
 * @param {string} imports
 */
const failingTests = (imports) => `${imports}
for (let i = 0; i < 100; i += 1) test("early " + i, () => {});
test("adds up", () => { throw new Error("two and two is five"); });
for (let i = 0; i < 100; i += 1) test("late " + i, () => {});
`;

const runners = {
  "node --test": {
    imports: 'import { test } from "node:test";',
    file: "adds.test.mjs",
    command: ["--test", "--test-reporter=tap", "adds.test.mjs"],
  },
  vitest: {
    imports: `import { test } from ${JSON.stringify(join(root, "node_modules/vitest/dist/index.js"))};`,
    file: "adds.test.mjs",
    command: [join(root, "node_modules/vitest/vitest.mjs"), "run", "--reporter=verbose"],
  },
};

for (const [name, { imports, file, command }] of Object.entries(runners)) {
  test(`of a failed run of ${name} the failed test and its reason are shown`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "silt-excerpt-"));
    try {
      await writeFile(join(folder, file), failingTests(imports));
      // A test that runs within another would be told of it.
      const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
      const options = /** @type {const} */ ({ cwd: folder, env, encoding: "utf8" });
      const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
      assert.equal(status, 1);
      const shown = excerpt(stdout + stderr);
      assert.match(shown, /adds up/);
      assert.match(shown, /two and two is five/);
      assert.doesNotMatch(shown, /early 5\b/);
      assert.ok(shown.split("\n").length < 90, shown);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

const outputs = {
  "cargo test": "---- sums::add_up stdout ----\nthread panicked: two and two is five",
  pytest: "FAILED tests/test_sums.py::add_up - AssertionError: two and two is five",
  "go test": '{"Output":"    two and two is five"}\n{"Output":"--- FAIL: add_up (0.00s)"}',
  conformance: "What differs:\n  go add_up (snapshot by 1)\n    two and two is five",
};

for (const [name, output] of Object.entries(outputs)) {
  test(`in the output of ${name} the failed test and its reason are found`, () => {
    const shown = excerpt(`${filler}\n${output}\n${filler}\n`);
    assert.match(shown, /add_up/);
    assert.match(shown, /two and two is five/);
    assert.ok(shown.split("\n").length < 30, shown);
  });
}

test("of an output that names no test its end is shown", () => {
  const shown = excerpt(`${filler}\nerror: expected one of these\n`);
  assert.match(shown, /\nerror: expected one of these$/);
  assert.ok(shown.split("\n").length <= 40);
});

test("of very many failures the first are shown, and that there are more", () => {
  const many = Array.from({ length: 500 }, (_, i) => `not ok ${i} - sum ${i}`).join("\n");
  assert.match(excerpt(many), /^not ok 0 - sum 0\n(.*\n)*… 420 lines more, above$/);
});
