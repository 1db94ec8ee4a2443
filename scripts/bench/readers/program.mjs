import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A reader that was given nothing for so long is stuck. */
const PATIENCE_MS = 900_000;

/**
 * Starts a reader in another language, which prints a line of JSON for each thing it has to say.
 *
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} [env] further variables
 * @returns {import("./start.mjs").Reader}
 */
export function startProgram([program = "", ...args], env = {}) {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
    timeout: PATIENCE_MS,
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, "close");
  return {
    next: async () => {
      const { value, done } = await lines.next();
      if (!done) return JSON.parse(value);
      const [code, signal] = await ended;
      throw new Error(`${program} ${args.join(" ")} ended with ${code ?? signal} and said nothing`);
    },
  };
}
