import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { $ } from "zx";
import { root } from "../paths.mjs";
import { step } from "../step.mjs";
import { cargoEnvironment } from "../toolchain.mjs";
import { llvm } from "./llvm.mjs";

/** @typedef {import("./row.mjs").Row} Row */

const target = join(root, "target/coverage");
const profiles = join(target, "profiles");
const tests = [
  ...["--release", "--workspace", "--exclude", "silt-node"],
  ...["--lib", "--bins", "--tests"],
];

/**
 * Runs the tests of all crates with instrumented code, in a target folder of its own.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @returns {Promise<{ environment: Record<string, string>, rows: () => Promise<Row[]> }>} With `environment` the
 *   tests of other languages run the same code; `rows` counts all that ran until it is called.
 */
export async function coverRust(rust) {
  const tools = { profdata: await llvm("llvm-profdata"), cov: await llvm("llvm-cov") };
  await rm(profiles, { recursive: true, force: true });
  await mkdir(profiles, { recursive: true });
  // Counted in a mapped file (%c), so that killed processes and agents count as well.
  const profile = { LLVM_PROFILE_FILE: join(profiles, "%p-%m%c.profraw") };
  const env = cargoEnvironment(rust, {
    ...profile,
    CARGO_TARGET_DIR: target,
    RUSTFLAGS:
      "-C instrument-coverage -C llvm-args=-runtime-counter-relocation --cfg silt_coverage",
  });
  const built = await $({
    ...{ cwd: root, env, stdio: ["ignore", "pipe", "inherit"], quiet: true },
  })`cargo test ${tests} --no-run --message-format=json`;
  const cargo = $({ cwd: root, env, stdio: "inherit" });
  await step(cargo`cargo build --release -p silt-c -p silt-cli`);
  await step(cargo`cargo test ${tests} --no-fail-fast`);

  const made = join(target, rust.host, "release");
  const library = join(made, "libsilt.so");
  return {
    environment: { ...profile, SILT_LIBRARY: library, SILT_EXECUTABLE: join(made, "silt") },
    // Of a function that several have, the first one counts; the tests of the library itself call few.
    rows: () => counted(tools, [library, ...executables(built.stdout)]),
  };
}

/** @param {{ profdata: string, cov: string }} tools @param {string[]} programs */
async function counted({ profdata, cov }, programs) {
  const merged = join(target, "merged.profdata");
  const raw = (await readdir(profiles)).map((name) => join(profiles, name));
  // By a file: there are more of them than arguments may hold.
  const list = join(target, "profiles.txt");
  await writeFile(list, `${raw.join("\n")}\n`);
  await $`${profdata} merge --sparse --input-files=${list} -o ${merged}`;
  const objects = programs.flatMap((file) => ["--object", file]);
  const exported = await $({
    quiet: true,
  })`${cov} export --summary-only --instr-profile ${merged} ${objects}`;
  return byCrate(JSON.parse(exported.stdout));
}

/** @param {string} messages of cargo, one JSON a line */
function executables(messages) {
  const files = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line).executable)
    .filter((file) => typeof file === "string");
  return [...new Set(/** @type {string[]} */ (files))];
}

/** @param {{ data: { files: { filename: string, summary: { lines: { count: number, covered: number } } }[] }[] }} report */
function byCrate(report) {
  /** @type {Map<string, Row>} */
  const crates = new Map();
  for (const { filename, summary } of report.data.flatMap(({ files }) => files)) {
    const name = crate(relative(root, filename));
    if (!name) continue;
    const row = crates.get(name) ?? { name, covered: 0, lines: 0 };
    row.covered += summary.lines.covered;
    row.lines += summary.lines.count;
    crates.set(name, row);
  }
  return [...crates.values()].sort((a, b) => a.name.localeCompare(b.name));
}

// Programs that only tests run are tests.
/** @param {string} path */
function crate(path) {
  if (path.startsWith("bindings/c/src/")) return "silt-c";
  const name = path.match(/^crates\/([^/]+)\/src\//)?.[1];
  return name === "silt-test-programs" || name === "silt-faults" ? undefined : name;
}
