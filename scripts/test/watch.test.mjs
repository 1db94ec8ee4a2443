import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Scene } from "../torture/scene.mjs";
import { watched } from "../torture/watch.mjs";

test("a reader that is stuck fails the torture by its name, its place and what it waits for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "silt-watch-"));
  try {
    const entry = { t: "2026-01-01T00:00:00.000000000Z", s: "stdout", id: 1, n: 41, d: "x\n" };
    await writeFile(join(folder, "exec.log.000001"), `${JSON.stringify(entry)}\n`);
    const scene = new Scene(folder);
    scene.doing = "the stop";
    const moves = { name: "follower 1", progress: () => "0", waits: () => "has ended" };
    const stuck = {
      ...{ name: "follower 2", progress: () => "9" },
      waits: () => "waits for more at 9, cursor abc, read by Rust (process 7)",
    };
    await assert.rejects(watched(scene, [moves, stuck], new Promise(() => {}), 200), {
      message:
        "nothing moved for 0.2 s; the log ends with 41; going on: the stop; follower 1 has ended; follower 2 waits for more at 9, cursor abc, read by Rust (process 7)",
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a reader that moves, however slowly, is waited for", async () => {
  const scene = new Scene("");
  let looks = 0;
  let done = (/** @type {string} */ _) => {};
  const work = new Promise((resolve) => {
    done = resolve;
  });
  const slow = {
    name: "slow",
    progress: () => {
      looks += 1;
      if (looks === 300) done("read");
      return String(looks);
    },
    waits: () => "",
  };
  assert.equal(await watched(scene, [slow], work, 100), "read");
});
