import { join } from "node:path";
import { root } from "../paths.mjs";
import { pythonEnvironment, pythons } from "../python.mjs";
import { prepareC } from "./c.mjs";
import { prepareGo } from "./golang.mjs";

/**
 * @typedef {object} Client
 * @property {string} name
 * @property {() => Promise<Started | { missing: string }>} prepare builds what is needed, or says what is missing
 *
 * @typedef {{ program: string, args: string[] }} Started how its agent is started
 */

/** Every client that there is. @type {Client[]} */
export const clients = [
  {
    name: "typescript",
    prepare: async () => ({
      program: process.execPath,
      args: [join(root, "packages/sandbox/conformance-agent/agent.mjs")],
    }),
  },
  {
    name: "python",
    prepare: async () => {
      const python = pythons().at(-1);
      if (!python) return { missing: "Python 3.10 or later on the PATH" };
      const found = Object.entries(pythonEnvironment).map(([name, value]) => `${name}=${value}`);
      const agent = join(root, "bindings/python/conformance/agent.py");
      return { program: "env", args: [...found, python.path, agent] };
    },
  },
  { name: "c", prepare: prepareC },
  { name: "go", prepare: prepareGo },
];
