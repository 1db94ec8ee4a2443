import { spawnSync } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../paths.mjs";
import { run } from "./run.mjs";

export const name = "microsandbox 0.6.18";
export const folder = join(root, "bench/microsandbox");

const modules = join(folder, "node_modules");
const command = join(modules, "@superradcompany/microsandbox-linux-x64-gnu/bin/msb");
const writer = join(root, "scripts/bench/programs/msb-log.mjs");

/** @param {string} sandbox */
export async function openHandle(sandbox) {
  const entry = pathToFileURL(join(modules, "microsandbox/dist/index.js"));
  const { Sandbox } = await import(entry.href);
  return Sandbox.get(sandbox);
}

/** @param {string} sandbox @param {string[]} args */
export function logsCommand(sandbox, ...args) {
  return [command, "logs", sandbox, ...args];
}

/** @param {string} sandbox */
function logFolder(sandbox) {
  return join(process.env.MSB_HOME ?? "", "sandboxes", sandbox, "logs");
}

/**
 * Makes the record of a sandbox. Whether its machine starts does not matter here: without hardware virtualisation
 * it does not, and the record is made all the same.
 *
 * @param {string} sandbox
 */
export async function create(sandbox) {
  const rootfs = join(process.env.MSB_HOME ?? "", `${sandbox}-rootfs`);
  await mkdir(rootfs, { recursive: true });
  spawnSync(command, ["create", "--name", sandbox, rootfs], { timeout: 60_000 });
  spawnSync(command, ["stop", sandbox], { timeout: 60_000 });
  for (const log of ["exec.log", "runtime.log", "kernel.log"]) {
    await rm(join(logFolder(sandbox), log), { force: true });
  }
}

/** @param {string} sandbox @param {number} count */
export async function recordLines(sandbox, count) {
  await create(sandbox);
  await run(process.execPath, [writer, "whole", String(count), logFolder(sandbox)]);
}

/** @param {string} sandbox @param {"lines" | "stamps"} kind @param {number} count @param {number} number */
export async function writeLive(sandbox, kind, count, number) {
  const args = [writer, kind, String(count), logFolder(sandbox), String(number)];
  await run(process.execPath, args);
}
