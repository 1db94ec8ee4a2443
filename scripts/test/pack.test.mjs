import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { npmProgram } from "../npm.mjs";
import { pack } from "../release/pack.mjs";
import { supportedNodes } from "./current-node.mjs";
import { examplesOf } from "./examples.mjs";

/** @type {string} */
let temporary;
/** @type {string} */
let project;
/** @type {NodeJS.ProcessEnv} */
let env;

before(async () => {
  temporary = await mkdtemp(join(tmpdir(), "silt-packed-"));
  project = join(temporary, "project");
  const programs = join(temporary, "programs");
  await mkdir(project);
  await mkdir(programs);
  // Node and nothing of Rust.
  await symlink(process.execPath, join(programs, "node"));
  env = {
    HOME: temporary,
    PATH: `${programs}:/usr/bin:/bin`,
    SILT_HOME: join(temporary, "home"),
    npm_config_offline: "true",
  };
  const archives = await pack(temporary);
  await writeFile(join(project, "package.json"), '{ "type": "module" }\n');
  execFileSync(process.execPath, [npmProgram(), "install", archives.native, archives.sandbox], {
    cwd: project,
    env,
    stdio: "pipe",
  });
  const [example = ""] = await examplesOf("README.md");
  await writeFile(join(project, "example.mjs"), example);
});

after(async () => {
  await rm(temporary, { recursive: true, force: true });
});

for (const [name, node] of Object.entries(supportedNodes())) {
  test(`the packed SDK runs the README's example on ${name}, without Rust`, (t) => {
    if ("missing" in node) return t.skip(node.missing);
    const run = spawnSync(node.path, ["example.mjs"], { cwd: project, env, encoding: "utf8" });
    if (run.stderr.includes("RuntimeUnavailable")) return t.skip(`no namespaces: ${run.stderr}`);
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /stdout \d+ INFO done/);
  });
}

test("the packed command says its version", () => {
  const silt = join(project, "node_modules/.bin/silt");
  const { status, stdout, stderr } = spawnSync(silt, ["--version"], { env, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^silt \d+\.\d+\.\d+/);
});
