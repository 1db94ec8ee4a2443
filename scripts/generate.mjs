// Writes what is generated from the one definition in crates/silt-interface:
//
//   npm run generate              interface.json, the C header, and what each language has from them
//   npm run generate -- --check   fails when a committed file is not what would be written
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { root } from "./paths.mjs";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const rust = bootstrap();
const { emitInterface } = await import("./generate/interface.mjs");
const { emitHeader } = await import("./generate/header.mjs");
const { languages } = await import("./generate/languages.mjs");

const definition = "crates/silt-interface/interface.json";
const text = rust ? await emitInterface(rust) : await readFile(join(root, definition), "utf8");
/** @type {Record<string, string>} */
const files = Object.assign(
  { [definition]: text },
  rust ? await emitHeader(rust) : {},
  ...languages.map((language) => language(JSON.parse(text))),
);

const stale = [];
for (const [name, wanted] of Object.entries(files)) {
  const path = join(root, name);
  const present = await readFile(path, "utf8").catch(() => "");
  if (present === wanted) continue;
  stale.push(name);
  if (!values.check) await writeFile(path, wanted);
}
if (values.check && stale.length > 0) {
  process.stderr.write(`Stale: ${stale.join(", ")}. Run: npm run generate\n`);
  process.exitCode = 1;
} else {
  const done = values.check ? "up to date" : `${stale.length} written`;
  process.stdout.write(`${Object.keys(files).length} generated files: ${done}\n`);
}
