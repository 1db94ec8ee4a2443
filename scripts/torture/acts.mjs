import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Sandbox } from "@silt/sandbox";
import { testPrograms } from "../paths.mjs";
import { accountOf } from "./wrote.mjs";

/**
 * @typedef {object} Written what a session wrote
 * @property {number} sessionId
 * @property {boolean} lines whether it was `print-lines`, whose bytes are known also where it was killed
 * @property {{ source: string, bytes: number, sha256: string }[] | undefined} account its own, when it came to its end
 * @property {{ source: string, bytes: number, sha256: string }[] | undefined} totals those of the exit record
 */

/**
 * Runs a program to its end, or, where it `dies`, until a reader has seen some of it.
 *
 * @param {object} act
 * @param {Sandbox} act.sandbox
 * @param {import("./scene.mjs").Scene} act.scene
 * @param {import("./random.mjs").Random} act.random
 * @param {string} act.workdir
 * @param {import("./follower.mjs").Follower} act.steady
 * @param {boolean} act.dies
 * @param {string | undefined} act.filler a file that takes the rest of the disk while the program runs
 * @returns {Promise<Written>}
 */
export async function runProgram({ sandbox, scene, random, workdir, steady, dies, filler }) {
  const account = join(workdir, `account-${scene.sessions}`);
  const lines = random.chance(0.75);
  const [program, args] = lines
    ? ["print-lines", [random.between(1_000, 400_000)]]
    : ["print-random", [random.between(1, 2 ** 31), random.between(0, 4 << 20), 100_000]];
  const session = await sandbox.spawn(join(testPrograms, program), [...args.map(String), account]);
  scene.sessions = session.sessionId;
  let over = false;
  const ended = session.wait().finally(() => {
    over = true;
    scene.turn.changed();
  });
  ended.catch(() => {});
  const seen = steady.ledger.entries + random.between(1, 100_000);
  const written = { sessionId: session.sessionId, lines, account: undefined, totals: undefined };
  if (dies) {
    await scene.turn.until(() => over || steady.ledger.entries >= seen);
    if (!over) return written;
  }
  if (filler !== undefined) {
    await scene.turn.until(() => over || steady.ledger.entries >= seen);
    await writeFile(filler, Buffer.alloc(16 << 20)).catch((error) => {
      if (error.code !== "ENOSPC") throw error;
    });
  }
  const { exitCode, totals } = await ended;
  if (filler !== undefined) await rm(filler, { force: true });
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}`);
  return { ...written, account: await accountOf(account), totals };
}

/** Kills a sandbox's supervisor and starts the sandbox again. @param {string} name */
export async function killSupervisor(name) {
  const { info } = await Sandbox.get(name);
  process.kill(/** @type {number} */ (info.supervisorPid), "SIGKILL");
  for (;;) {
    const handle = await Sandbox.get(name);
    if (handle.status === "crashed") return await handle.start();
    await setTimeout(1);
  }
}
