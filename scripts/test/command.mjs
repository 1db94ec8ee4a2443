import { spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "../paths.mjs";

/**
 * How a program ended.
 *
 * @typedef {object} Ended
 * @property {boolean} succeeded whether its exit status was 0
 * @property {string} output both streams, in the order of their arrival
 */

/**
 * Runs a program, shows what it prints as it comes, and keeps it.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<Ended>}
 */
export async function run(program, args, { env = process.env, cwd = root } = {}) {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  /** @type {Buffer[]} */
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      chunks.push(chunk);
      process.stderr.write(chunk);
    });
  }
  try {
    const [code] = await once(child, "close");
    return { succeeded: code === 0, output: Buffer.concat(chunks).toString() };
  } catch (error) {
    const output = `${program} cannot be started: ${error}\n`;
    process.stderr.write(output);
    return { succeeded: false, output };
  }
}
