import { mkdir, readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { $, which } from "zx";
import { root } from "../paths.mjs";
import { cargoEnvironment } from "../toolchain.mjs";

const advice =
  "Coverage of Rust needs llvm-profdata and llvm-cov of rustc's own LLVM version: " +
  "rustup component add llvm-tools, or Debian's package llvm-22.";

/** @param {string} tool */
async function llvm(tool) {
  for (const name of [tool, `${tool}-22`]) {
    const found = await which(name, { nothrow: true });
    if (found) return found;
  }
  throw new Error(`${tool} is not on the PATH. ${advice}`);
}

/**
 * Runs the tests of all crates with instrumented code, in a target folder of its own.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @returns {Promise<{ name: string, covered: number, lines: number }[]>}
 */
export async function coverRust(rust) {
  const [profdata, cov] = [await llvm("llvm-profdata"), await llvm("llvm-cov")];
  const target = join(root, "target/coverage");
  const profiles = join(target, "profiles");
  await rm(profiles, { recursive: true, force: true });
  await mkdir(profiles, { recursive: true });
  const env = cargoEnvironment(rust, {
    CARGO_TARGET_DIR: target,
    // Counted in a mapped file (%c), so that killed processes and agents count as well.
    RUSTFLAGS:
      "-C instrument-coverage -C llvm-args=-runtime-counter-relocation --cfg silt_coverage",
    LLVM_PROFILE_FILE: join(profiles, "%p-%m%c.profraw"),
  });
  const cargo = $({ cwd: root, env, stdio: ["ignore", "pipe", "inherit"], quiet: true });
  const tests = [
    "--release",
    "--workspace",
    "--exclude",
    "silt-node",
    "--lib",
    "--bins",
    "--tests",
  ];
  const built = await cargo`cargo test ${tests} --no-run --message-format=json`;
  await $({ cwd: root, env, stdio: "inherit" })`cargo test ${tests} --no-fail-fast`;

  const merged = join(target, "merged.profdata");
  const raw = (await readdir(profiles)).map((name) => join(profiles, name));
  await $`${profdata} merge --sparse ${raw} -o ${merged}`;
  const objects = executables(built.stdout).flatMap((file) => ["--object", file]);
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
  /** @type {Map<string, { name: string, covered: number, lines: number }>} */
  const crates = new Map();
  for (const { filename, summary } of report.data.flatMap(({ files }) => files)) {
    const name = relative(root, filename).match(/^crates\/([^/]+)\/src\//)?.[1];
    if (!name) continue;
    const row = crates.get(name) ?? { name, covered: 0, lines: 0 };
    row.covered += summary.lines.covered;
    row.lines += summary.lines.count;
    crates.set(name, row);
  }
  return [...crates.values()].sort((a, b) => a.name.localeCompare(b.name));
}
