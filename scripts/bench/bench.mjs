// Runs in a current Node, which microsandbox needs: node bench.mjs [ENTRIES]
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../paths.mjs";
import * as docker from "./peers/docker.mjs";
import * as microsandbox from "./peers/microsandbox.mjs";
import * as silt from "./peers/silt.mjs";
import { publish } from "./publish.mjs";
import { table } from "./report.mjs";
import { commandLineRows } from "./rows/command-line.mjs";
import { followRows } from "./rows/follow.mjs";
import { nodeRows } from "./rows/node.mjs";

/** @typedef {import("./rows/row.mjs").Row} Row */

const asked = process.argv[2];
const count = Number(asked ?? 500_000);
const programs = join(root, "scripts/bench/programs");
const work = join(root, "bench/work");
await mkdir(work, { recursive: true });
const folder = await mkdtemp(join(work, "run-"));
process.env.SILT_HOME = join(folder, "silt");
process.env.MSB_HOME = join(folder, "msb");
const dockerTitle = docker.title();
const container = `silt-bench-${process.pid}`;

try {
  progress(`${count} entries through each program`);
  const command = [process.execPath, join(programs, "write-lines.mjs"), String(count)];
  const seconds = await silt.record("bench", command);
  await microsandbox.recordLines("bench", count);
  if (dockerTitle) await docker.recordLines(container, count, join(folder, "image"));

  progress("reading in Node");
  const node = await nodeRows(["silt", "microsandbox"], "bench", count);
  progress("the command line");
  const commandLine = commandLineRows(
    {
      silt: (...args) => silt.logsCommand("bench", ...args),
      microsandbox: (...args) => microsandbox.logsCommand("bench", ...args),
      ...(dockerTitle && {
        docker: (/** @type {string[]} */ ...args) => docker.logsCommand(container, ...args),
      }),
    },
    count,
  );
  progress("following");
  const followed = await followRows({ silt: liveSilt, microsandbox: liveMicrosandbox });

  const rows = [...node, ...commandLine, ...followed, captureRow(seconds, node)];
  const titles = {
    silt: silt.name,
    microsandbox: microsandbox.name,
    ...(dockerTitle && { docker: dockerTitle }),
  };
  process.stdout.write(`\n${table(rows, titles)}\n`);
  if (asked === undefined) await publish(rows, titles);
} finally {
  if (dockerTitle) docker.remove(container);
  await rm(folder, { recursive: true, force: true });
}

/** @param {string} what */
function progress(what) {
  process.stderr.write(`Measuring: ${what} …\n`);
}

/** What was captured is what the stream then read, so its losses are those of the capture too. @param {number} seconds @param {Row[]} node @returns {Row} */
function captureRow(seconds, [stream]) {
  const { lost = 0, repeated = 0 } = stream?.figures.silt ?? {};
  return {
    id: "capture",
    what: "Capture, from the program's start to its exit record",
    unit: "lines/s",
    better: "higher",
    figures: { silt: { value: count / seconds, lost, repeated } },
  };
}

/** @type {import("./rows/follow.mjs").Live} */
async function liveSilt(kind, lines, number) {
  const sandbox = `live-${kind}`;
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
async function liveMicrosandbox(kind, lines, number) {
  const sandbox = `live-${kind}`;
  await microsandbox.create(sandbox);
  return {
    sandbox,
    write: () => microsandbox.writeLive(sandbox, kind, lines, number),
    stop: async () => {},
  };
}
