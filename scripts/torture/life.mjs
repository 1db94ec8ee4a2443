import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { Sandbox } from "@silt/sandbox";
import { killSupervisor, runOne, runProgram } from "./acts.mjs";
import { Follower } from "./follower.mjs";
import { judge } from "./judge.mjs";
import { Random } from "./random.mjs";
import { Scene } from "./scene.mjs";
import { Straggler } from "./straggler.mjs";
import { watched } from "./watch.mjs";

/** @typedef {"roomy" | "tight" | "full"} Kind */

const READERS = 3;

/** @param {Random} random @param {Kind} kind */
function logs(random, kind) {
  if (kind === "full") return { maxBytes: 1 << 30, segmentBytes: random.between(64, 256) << 10 };
  if (kind === "roomy") return { maxBytes: 1 << 30, segmentBytes: random.between(64, 512) << 10 };
  const maxBytes = random.between(1 << 20, 8 << 20);
  return { maxBytes, segmentBytes: random.between(64 << 10, maxBytes / 8) };
}

/**
 * One sandbox from its creation to its removal: programs that print known bytes, readers that come and go, and
 * supervisors that are killed.
 *
 * @param {Random} random
 * @param {Kind} kind `roomy`: nothing may be missing; `tight`: slow readers meet rotation; `full`: so is the disk
 * @param {string} home where sandboxes are kept; on a small disk of its own for `full`
 * @param {string} scratch for what is none of Silt's
 * @param {number} most programs
 * @param {number} until by the clock of `performance`: no other program begins after it
 */
export async function life(random, kind, home, scratch, most, until) {
  const workdir = await mkdtemp(join(scratch, "workdir-"));
  let sandbox = await Sandbox.create({ runtime: "process", workdir, logs: logs(random, kind) });
  const scene = new Scene(join(home, "sandboxes", sandbox.name, "logs"));
  const own = () => new Random(random.between(0, 2 ** 31));
  const steady = new Follower("the steady follower", scene, own(), undefined);
  const others = Array.from(
    { length: READERS - 1 },
    (_, index) => new Follower(`follower ${index + 1}`, scene, own(), steady),
  );
  const followers = [steady, ...others];
  const straggler = new Straggler(scene, own());
  const reading = Promise.all(followers.map((follower) => follower.run()));
  // Looked at when all is over; until then it must not end this process.
  reading.catch(() => {});
  let crashes = 0;
  /** @type {import("./acts.mjs").Written[]} */
  const written = [];
  const acts = async () => {
    const programs = random.between(Math.ceil(most / 3), most);
    for (let i = 0; i < programs; i += 1) {
      if (i > 0 && performance.now() >= until) break;
      const dies = random.chance(0.7);
      const filler = kind === "full" && random.chance(0.7) ? join(home, "filler") : undefined;
      scene.doing = `program ${i + 1}${dies ? ", whose supervisor is killed" : ""}`;
      await straggler.hold();
      const run = runProgram({ sandbox, scene, random, workdir, steady, dies, filler });
      written.push(await Promise.race([run, reading.then(() => run)]));
      if (dies) {
        sandbox = await killSupervisor(sandbox.name);
        crashes += 1;
        scene.next();
      }
      // With it, what a full disk took is on record.
      if (filler !== undefined) written.push(await runOne({ sandbox, scene, workdir }));
      scene.doing = "the straggler's reading";
      await straggler.catchUp();
    }
    await straggler.leave();
    scene.doing = "the stop";
    await sandbox.stop();
    scene.end();
    await reading;
  };
  try {
    await watched(scene, [...followers, straggler], acts());
    return await judge({ kind, scene, followers, straggler, written, crashes });
  } finally {
    await straggler.leave();
    // After a failure too, readers come to an end.
    for (const follower of followers) follower.abandon();
    await (await Sandbox.get(sandbox.name)).remove({ force: true });
    scene.end();
    await reading.catch(() => {});
    await rm(workdir, { recursive: true, force: true });
  }
}
