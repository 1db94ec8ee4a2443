import { join } from "node:path";
import { root } from "../paths.mjs";
import * as microsandbox from "./peers/microsandbox.mjs";
import * as silt from "./peers/silt.mjs";

const programs = join(root, "scripts/bench/programs");

/** @type {import("./rows/follow.mjs").Live} */
async function liveSilt(kind, lines, number, name = kind) {
  const sandbox = `live-${name}`;
  const program = kind === "stamps" ? "write-stamped.mjs" : "write-lines.mjs";
  const args = [String(lines), kind === "stamps" ? String(number) : "paced"];
  // A line of the log is the line of the program and about sixty bytes beside it. microsandbox keeps five files.
  const segmentBytes = number * 160;
  const logs = kind === "lines" ? { segmentBytes, maxBytes: 5 * segmentBytes } : {};
  const command = [process.execPath, join(programs, program), ...args];
  const live = await silt.startLive(sandbox, command, logs);
  return { sandbox, ...live };
}

/** @type {import("./rows/follow.mjs").Live} */
async function liveMicrosandbox(kind, lines, number, name = kind) {
  const sandbox = `live-${name}`;
  await microsandbox.create(sandbox);
  return {
    sandbox,
    write: () => microsandbox.writeLive(sandbox, kind, lines, number),
    stop: async () => {},
  };
}

/** Logs that are written while they are followed, by program. */
export const live = { silt: liveSilt, microsandbox: liveMicrosandbox };
