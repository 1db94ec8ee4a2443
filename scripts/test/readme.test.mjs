import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../paths.mjs";
import { supportedNodes } from "./current-node.mjs";
import { examplesOf } from "./examples.mjs";

/** @type {string} */
let folder;
/** @type {string} */
let home;

before(async () => {
  // Below the checkout's node_modules, so that `@silt/sandbox` is found as it is in a user's project.
  const cache = join(root, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, "readme-"));
  home = await mkdtemp(join(tmpdir(), "silt-readme-"));
  const [example = ""] = await examplesOf("README.md");
  await writeFile(join(folder, "example.mjs"), example);
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

for (const [name, node] of Object.entries(supportedNodes())) {
  test(`the README's example runs as it stands on ${name}`, (t) => {
    if ("missing" in node) return t.skip(node.missing);
    const { status, stdout, stderr } = spawnSync(node.path, [join(folder, "example.mjs")], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, SILT_HOME: home },
      timeout: 60_000,
    });
    if (stderr.includes("RuntimeUnavailable")) return t.skip(`no namespaces here: ${stderr}`);
    assert.equal(status, 0, stderr);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => line.replace(/^(\S+) \d+ (\S+) /, "$1 $2 "));
    const expected = [1, 2, 3, 4, 5, 6].map((step) => `stdout INFO step ${step}`);
    const onStdout = lines.filter((line) => line.startsWith("stdout"));
    assert.deepEqual(onStdout, [...expected, "stdout INFO done"]);
    assert.deepEqual(
      lines.filter((line) => line.startsWith("stderr")),
      ["stderr WARNING warning: almost"],
    );
  });
}
