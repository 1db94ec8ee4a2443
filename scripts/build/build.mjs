import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { binding, executable, root } from "../paths.mjs";
import { cargoEnvironment } from "../toolchain.mjs";

/**
 * Builds all that runs: the command, the binding, the TypeScript packages. Without Rust, the TypeScript alone.
 *
 * @param {import("../toolchain.mjs").Toolchain | null} rust
 */
export async function build(rust) {
  if (rust) await buildNative(rust);
  await $({ cwd: root, preferLocal: root, stdio: "inherit" })`tsc -b`;
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
  await cargo`cargo build --profile ${profile} -p silt-cli`;
  const napi = $({ cwd: binding, env, preferLocal: root, stdio: "inherit" });
  await napi`napi build --platform --profile ${profile} --no-js --dts native.d.ts`;
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  await place(join(target, rust.host, profile, "silt"), executable);
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
