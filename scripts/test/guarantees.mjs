import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../paths.mjs";

/**
 * @typedef {object} NamedTest
 * @property {string} file from the top of the checkout
 * @property {string} name
 */

/**
 * The tests that a page names: each as `file` followed by its names, `` `file`: `name`, `name` ``.
 *
 * @param {string} page Markdown
 * @returns {NamedTest[]}
 */
export function namedTests(page) {
  /** @type {NamedTest[]} */
  const tests = [];
  let file = "";
  for (const [, code = ""] of page.matchAll(/`([^`\n]+)`/g)) {
    if (/^[\w./-]+\/[\w.-]+\.(rs|ts|mjs)$/.test(code)) file = code;
    else if (file !== "" && (/^[a-z0-9]+(_[a-z0-9]+){2,}$/.test(code) || code.startsWith("test: ")))
      tests.push({ file, name: code.replace("test: ", "") });
  }
  return tests;
}

/** Whether the test is in its file. @param {NamedTest} named */
export async function isThere({ file, name }) {
  const text = await readFile(join(root, file), "utf8").catch(() => "");
  return file.endsWith(".rs") ? new RegExp(`fn ${name}\\(`).test(text) : text.includes(name);
}
