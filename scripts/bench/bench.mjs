// Runs in a current Node, which microsandbox needs: node bench.mjs [ENTRIES]
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { languages } from "./languages/languages.mjs";
import { live } from "./live.mjs";
import * as docker from "./peers/docker.mjs";
import * as microsandbox from "./peers/microsandbox.mjs";
import * as silt from "./peers/silt.mjs";
import { publish } from "./publish.mjs";
import { table } from "./report.mjs";
import { commandLineRows } from "./rows/command-line.mjs";
import { followRows } from "./rows/follow.mjs";
import { drainRows, wakeRows } from "./rows/languages.mjs";
import { nodeRows } from "./rows/node.mjs";

/** @typedef {import("./rows/row.mjs").Row} Row */

const asked = process.argv[2];
const count = Number(asked ?? 500_000);
/** What is read in each language. */
const drained = 2 * count;
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
  const command = (/** @type {number} */ lines) => [
    ...[process.execPath, join(programs, "write-lines.mjs"), String(lines)],
  ];
  const seconds = await silt.record("bench", command(count));
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
  const followed = await followRows(live);

  progress(`${drained} entries in each language`);
  await silt.record("drained", command(drained), { maxBytes: 2 ** 30 });
  await microsandbox.recordLines("drained", drained);
  const known = languages(folder);
  const read = await drainRows(known, "drained", drained);
  progress("following in each language");
  const woken = await wakeRows(known, live);

  const clients = { silt: silt.name, microsandbox: microsandbox.name };
  const titles = { ...clients, ...(dockerTitle && { docker: dockerTitle }) };
  /** @type {import("./report.mjs").Table[]} */
  const tables = [
    { title: "", titles, rows: [...node, ...commandLine, ...followed, captureRow(seconds, node)] },
    { title: `Read ${drained.toLocaleString("en")} entries`, titles: clients, rows: read },
    { title: "Follow, from the write to the reader", titles: clients, rows: woken },
  ];
  process.stdout.write(`\n${tables.map(table).join("\n\n")}\n`);
  if (asked === undefined) await publish(tables);
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
