import { Sandbox } from "@silt/sandbox";
import { executable } from "../../paths.mjs";

export const name = "Silt";

/** @param {string} sandbox */
export async function openHandle(sandbox) {
  return Sandbox.get(sandbox);
}

/** @param {string} sandbox @param {string[]} args */
export function logsCommand(sandbox, ...args) {
  return [executable, "logs", sandbox, ...args];
}

/**
 * Runs a program in a sandbox of its own, waits for its end, and leaves the sandbox stopped.
 *
 * @param {string} sandbox
 * @param {string[]} command
 * @param {{ maxBytes?: number, segmentBytes?: number }} [logs]
 * @returns {Promise<number>} seconds from the program's start to its exit record, which follows its last byte
 */
export async function record(sandbox, [program = "", ...args], logs = {}) {
  const created = await Sandbox.create({ name: sandbox, runtime: "process", logs });
  const began = performance.now();
  const session = await created.spawn(program, args);
  const { exitCode } = await session.wait();
  const seconds = (performance.now() - began) / 1000;
  await created.stop();
  if (exitCode !== 0) throw new Error(`${program} ended with status ${exitCode}`);
  return seconds;
}

/**
 * Starts a program and returns at once, for a reader to follow.
 *
 * @param {string} sandbox
 * @param {string[]} command
 * @param {{ maxBytes?: number, segmentBytes?: number }} [logs]
 */
export async function startLive(sandbox, [program = "", ...args], logs = {}) {
  const created = await Sandbox.create({ name: sandbox, runtime: "process", logs });
  return {
    write: async () => {
      const session = await created.spawn(program, args);
      await session.wait();
    },
    stop: () => created.stop(),
  };
}
