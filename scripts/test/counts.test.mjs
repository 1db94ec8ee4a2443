import assert from "node:assert/strict";
import { test } from "node:test";
import { checked, none, ofCargo, ofCheck, ofNodeTest, ofPytest, ofVitest, sum } from "./counts.mjs";

test("cargo's results are summed over all its binaries", () => {
  const output = [
    "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s",
    "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s",
  ].join("\n");
  assert.deepEqual(ofCargo(output), { passed: 15, failed: 2, skipped: 1 });
});

test("a test file that vitest could not load is a failure", () => {
  const report = {
    numPassedTests: 4,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    numFailedTestSuites: 1,
  };
  assert.deepEqual(ofVitest(JSON.stringify(report)), { passed: 4, failed: 1, skipped: 1 });
});

test("node's totals are read from its last lines", () => {
  const output = "# tests 5\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 0\n# todo 0\n";
  assert.deepEqual(ofNodeTest(output), { passed: 3, failed: 2, skipped: 0 });
});

test("pytest's totals are read from its last line", () => {
  const output =
    "FAILED tests/a.py - 3 passed\n2 failed, 66 passed, 1 skipped, 1 error in 35.00s\n";
  assert.deepEqual(ofPytest(output), { passed: 66, failed: 3, skipped: 1 });
  assert.deepEqual(ofPytest("===== 5 passed in 0.10s =====\n"), {
    passed: 5,
    failed: 0,
    skipped: 0,
  });
});

test("a suite that ran nothing is a failure", () => {
  const ended = { succeeded: true, output: "there is no test" };
  assert.deepEqual(checked(none(), ended), {
    passed: 0,
    failed: 1,
    skipped: 0,
    failures: ["there is no test"],
  });
});

test("a command that failed after its tests passed is a failure", () => {
  const ended = { succeeded: false, output: "it can not end" };
  assert.deepEqual(checked({ passed: 3, failed: 0, skipped: 0 }, ended), {
    passed: 3,
    failed: 1,
    skipped: 0,
    failures: ["it can not end"],
  });
});

test("a sum has what all parts said of their failures", () => {
  const failed = ["one", "two"].map((output) => ofCheck({ succeeded: false, output }));
  const passed = ofCheck({ succeeded: true, output: "all is well" });
  assert.deepEqual([passed, ...failed].reduce(sum, none()), {
    passed: 1,
    failed: 2,
    skipped: 0,
    failures: ["one", "two"],
  });
});
