// Puts the cases of conformance/ to this client; what it is asked and answers is in conformance/README.md.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { errorToJson } from "./convert.mjs";
import { reading, ways } from "./reading.mjs";
import { sandboxes } from "./sandboxes.mjs";

const { version } = createRequire(import.meta.url)("@silt/sandbox/package.json");

/** @type {Record<string, (request: any) => Promise<object>>} */
const operations = {
  hello: async () => ({ client: "typescript", version, ways }),
  ...reading,
  ...sandboxes,
};

/** @param {string} line */
async function answer(line) {
  const { id, op, ...request } = JSON.parse(line);
  try {
    const operation = operations[op];
    if (!operation) throw new Error(`there is no operation ${op}`);
    return { id, ok: await operation(request) };
  } catch (error) {
    return { id, error: errorToJson(error) };
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
});
