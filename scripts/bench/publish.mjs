import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { table } from "./report.mjs";

/** @typedef {import("./rows/row.mjs").Row} Row */

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/**
 * Writes the result as JSON, the table into docs/benchmarks.md, and the same table into README.md.
 *
 * @param {Row[]} rows
 * @param {Record<string, string>} programs
 */
export async function publish(rows, programs) {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}`;
  const versions = { node: process.versions.node, ...programs };
  const results = join(root, "bench/results");
  await mkdir(results, { recursive: true });
  const result = { date, machine, versions, rows };
  await writeFile(join(results, `${date}.json`), `${JSON.stringify(result, null, 2)}\n`);

  const said = `Measured on ${date} by \`npm run bench\`, all in one run, Node ${process.versions.node}, on ${machine}.`;
  const text = `${table(rows, programs)}\n\n${said}`;
  await writeFile(join(root, "docs/benchmarks.md"), `${page}${text}\n`);
  const readme = join(root, "README.md");
  const before = await readFile(readme, "utf8");
  const [head, rest] = before.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`README.md has no ${BEGIN} … ${END}`);
  await writeFile(readme, `${head}${BEGIN}\n${text}\n${END}${tail}`);
}

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
