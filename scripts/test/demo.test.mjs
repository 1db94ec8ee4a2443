import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { npmProgram } from "../npm.mjs";
import { root } from "../paths.mjs";

/** @type {string} */
let temporary;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "silt-demo-test-"));
});

afterEach(async () => {
  await rm(temporary, { recursive: true, force: true });
});

/** As a user starts it. @param {string[]} args */
function runDemo(...args) {
  return spawnSync(process.execPath, [npmProgram(), "run", "demo", "--", ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, TMPDIR: temporary },
    maxBuffer: 64 << 20,
    timeout: 300_000,
  });
}

/** @param {string} output */
function assertComplete(output) {
  const lines = output.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  const [, stdout, stderr] = last.match(/(\d+) lines on stdout and (\d+) on stderr/) ?? [];
  assert.ok(Number(stdout) >= 1000 && Number(stderr) >= 1000, last);
  assert.match(last, / 0 lost, 0 repeated, SHA-256 as written/);
  const began = /build began (\d+\.\d) s after the start of npm run demo/;
  assert.equal(lines.filter((line) => began.test(line)).length, 1);
  assert.ok(lines.some((line) => /answers at http:\/\/127\.0\.0\.1:\d+/.test(line)));
}

test("the demo reads every byte of a build in a namespace sandbox and leaves nothing behind", async (t) => {
  const { status, stdout, stderr } = runDemo();
  if (stderr.includes("--runtime process")) {
    assert.equal(status, 1);
    return t.skip(`no namespaces here: ${stderr.trim()}`);
  }
  assert.equal(status, 0, stderr);
  assertComplete(stdout);
  assert.deepEqual(await readdir(temporary), []);
});

test("the demo runs without isolation when that is asked for by name", async () => {
  const { status, stdout, stderr } = runDemo("--runtime", "process");
  assert.equal(status, 0, stderr);
  assertComplete(stdout);
  assert.deepEqual(await readdir(temporary), []);
});
