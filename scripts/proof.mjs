// The long proofs, too slow for every run of the tests:
//
//   npm run proof                       all of them
//   npm run proof -- --only torture     one, or several by commas
//   npm run proof -- --only fuzz --minutes 5 --target segment
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { root } from "./paths.mjs";
import { cargoEnvironment, findRust } from "./toolchain.mjs";

/** @param {string} script @param {string[]} args */
function run(script, ...args) {
  const path = join(root, "scripts", `${script}.mjs`);
  return spawnSync(process.execPath, [path, ...args], { stdio: "inherit" }).status === 0;
}

/**
 * Tests of a crate in their long form, with what they print.
 *
 * @param {string} crate
 * @param {string} tests the beginning of their names
 * @param {string[]} more
 */
function long(crate, tests, ...more) {
  const rust = findRust();
  if ("problem" in rust) {
    process.stderr.write(`${rust.problem}\n`);
    return false;
  }
  const args = ["test", "--release", "-p", crate, "--lib", ...more, tests];
  const env = cargoEnvironment(rust, { SILT_PROOF: "1" });
  const how = ["--", "--nocapture", "--test-threads=1"];
  return spawnSync("cargo", [...args, ...how], { cwd: root, env, stdio: "inherit" }).status === 0;
}

/** Loaded only when it is wanted: the others need nothing of it. */
async function fuzz() {
  const rust = findRust();
  if ("problem" in rust) {
    process.stderr.write(`${rust.problem}\n`);
    return false;
  }
  const minutes = Number(values.minutes ?? 60);
  return (await import("./fuzz/fuzz.mjs")).fuzz(rust, minutes, values.target?.split(","));
}

/** @type {Record<string, () => boolean | Promise<boolean>>} */
const proofs = {
  conformance: () => run("conformance"),
  durability: () => run("durability"),
  // Both, also where the first fails.
  faults: () =>
    [long("silt-log", "trouble::faults"), long("silt-sandbox", "trouble::faults")].every(Boolean),
  fuzz,
  interleavings: () => long("silt-log", "trouble::interleavings"),
  model: () => long("silt-log", "trouble::model::random_histories"),
  mutations: () => long("silt-log", "trouble::mutations", "--features", "mutations"),
  power: () => long("silt-log", "trouble::model::losses_of_power"),
  torture: () => run("torture", "--minutes", "10", "--seed", "1"),
};

const { values } = parseArgs({
  options: { only: { type: "string" }, minutes: { type: "string" }, target: { type: "string" } },
});
bootstrap();
const chosen = values.only?.split(",") ?? Object.keys(proofs);
const unknown = chosen.filter((name) => !Object.hasOwn(proofs, name));
if (unknown.length > 0) {
  process.stderr.write(`No such proof: ${unknown}. There are: ${Object.keys(proofs).join(", ")}\n`);
  process.exit(2);
}
for (const name of chosen) {
  process.stderr.write(`Proof: ${name}\n`);
  if (!(await proofs[name]?.())) {
    process.stderr.write(`${name} failed\n`);
    process.exitCode = 1;
  }
}
