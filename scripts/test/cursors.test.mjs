import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Difference } from "../conformance/check.mjs";
import { clients } from "../conformance/clients.mjs";
import {
  changedKept,
  currentVersion,
  keepCursors,
  keptFiles,
  readKept,
} from "../conformance/cursors/kept.mjs";
import { resumeFrom } from "../conformance/cursors/resume.mjs";
import { saveCursors } from "../conformance/cursors/save.mjs";
import { fixturesWithCursors } from "../conformance/cursors/table.mjs";
import { Post } from "../conformance/post.mjs";

/** @param {(post: Post) => Promise<void>} body */
async function atPost(body) {
  const [typescript] = clients;
  const started = await typescript?.prepare();
  assert.ok(started && "program" in started);
  const post = new Post(started, 7);
  try {
    await body(post);
  } finally {
    assert.equal(await post.close(), null);
  }
}

test("cursors of this version are kept, of every fixture that has any", async () => {
  const version = await currentVersion();
  const wanted = fixturesWithCursors().map((name) => `${version}/${name}.json`);
  const files = await keptFiles();
  const missing = wanted.filter((file) => !files.includes(file));
  assert.deepEqual(missing, [], "run: npm run conformance -- --keep-cursors");
  for (const file of files) assert.ok((await readKept(file)).cursors.length > 0, file);
});

test("kept cursors are as they were when they were kept", async () => {
  assert.deepEqual(await changedKept(), []);
});

test("kept cursors of a version are never written again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "silt-cursors-"));
  try {
    await atPost(async (post) => {
      const saved = await saveCursors(await post.agent(), await post.ways(), "single", 0);
      const named = saved.map((one) => ({ ...one, client: "typescript" }));
      assert.ok((await keepCursors("7.0.0", named, folder)) > 0);
      await writeFile(join(folder, "7.0.0", "single.json"), "as it was");
      await assert.rejects(keepCursors("7.0.0", named, folder), /never written again/);
      assert.equal(await readFile(join(folder, "7.0.0", "single.json"), "utf8"), "as it was");
      const other = named.map((one) => ({ ...one, fixture: "empty" }));
      assert.ok((await keepCursors("7.0.0", [...named, ...other], folder)) > 0);
      assert.equal(await readFile(join(folder, "7.0.0", "single.json"), "utf8"), "as it was");
      assert.deepEqual((await readdir(join(folder, "7.0.0"))).sort(), [
        "empty.json",
        "single.json",
      ]);
      assert.ok((await keepCursors("7.1.0", named, folder)) > 0);
      assert.deepEqual((await readdir(folder)).sort(), ["7.0.0", "7.1.0", "SHA256SUMS"]);
      const sums = await readFile(join(folder, "SHA256SUMS"), "utf8");
      const names = ["7.0.0/single", "7.0.0/empty", "7.1.0/single"];
      const lines = names.map((name) => `\\w{64} {2}${name.replaceAll(".", "\\.")}\\.json\\n`);
      assert.match(sums, new RegExp(`^${lines.join("")}$`));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("an entry too many or too few after a cursor is seen", async () => {
  await atPost(async (post) => {
    const agent = await post.agent();
    const ways = await post.ways();
    const saved = await saveCursors(agent, ways, "plain", 0);
    const middle = saved.find(({ after }) => after.exec === 20);
    assert.ok(middle, "a cursor after entry 20");
    for (const way of ways.filter((way) => way !== "bytes text")) {
      await resumeFrom(agent, way, middle);
      for (const exec of [null, 19, 21]) {
        await assert.rejects(resumeFrom(agent, way, { ...middle, after: { exec } }), Difference);
      }
    }
  });
});
