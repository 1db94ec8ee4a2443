import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { executable, root } from "../paths.mjs";
import { examplesOf } from "./examples.mjs";

/** @type {string} */
let folder;
/** @type {string} */
let home;

before(async () => {
  // Below the checkout's node_modules, so that `@silt/sandbox` is found as it is in a user's project.
  const cache = join(root, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, "pages-"));
  home = await mkdtemp(join(tmpdir(), "silt-pages-"));
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

for (const page of ["docs/sdk.md", "packages/sandbox/README.md"]) {
  const programs = await examplesOf(page);
  for (const [index, program] of programs.entries()) {
    test(`example ${index + 1} of ${page} runs as it stands`, async (t) => {
      const file = join(folder, "example.mjs");
      await writeFile(file, program);
      const { status, stderr } = spawnSync(process.execPath, [file], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, SILT_HOME: home },
        timeout: 60_000,
      });
      if (stderr.includes("RuntimeUnavailable")) return t.skip(`no namespaces here: ${stderr}`);
      assert.equal(status, 0, stderr);
    });
  }
}

describe("docs/cli.md", async () => {
  const page = await readFile(join(root, "docs/cli.md"), "utf8");
  const synopsis = page.match(/```\n(.*?)```/s)?.[1] ?? "";
  /** @param {string[]} args */
  const told = (...args) => spawnSync(executable, args, { encoding: "utf8" }).stdout;
  const help = told("--help");
  const verbs = [...help.matchAll(/^ {2}([a-z]+) {2,}[A-Z]/gm)].map(([, verb = ""]) => verb);

  test("shows every verb with all of its options, and none that there is not", () => {
    assert.ok(verbs.length > 10, help);
    for (const verb of verbs) {
      const shown = synopsis.match(new RegExp(`silt ${verb}\\b(.*?)(?=\\bsilt |$)`, "s"))?.[1];
      assert.ok(shown !== undefined, verb);
      /** @param {string} text */
      const options = (text) => new Set([...text.matchAll(/--[a-z-]+/g)].map(([option]) => option));
      const there = options(told(verb, "-h").replaceAll(/^ {10,}.*$/gm, ""));
      // `-d` is shown by its short name.
      for (const common of ["--help", "--detach"]) there.delete(common);
      assert.deepEqual([...options(shown)].sort(), [...there].sort(), verb);
    }
  });

  test("has the exit codes that the command tells", () => {
    /** @param {string} text @param {RegExp} line */
    const codes = (text, line) => [...text.matchAll(line)].map(([, code]) => code);
    const expected = codes(help.split("Exit codes:")[1] ?? "", /^ {2}(\d) {4}/gm);
    assert.equal(expected.length, 7, help);
    assert.deepEqual(codes(page, /^\| (\d) \|/gm), expected);
  });
});
