import { spawnSync } from "node:child_process";

/**
 * Runs a program that checks others. It must succeed; where it lists what is wrong, it must list nothing.
 *
 * @param {string} name
 * @param {string[]} command
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, lists?: boolean }} options
 * @returns {import("./languages.mjs").Check}
 */
export function check(name, [program = "", ...args], { lists = false, ...options }) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: 300_000,
    ...options,
  });
  const output = `${error ?? ""}${stdout}${stderr}`;
  if (status === 0 && !(lists && output !== "")) return { name, output: "" };
  return { name, output: output || `${program} ended with ${status}` };
}
