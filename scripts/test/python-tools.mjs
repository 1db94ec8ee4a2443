import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { run } from "./command.mjs";

// What the tests are run with. The client itself needs nothing.
const tools = [
  "pytest==9.2.0",
  "mypy==2.4.1",
  "typing_extensions==4.16.0",
  "coverage==7.16.2",
  "ruff==0.17.5",
  "hatchling==1.33.0",
];

/**
 * The path of a tool in an environment with all of them, made anew when the list has changed.
 *
 * @param {string} python
 * @param {string} version
 * @returns {Promise<((name: string) => string) | null>}
 */
export async function pythonTools(python, version) {
  const place = join(root, "bindings/python/.venv", version);
  const mark = join(place, "installed.json");
  const wanted = JSON.stringify(tools);
  /** @param {string} name */
  const tool = (name) => join(place, "bin", name);
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return tool;
  mkdirSync(place, { recursive: true });
  const made = await run(python, ["-m", "venv", "--clear", place]);
  if (!made.succeeded) return null;
  const pip = await run(tool("python"), ["-m", "pip", "install", "--quiet", ...tools]);
  if (!pip.succeeded) return null;
  writeFileSync(mark, wanted);
  return tool;
}
