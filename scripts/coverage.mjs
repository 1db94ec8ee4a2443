// Lines covered by tests, by package and crate. Fails where a share is too small.
//
//   npm run coverage
import { bootstrap } from "./bootstrap.mjs";

const rust = bootstrap();
const { build } = await import("./build/build.mjs");
const { coverC } = await import("./coverage/c.mjs");
const { coverGo } = await import("./coverage/go.mjs");
const { coverPython } = await import("./coverage/python.mjs");
const { coverRust } = await import("./coverage/rust.mjs");
const { coverTypeScript } = await import("./coverage/typescript.mjs");
const { table, tooFew } = await import("./coverage/row.mjs");

await build(rust);
const native = rust && (await coverRust(rust));
if (native) await coverC(native.environment);
const rows = [
  ...(await coverTypeScript()),
  ...(await coverPython(native?.environment ?? {})),
  ...(await coverGo(native?.environment ?? {})),
  ...(native ? await native.rows() : []),
];
process.stdout.write(table(rows));
const few = tooFew(rows);
if (few.length > 0) {
  process.stderr.write(`Too few of these are covered: ${few.join(", ")}\n`);
  process.exitCode = 1;
}
