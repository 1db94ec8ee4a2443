import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { pythons } from "../python.mjs";
import { table } from "./report.mjs";

/** @typedef {import("./report.mjs").Table} Table */

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/**
 * Writes the result as JSON, the tables into docs/benchmarks.md, and the first of them into README.md.
 *
 * @param {Table[]} tables
 */
export async function publish(tables) {
  const [first, ...others] = tables;
  if (!first) throw new Error("nothing was measured");
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}`;
  const versions = { node: process.versions.node, ...languageVersions(), ...first.titles };
  const results = join(root, "bench/results");
  await mkdir(results, { recursive: true });
  const result = { date, machine, versions, rows: tables.flatMap(({ rows }) => rows) };
  await writeFile(join(results, `${date}.json`), `${JSON.stringify(result, null, 2)}\n`);

  const { node, python, go } = versions;
  const by = `Node ${node}, Python ${python}, Go ${go}`;
  const said = `Measured on ${date} by \`npm run bench\`, all in one run, ${by}, on ${machine}.`;
  const further = others.map((one) => `${table(one)}\n`).join("\n");
  await writeFile(
    join(root, "docs/benchmarks.md"),
    `${page}${table(first)}\n\n${inEachLanguage}${further}\n${said}\n`,
  );
  const text = `${table(first)}\n\n${said}`;
  const readme = join(root, "README.md");
  const before = await readFile(readme, "utf8");
  const [head, rest] = before.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`README.md has no ${BEGIN} … ${END}`);
  await writeFile(readme, `${head}${BEGIN}\n${text}\n${END}${tail}`);
}

/** As the programs themselves say it; "none" where they are not here. */
function languageVersions() {
  const go = spawnSync("go", ["version"], { encoding: "utf8" });
  return {
    python: pythons().at(-1)?.version ?? "none",
    go: go.stdout?.match(/go(\d\S*)/)?.[1] ?? "none",
  };
}

const inEachLanguage = `## In each language

The same log and the same programs for all. Each reader is a process of its own that touches the bytes of every entry,
checks the number in its line, and has no other work. Reading is the median of 5 runs, taken in turns, and one run of
microsandbox, which takes more than a minute. Following is 3 runs of 1,000 lines, one every 5 ms, each with the time of its
writing in it; the median and the 99th percentile are the medians of those runs. microsandbox's Python client has no
blocking form, its Go client has no stream of a log and is not measured, and C has none.

`;

const page = `# Benchmarks

\`npm run bench\` measures Silt and its peers side by side: the same lines of 100 bytes, the same machine, the same
kind of sink. Absolute figures differ from machine to machine; the ratios are what to look at. Every speed stands
beside the entries that were lost and repeated on the way, which the reader tells from the numbers in the lines.

- Each reader in Node is a process of its own and touches the bytes of every entry.
- The command lines write into \`wc -l\`; the start of the process is included. Median of 5 runs, of 21 for the tail.
- Silt's log comes from a program whose output it captured, in the runtime \`process\`. microsandbox's log is written
  in its format by a script, since its machines do not start without hardware virtualisation.
- Following: Silt's time runs from the program's write, through capture and disk, to the callback. microsandbox's runs
  from the write to its log file, so its own capture is not in it.

`;
