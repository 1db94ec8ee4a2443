import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { typescript } from "../generate/typescript.mjs";
import { root } from "../paths.mjs";

/** @typedef {import("../generate/definition.mjs").Interface} Interface */

const client = "packages/sandbox";
const handled = await readFile(join(root, client, "test/typing/handled.ts"), "utf8");

/**
 * The TypeScript client as it is generated from another definition, in a folder of its own.
 *
 * @param {import("node:test").TestContext} t
 * @param {(definition: Interface) => void} [change]
 */
async function generatedFor(t, change = () => {}) {
  const folder = await mkdtemp(join(tmpdir(), "silt-types-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const name of ["src", "package.json"]) {
    await cp(join(root, client, name), join(folder, name), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const path = join(root, "crates/silt-interface/interface.json");
  const definition = JSON.parse(await readFile(path, "utf8"));
  change(definition);
  for (const [name, text] of Object.entries(typescript(definition))) {
    await writeFile(join(folder, name.slice(client.length)), text);
  }
  return folder;
}

/**
 * Each error that the compiler finds in a program, and in the client that is in the folder.
 *
 * @param {string} folder
 * @param {string} program
 */
async function check(folder, program) {
  await writeFile(join(folder, "program.ts"), program);
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      composite: false,
      noEmit: true,
      paths: { "@silt/sandbox": ["./src/index.ts"] },
    },
    include: ["program.ts", "src"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, "-p", ".", "--pretty", "false"],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  const errors = stdout.split(/\n(?=\S)/).filter((error) => error.trim() !== "");
  assert.equal(status === 0, errors.length === 0, `${status}: ${stdout}`);
  return errors;
}

/** @param {Interface} definition */
function addError({ errors }) {
  const doc = "The moon is in the wrong phase.";
  errors.push({ code: "WrongMoon", class: true, retryable: true, doc, fields: [] });
}

test("a program that handles every error passes the type check of TypeScript", async (t) => {
  assert.deepEqual(await check(await generatedFor(t), handled), []);
});

test("a new error code fails the type check of a program that does not handle it", async (t) => {
  const said = await check(await generatedFor(t, addError), handled);
  assert.equal(said.length, 1, said.join("\n"));
  assert.match(said[0] ?? "", /^program\.ts.*'"WrongMoon"'.*'never'/);
});

test("a code without a class fails the type check of the client itself", async (t) => {
  const folder = await generatedFor(t, addError);
  const file = join(folder, "src/generated/error-classes.ts");
  const classes = await readFile(file, "utf8");
  await writeFile(file, classes.replaceAll(/^ {2}WrongMoon,\n/gm, ""));
  const said = await check(folder, "");
  assert.equal(said.length, 1, said.join("\n"));
  assert.match(said[0] ?? "", /^src\/generated\/error-classes\.ts.*'WrongMoon' is missing/);
});

test("a new option is accepted by the type check as what it is, and as nothing else", async (t) => {
  const program = [
    'import type { LogDirectory } from "@silt/sandbox";',
    "export const right = (log: LogDirectory) => log.logStream({ fullMoon: true });",
    "export const wrong = (log: LogDirectory) => log.logStream({ fullMoon: 3 });",
  ].join("\n");
  const unknown = await check(await generatedFor(t), program);
  assert.equal(unknown.length, 2, unknown.join("\n"));
  const doc = "Only entries that were written under a full moon.";
  const option = { name: "fullMoon", type: "flag", default: "false", doc };
  const folder = await generatedFor(t, ({ options }) =>
    options.find(({ name }) => name === "LogStreamOptions")?.options.push(option),
  );
  const said = await check(folder, program);
  assert.equal(said.length, 1, said.join("\n"));
  assert.match(said[0] ?? "", /^program\.ts\(3,.*'number'.*'boolean/s);
});
