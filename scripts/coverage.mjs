// Lines covered by tests, by package and crate.
//
//   npm run coverage
import { bootstrap } from "./bootstrap.mjs";

const rust = bootstrap();
const { build } = await import("./build/build.mjs");
const { coverRust } = await import("./coverage/rust.mjs");
const { coverTypeScript } = await import("./coverage/typescript.mjs");

await build(rust);
const rows = [...(await coverTypeScript()), ...(rust ? await coverRust(rust) : [])];
const width = Math.max(...rows.map(({ name }) => name.length));
for (const { name, covered, lines } of rows) {
  const share = lines === 0 ? 0 : (100 * covered) / lines;
  process.stdout.write(
    `${name.padEnd(width)}  ${share.toFixed(1).padStart(5)} %  of ${lines} lines\n`,
  );
}
