import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../paths.mjs";

/**
 * A task of docs/tasks.md.
 *
 * @typedef {object} Task
 * @property {string} title
 * @property {string} name of its programs' files
 * @property {string} before shell that was run before its programs
 * @property {string[]} prints what each run prints, one after another
 * @property {Record<string, string>} programs by language, as Markdown names it
 */

/** @param {string} text @returns {[language: string, code: string][]} */
function blocks(text) {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) => [
    language,
    code,
  ]);
}

/** The tasks of docs/tasks.md, and the header that its programs in C share. */
function read() {
  const page = readFileSync(join(root, "docs/tasks.md"), "utf8");
  const [head = "", ...sections] = page.split(/^## /m);
  const header = blocks(head).find(([language]) => language === "c")?.[1] ?? "";
  return { header, tasks: sections.map(taskOf) };
}

/** @param {string} section @returns {Task} */
function taskOf(section) {
  const title = section.split("\n", 1)[0] ?? "";
  const all = blocks(section);
  /** @param {string} wanted */
  const of = (wanted) => all.filter(([language]) => language === wanted).map(([, code]) => code);
  const programs = all.filter(([language]) => !["sh", "text"].includes(language));
  return {
    title,
    name: `task${Number.parseInt(title, 10)}`,
    before: of("sh").join("\n"),
    prints: of("text"),
    programs: Object.fromEntries(programs),
  };
}

export const { header, tasks } = read();

/** Whether this is what the page shows, where `…` stands for anything. @param {string} shown @param {string} printed */
export function isAsShown(shown, printed) {
  const pattern = shown.split("…").map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join("[^\n]+")}$`).test(printed);
}
