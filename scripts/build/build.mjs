import { copyFile, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { binding, executable, library, root, testPrograms } from "../paths.mjs";
import { step } from "../step.mjs";
import { cargoEnvironment } from "../toolchain.mjs";

/**
 * Builds all that runs: the command, the binding, the TypeScript packages. Without Rust, the TypeScript alone.
 *
 * @param {import("../toolchain.mjs").Toolchain | null} rust
 */
export async function build(rust) {
  if (rust) {
    await buildNative(rust);
    await buildLibrary(rust);
    await buildTestPrograms(rust);
  }
  await step($({ cwd: root, preferLocal: root, stdio: "inherit" })`tsc -b`);
}

/**
 * Builds the command and the binding, and puts both into the binding's folder.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @param {"release" | "dist"} [profile] cargo's: one for all work, and one for what is published
 */
export async function buildNative(rust, profile = "release") {
  const env = cargoEnvironment(rust);
  const cargo = $({ cwd: root, env, stdio: "inherit" });
  await step(cargo`cargo build --profile ${profile} -p silt-cli`);
  const napi = $({ cwd: binding, env, preferLocal: root, stdio: "inherit" });
  await step(napi`napi build --platform --profile ${profile} --no-js --dts native.d.ts`);
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  await place(join(target, rust.host, profile, "silt"), executable);
}

/**
 * Builds the C library, shared and static, and puts it where its headers' programs look for it.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @param {"release" | "dist"} [profile]
 */
export async function buildLibrary(rust, profile = "release") {
  const cargo = $({ cwd: root, env: cargoEnvironment(rust), stdio: "inherit" });
  await step(cargo`cargo build --profile ${profile} -p silt-c`);
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  await mkdir(library, { recursive: true });
  for (const name of ["libsilt.so", "libsilt.a"]) {
    await place(join(target, rust.host, profile, name), join(library, name));
  }
}

/**
 * Builds the programs that tests run in sandboxes, which keep account of what they write.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 */
async function buildTestPrograms(rust) {
  const cargo = $({ cwd: root, env: cargoEnvironment(rust), stdio: "inherit" });
  await step(cargo`cargo build --release -p silt-test-programs`);
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  await mkdir(testPrograms, { recursive: true });
  for (const name of ["print-lines", "print-random", "follow-log", "write-log"]) {
    await place(join(target, rust.host, "release", name), join(testPrograms, name));
  }
}

/**
 * A running supervisor keeps its executable busy, so it is replaced by rename and never written over.
 *
 * @param {string} from
 * @param {string} to
 */
async function place(from, to) {
  await copyFile(from, `${to}.new`);
  await rename(`${to}.new`, to);
}
