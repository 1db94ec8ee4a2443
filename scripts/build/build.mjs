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
  await $({ cwd: root, stdio: "inherit" })`npx --no-install tsc -b`;
}

/** @param {import("../toolchain.mjs").Toolchain} rust */
async function buildNative(rust) {
  const env = cargoEnvironment(rust);
  await $({ cwd: root, env, stdio: "inherit" })`cargo build --release --locked -p silt-cli`;
  await $({ cwd: binding, env, stdio: "inherit" })`npm run --silent build`;
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  await place(join(target, rust.host, "release/silt"), executable);
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
