import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { setPriority } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../paths.mjs";
import { buildTargets, corpus, found, targets } from "./tool.mjs";

const artifacts = join(root, "target/fuzz/artifacts");

/**
 * @typedef {object} Run
 * @property {string} target
 * @property {number} seconds
 * @property {number} executions
 * @property {number} perSecond
 * @property {number} coverage edges of the program that were reached
 * @property {number} inputs the corpus, with what the run has found
 * @property {boolean} clean
 */

/**
 * Fuzzes each target for its share of the time, one after the other, up to the first that fails.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @param {number} minutes in total
 * @param {string[]} [chosen] all where none are named
 */
export async function fuzz(rust, minutes, chosen) {
  const program = buildTargets(rust);
  if (!program) return false;
  const all = chosen ?? targets();
  const seconds = Math.max(1, Math.round((minutes * 60) / all.length));
  mkdirSync(artifacts, { recursive: true });
  /** @type {Run[]} */
  const runs = [];
  for (const target of all) {
    process.stderr.write(`Fuzzing ${target} for ${seconds} s\n`);
    const run = await one(program(target), target, seconds);
    runs.push(run);
    if (!run.clean) break;
  }
  print(runs);
  return runs.every((run) => run.clean);
}

/** @param {string} program @param {string} target @param {number} seconds @returns {Promise<Run>} */
async function one(program, target, seconds) {
  mkdirSync(found(target), { recursive: true });
  const dictionary = join(root, "fuzz/dictionaries", `${target}.dict`);
  const args = [
    `-max_total_time=${seconds}`,
    `-artifact_prefix=${artifacts}/${target}-`,
    ...["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"],
    ...(existsSync(dictionary) ? [`-dict=${dictionary}`] : []),
    ...[found(target), corpus(target)],
  ];
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "inherit", "pipe"] });
  // What runs beside it goes first.
  if (child.pid) setPriority(child.pid, 19);
  const run = { target, seconds, executions: 0, perSecond: 0, coverage: 0, inputs: 0, clean: true };
  /** @type {string[]} */
  const last = [];
  let artifact = "";
  for await (const line of createInterface({ input: child.stderr })) {
    last.push(line);
    if (last.length > 60) last.shift();
    run.executions = number(line, /number_of_executed_units:\s+(\d+)/) ?? run.executions;
    run.perSecond = number(line, /average_exec_per_sec:\s+(\d+)/) ?? run.perSecond;
    run.coverage = number(line, / cov: (\d+)/) ?? run.coverage;
    artifact = line.match(/Test unit written to (\S+)/)?.[1] ?? artifact;
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  run.inputs = readdirSync(found(target)).length + readdirSync(corpus(target)).length;
  run.clean = child.exitCode === 0;
  if (!run.clean) {
    process.stderr.write(`${last.join("\n")}\n${target} failed. Again:\n`);
    process.stderr.write(`  ${relative(root, program)} ${artifact || "(no input was kept)"}\n`);
  }
  return run;
}

/** @param {string} line @param {RegExp} pattern */
function number(line, pattern) {
  const digits = line.match(pattern)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** @param {Run[]} runs */
function print(runs) {
  const rows = runs.map((run) => [
    run.target,
    ...[run.seconds, run.executions, run.perSecond, run.coverage, run.inputs].map(String),
    run.clean ? "nothing" : "FAILED",
  ]);
  const all = runs.reduce((sum, run) => sum + run.executions, 0);
  const head = ["target", "seconds", "executions", "per second", "edges", "inputs", "found"];
  const table = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  for (const row of table) {
    const cells = row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    process.stdout.write(`${cells.join("  ")}\n`);
  }
  process.stdout.write(`${all} executions over ${runs.length} targets\n`);
}
