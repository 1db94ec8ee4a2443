// Sets up and builds what is missing, runs all suites one after another, and ends with their totals.
//
//   npm test                          everything
//   npm test -- --only clippy,tsc     suites whose names contain one of these
//   npm test -- --package @silt/NAME  what tests one package (npm test -w @silt/NAME)
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";

const { values } = parseArgs({
  options: { only: { type: "string" }, package: { type: "string" } },
});
const rust = bootstrap();
const { build } = await import("./build/build.mjs");
const { suites } = await import("./test/suites.mjs");
const { runSuites } = await import("./test/run-suites.mjs");

const only = values.only?.split(",");
const chosen = suites(rust).filter(
  (suite) =>
    (!only || only.some((part) => suite.name.includes(part))) &&
    (!values.package || suite.package === values.package),
);
if (chosen.length === 0) {
  const names = suites(rust).map((suite) => suite.name);
  process.stderr.write(`No suite fits. There are: ${names.join("; ")}\n`);
  process.exit(2);
}

await build(rust);
process.exitCode = await runSuites(chosen);
