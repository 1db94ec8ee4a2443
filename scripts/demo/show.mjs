import { styleText } from "node:util";

/** @typedef {import("@silt/sandbox").LogEntry} LogEntry */

/** @type {Record<LogEntry["source"], "green" | "yellow" | "cyan" | "magenta">} */
const colours = { stdout: "green", stderr: "yellow", output: "cyan", system: "magenta" };
const coloured = colourWanted();

/** @type {string | null} the source of a line that is not at its end yet */
let open = null;

function colourWanted() {
  if (process.env.NO_COLOR) return false;
  return process.stdout.isTTY === true || Boolean(process.env.FORCE_COLOR);
}

/** Shows an entry as it comes, in the colour of its source. @param {LogEntry} entry */
export function show(entry) {
  const { source } = entry;
  const goesOn = open === source && (entry.part === "middle" || entry.part === "last");
  const before = open !== null && !goesOn ? "\n" : "";
  const label = goesOn ? "" : `${source.padEnd(6)} │ `;
  const text = `${label}${entry.line}`;
  const unfinished = entry.part === "first" || entry.part === "middle";
  open = unfinished ? source : null;
  const shown = coloured ? styleText(colours[source], text, { validateStream: false }) : text;
  process.stdout.write(`${before}${shown}${unfinished ? "" : "\n"}`);
}

/** Says what the demo itself does. @param {string} text */
export function say(text) {
  const shown = coloured ? styleText("bold", text, { validateStream: false }) : text;
  process.stdout.write(`${open === null ? "" : "\n"}── ${shown}\n`);
  open = null;
}
