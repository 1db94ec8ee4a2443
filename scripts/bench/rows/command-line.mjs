import { spawnSync } from "node:child_process";
import { median } from "../median.mjs";

/** @typedef {import("./row.mjs").Row} Row */

/** @param {string[]} command @param {number} times @param {number} lines how many it must print */
function seconds(command, times, lines) {
  const shell = 'exec 3>&1; "$@" | wc -l >&3';
  const taken = Array.from({ length: times }, () => {
    const began = performance.now();
    const { status, stdout } = spawnSync("sh", ["-c", shell, "sh", ...command], {
      encoding: "utf8",
    });
    const elapsed = (performance.now() - began) / 1000;
    if (status !== 0 || Number(stdout) !== lines) {
      throw new Error(`${command.join(" ")} printed ${stdout.trim()} lines and not ${lines}`);
    }
    return elapsed;
  });
  return median(taken);
}

/**
 * The command line into a pipe, the start of the process included.
 *
 * @param {Record<string, (...args: string[]) => string[] | null>} commands by program; null where it has no such option
 * @param {number} count
 * @returns {Row[]}
 */
export function commandLineRows(commands, count) {
  const entries = Object.entries(commands);
  /** @param {number} times @param {number} lines @param {string[]} args */
  const figures = (times, lines, args) =>
    Object.fromEntries(
      entries.flatMap(([peer, command]) => {
        const line = command(...args);
        return line ? [[peer, { value: 1000 * seconds(line, times, lines) }]] : [];
      }),
    );
  const common = /** @type {const} */ ({ unit: "ms", better: "lower" });
  return [
    {
      id: "cli-text",
      what: `Command line, all ${count.toLocaleString("en")} entries into a pipe`,
      ...common,
      figures: figures(5, count, []),
    },
    {
      id: "cli-json",
      what: "… as JSON",
      ...common,
      figures: figures(5, count, ["--json"]),
    },
    {
      id: "cli-tail",
      what: "Command line, the last 10 entries",
      ...common,
      figures: figures(21, 10, ["--tail", "10"]),
    },
  ];
}
