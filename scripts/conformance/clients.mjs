import { join } from "node:path";
import { root } from "../paths.mjs";

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
];
