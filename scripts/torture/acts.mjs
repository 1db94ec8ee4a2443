import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Sandbox } from "@silt/sandbox";
import { root, testPrograms } from "../paths.mjs";
import { accountOf } from "./wrote.mjs";

/**
 * @typedef {object} Written what a session wrote
 * @property {number} sessionId
 * @property {boolean} lines whether it was `print-lines`, whose bytes are known also where it was killed
 * @property {{ source: string, bytes: number, sha256: string }[] | undefined} account its own, when it came to its end
 * @property {{ source: string, bytes: number, sha256: string }[] | undefined} totals those of the exit record
 */

/**
 * Runs a program to its end, or, where it `dies`, until a reader has seen some of it. The disk is full from then on.
 *
 * @param {object} act
 * @param {Sandbox} act.sandbox
 * @param {import("./scene.mjs").Scene} act.scene
 * @param {import("./random.mjs").Random} act.random
 * @param {string} act.workdir
 * @param {import("./follower.mjs").Follower} act.steady
 * @param {boolean} act.dies
 * @param {string | undefined} act.filler a file that takes the rest of the disk for a while
 * @returns {Promise<Written>}
 */
export async function runProgram({ sandbox, scene, random, workdir, steady, dies, filler }) {
  const account = join(workdir, `account-${scene.sessions}`);
  const filling = filler === undefined ? undefined : await diskFiller(filler);
  const lines = random.chance(0.75);
  const [program, args] = lines
    ? ["print-lines", [random.between(1_000, 400_000) * (filling ? 2 : 1)]]
    : ["print-random", [random.between(1, 2 ** 31), random.between(0, 4 << 20), 100_000]];
  const session = await start(sandbox, scene, program, [...args.map(String), account]);
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
  }
  // Not asked again after the kill, with which the wait for its end is over too.
  let killed = dies && !over;
  if (filling) {
    await Promise.race([ended.catch(() => {}), setTimeout(random.between(20, 400))]);
    killed = dies && !over;
    if (killed) await crash(sandbox.name);
    await filling.end();
  }
  if (killed) return written;
  const { exitCode, totals } = await ended;
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}`);
  return { ...written, account: await accountOf(account), totals };
}

/**
 * Runs a program that prints one line, to its end.
 *
 * @param {{ sandbox: Sandbox, scene: import("./scene.mjs").Scene, workdir: string }} act
 * @returns {Promise<Written>}
 */
export async function runOne({ sandbox, scene, workdir }) {
  const account = join(workdir, `account-${scene.sessions}`);
  const session = await start(sandbox, scene, "print-lines", ["1", account]);
  const { totals } = await session.wait();
  return { sessionId: session.sessionId, lines: true, account: await accountOf(account), totals };
}

/** @param {Sandbox} sandbox @param {import("./scene.mjs").Scene} scene @param {string} program @param {string[]} args */
async function start(sandbox, scene, program, args) {
  scene.starting = true;
  const session = await sandbox.spawn(join(testPrograms, program), args);
  scene.sessions = session.sessionId;
  scene.starting = false;
  return session;
}

/**
 * Leaves no room on the disk until it is ended.
 *
 * @param {string} path
 */
async function diskFiller(path) {
  const program = join(root, "scripts/torture/fill-program.mjs");
  const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  return {
    async end() {
      child.kill("SIGKILL");
      await ended;
      await rm(path, { force: true });
    },
  };
}

/** Kills a sandbox's supervisor, unless that is done. @param {string} name */
async function crash(name) {
  const { info, status } = await Sandbox.get(name);
  if (status === "crashed") return;
  process.kill(/** @type {number} */ (info.supervisorPid), "SIGKILL");
  while ((await Sandbox.get(name)).status !== "crashed") await setTimeout(1);
}

/** Kills a sandbox's supervisor and starts the sandbox again. @param {string} name */
export async function killSupervisor(name) {
  await crash(name);
  return await (await Sandbox.get(name)).start();
}
